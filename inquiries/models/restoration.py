"""A restore of the database from a backup, and what the people concerned still have to do."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _


class RestorationQuerySet(models.QuerySet["Restoration"]):
    def open(self) -> Self:
        """Those whose mails are still held, the first one first."""
        return self.filter(released_at=None).order_by("id")

    def holding(self, made_at: OuterRef) -> Self:
        """Those that hold a mail made at this time: all of them until `after_restore` has run."""
        return self.open().filter(Q(done_at=None) | Q(noticed_at__gte=made_at))


class Restoration(models.Model):
    """A restore that was noticed. Mails made before it wait until a person releases them."""

    noticed_at = models.DateTimeField()
    # When `after_restore` had settled what was sent, and erased again what had been erased.
    done_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    # None if an operator did it, by the command.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = RestorationQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"restoration {self.pk}"


class MissingRequestQuerySet(models.QuerySet["MissingRequest"]):
    def unsettled(self) -> Self:
        return self.filter(settled_at=None).order_by("at", "id")


class MissingRequest(models.Model):
    """A request, or what its sender said later, that was acknowledged and is not in the database.

    It stays on the leads' start page until one of them has dealt with it.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", _("The whole request is missing")
        CHANGE = "change", _("Something the sender said later is missing")

    reference = models.CharField(max_length=14)
    kind = models.CharField(max_length=10, choices=Kind)
    # When it was acknowledged.
    at = models.DateTimeField()
    # The start of the event's keyed hash in the journal: one request may lack several things.
    mark = models.CharField(max_length=16, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MissingRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind", "mark"], name="missing_request_is_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
