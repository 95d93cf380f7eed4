"""Changes that one person proposes and a second person has to approve before readers see them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.category import no_control_character


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> "ProposalQuerySet":
        """Undecided proposals, longest waiting first."""
        return self.filter(decision="").order_by("proposed_at", "id")

    def for_staff(self) -> "ProposalQuerySet":
        return self.select_related("proposed_by", "decided_by")


class Proposal(models.Model):
    """Free text for readers, or the removal of a warning, that waits for a second person."""

    class Kind(models.TextChoices):
        STANDING = "standing", _("Status of a source")
        SOURCE = "source", _("Details of a source")
        TERM = "term", _("Glossary term")
        CATEGORY = "category", _("Category")
        CREDIT = "credit", _("Credit of a picture")
        ADDRESS = "address", _("Address of an article")
        RETIREMENT = "retirement", _("Reason for retiring an article")

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken_back", _("Withdrawn")
        REPLACED = "replaced", _("Replaced or out of date")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, editable=False)
    # The row that it changes; null for a new one. Not a foreign key: pictures can be deleted.
    target = models.UUIDField(null=True, editable=False)
    # The name of the row, for people.
    subject = models.CharField(_("what it changes"), max_length=500, editable=False)
    # Each field with its value before the change and after it.
    changes = models.JSONField(editable=False)
    # For colleagues.
    why = models.CharField(max_length=400, blank=True, editable=False)
    # Null if the worker noticed it while looking up sources.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decision = models.CharField(max_length=20, choices=Decision, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    # Why it was declined, for the person who proposed it.
    answer = models.CharField(
        max_length=400, blank=True, editable=False, validators=[no_control_character]
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change to approve")
        verbose_name_plural = _("changes to approve")
        ordering = ("-proposed_at", "id")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="approved")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="proposal_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_at__isnull=False),
                name="proposal_decided_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(decision="", target__isnull=False),
                name="proposal_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at", "id"], condition=Q(decision=""), name="proposal_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def after(self) -> dict[str, object]:
        """Each field with its proposed value."""
        return {name: after for name, (_, after) in self.changes.items()}

    @property
    def before(self) -> dict[str, object]:
        """Each field with its value at the time of the proposal."""
        return {name: before for name, (before, _) in self.changes.items()}
