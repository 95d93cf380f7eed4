"""A request that its owner offers to a colleague, such as at the end of a shift."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inquiries.models.inquiry import Inquiry
from inquiries.states import OWNED


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        return self.filter(result="")

    def live(self) -> Self:
        """Open, and still about what the one who offered it owns."""
        return self.open().filter(inquiry__owner=F("offered_by"), inquiry__state__among=OWNED)

    def for_page(self) -> Self:
        """The next to be answered first, with what a list shows."""
        return (
            self.select_related("inquiry__data_key", "offered_by", "offered_to")
            .defer("inquiry__message")
            .order_by("answer_by", "id")
        )


class Offer(models.Model):
    """Until it is accepted, the request stays with its owner. The word with it is a Note."""

    class Result(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        # The request was closed, released, or moved in another way.
        MOOT = "moot", _("no longer needed")

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="offers", db_index=False)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers_made"
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers_got"
    )
    # The event that says so; its note has the word for the colleague.
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    # After this, the owner and the leads are told that nobody has answered.
    answer_by = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"], condition=Q(result=""), name="offer_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(result="", settled_at__isnull=True)
                | Q(
                    result__in=["accepted", "declined", "withdrawn", "moot"],
                    settled_at__isnull=False,
                ),
                name="offer_is_settled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["inquiry"], name="offer_of_inquiry"),
            models.Index(
                fields=["answer_by"],
                condition=Q(result="", told_at__isnull=True),
                name="offer_to_be_told",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"
