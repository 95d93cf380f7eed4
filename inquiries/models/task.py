"""What colleagues still have to do for a request, and to whom they referred the patient."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inquiries.models.directory import DirectoryEntry
from inquiries.models.inquiry import Inquiry
from inquiries.models.sealed import SealedField
from inquiries.states import State

if TYPE_CHECKING:
    from inquiries.models.encryption_keys import DataKey
    from portal.models import User


class TaskState(models.TextChoices):
    OPEN = "open", _("To do again")
    DONE = "done", _("Done")
    CANCELED = "canceled", _("Canceled")


class ReferralAnswer(models.TextChoices):
    """What we heard of a referral."""

    NOT_YET = "not_yet", _("Not heard yet. Ask again")
    ARRIVED = "arrived", _("It arrived")
    APPOINTMENT = "appointment", _("An appointment was made")
    DECLINED = "declined", _("They declined, or it never arrived")


class CaseRow(models.Model):
    """A row with sealed text that belongs to a request, and that events change and bind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="%(class)ss")
    # What it says; for a referral, what was sent.
    text = SealedField()

    class Meta:
        abstract = True
        default_permissions = ()

    @property
    def data_key(self) -> "DataKey":
        key: DataKey = self.inquiry.data_key
        return key

    @property
    def seal_context(self) -> str:
        return f"{self.inquiry_id}/{self.pk}"


class Referral(CaseRow):
    """That we referred the patient to somebody, and what became of it."""

    to = models.ForeignKey(DirectoryEntry, models.PROTECT, related_name="referrals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=ReferralAnswer, default=ReferralAnswer.NOT_YET)

    class Meta(CaseRow.Meta):
        ordering = ("inquiry", "at", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(text=b""), name="referral_says_something")
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @property
    def is_settled(self) -> bool:
        return self.answer != ReferralAnswer.NOT_YET


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        """What is still to be done, the earliest due first; nothing of an erased request."""
        return self.filter(state=TaskState.OPEN).order_by("due_at", "id")

    def of(self, user: "User") -> Self:
        """Open tasks for this person: given to them by name, or of a request that they own."""
        return self.open().filter(Q(assignee=user) | Q(assignee__isnull=True, inquiry__owner=user))

    def of_nobody(self) -> Self:
        return self.open().filter(assignee__isnull=True, inquiry__owner__isnull=True)

    def blocking(self) -> Self:
        """Open tasks that must be canceled before their request can be closed."""
        return self.open().filter(referral__isnull=True)

    def to_tell(self, now: datetime) -> Self:
        return self.open().filter(tell_at__lte=now).order_by("tell_at", "id")

    def for_list(self) -> Self:
        """Load what a list shows, without the sealed text."""
        return self.select_related("assignee", "inquiry__owner").defer("text")


class Task(CaseRow):
    """Something to do for a request by a day or a time."""

    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    # Without a time, the end of that day at the clinic.
    due_at = models.DateTimeField()
    has_time = models.BooleanField(default=False)
    # Null for the owner of the request, whoever that is then.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="tasks"
    )
    # The referral that it asks about: it stays open when the request is closed.
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="tasks")
    # When the worker tells somebody next; null if there is nothing to tell.
    tell_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta(CaseRow.Meta):
        ordering = ("inquiry", "due_at", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(text=b""), name="task_says_something"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(
                    state__in=["done", "canceled"],
                    settled_at__isnull=False,
                    tell_at__isnull=True,
                ),
                name="task_is_settled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="task_open"),
            models.Index(
                fields=["tell_at", "id"], condition=Q(tell_at__isnull=False), name="task_to_tell"
            ),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def who(self) -> Any:
        """Return who has to do it; None if that is nobody."""
        return self.assignee or self.inquiry.owner

    @property
    def may_be_settled(self) -> bool:
        """Whether it is done by hand. A question about a referral ends with its answer."""
        return self.referral_id is None and self.inquiry.state != State.ERASED


class Checklist(models.Model):
    """Tasks that leads have prepared, to add to a request together."""

    title = models.CharField(
        _("title"),
        max_length=80,
        unique=True,
        error_messages={"unique": _("There is already a checklist with this title")},
    )

    class Meta:
        ordering = ("title",)
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="checklist_has_a_title")]

    def __str__(self) -> str:
        return self.title


class ChecklistItem(models.Model):
    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    text = models.CharField(_("what to do"), max_length=200)
    days = models.PositiveSmallIntegerField(
        _("days until it is due"), default=0, help_text=_("0 is the day on which it is added.")
    )

    class Meta:
        ordering = ("checklist", "days", "id")
        default_permissions = ()
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="checklist_item_says_something"),
            models.CheckConstraint(condition=Q(days__lte=365), name="checklist_item_within_a_year"),
        ]

    def __str__(self) -> str:
        return self.text
