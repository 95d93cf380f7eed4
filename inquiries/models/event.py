"""What happened to a request, in order: an append-only record."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from inquiries.models import words
from inquiries.models.choices import ContactMethod, IntakeChannel
from inquiries.models.clock import Clock
from inquiries.models.inquiry import Inquiry
from inquiries.models.labels import Labelled
from inquiries.models.ledger_chain import ChainLink
from inquiries.models.mail import BounceReason
from inquiries.models.querysets import Among
from inquiries.models.report_indexes import REACHED_INDEX
from inquiries.models.task import ReferralAnswer, TaskState
from inquiries.outcomes import Outcome
from inquiries.states import (
    AttemptResult,
    EmergencyHelp,
    ErasureReason,
    IdentityCheck,
    Proof,
    State,
    Urgency,
    WaitReason,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Event(Labelled, ChainLink):
    """One thing that happened to a request, or one reading of it."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        ADDED = "added", _("Request changed")
        UNPROVEN = "unproven", _("Form sent again with changes by someone we couldn’t confirm")
        WROTE = "wrote", _("Message")
        REPLIED = "replied", _("Message to the sender")
        JUDGED = "judged", _("Feedback on our answer")
        HELPED = "helped", _("Feedback after closing")
        ATTEMPTED = "attempted", _("Attempt to reach the sender")
        CLEARED = "cleared", _("Marked as not spam")
        LINK_ASKED = "link_asked", _("New private link requested")
        LINKED = "linked", _("Private link created")
        UNLINKED = "unlinked", _("Private links turned off")
        LINKS_ENDED = "links_ended", _("Private links turned off after too many wrong details")
        UNDELIVERED = "undelivered", _("Email could not be delivered")
        CLAIMED = "claimed", _("Claimed")
        RELEASED = "released", _("Released")
        REASSIGNED = "reassigned", _("Handed over")
        TAKEN_OVER = "taken_over", _("Taken over")
        OFFERED = "offered", _("Offered to a colleague")
        OFFER_ENDED = "offer_ended", _("Offer ended")
        CONNECTED = "connected", _("Conversation logged")
        WAITED = "waited", _("Put on hold")
        WOKEN = "woken", _("Resumed")
        DUPLICATE_LINKED = "duplicate_linked", _("Linked as a duplicate")
        DUPLICATE_UNLINKED = "duplicate_unlinked", _("Unlinked from a duplicate")
        DUPLICATE_MARKED = "duplicate_marked", _("Closed as a duplicate")
        DUPLICATE_UNDONE = "duplicate_undone", _("No longer a duplicate")
        DUPLICATE_ADDED = "duplicate_added", _("A duplicate of it was closed")
        DUPLICATE_REMOVED = "duplicate_removed", _("A request is no longer a duplicate of it")
        TASKS_ADDED = "tasks_added", _("Tasks added")
        TASK_SETTLED = "task_settled", _("Task changed")
        TASK_GIVEN = "task_given", _("Task given to someone else")
        TASK_DUE = "task_due", _("Task due, and told")
        REFERRED = "referred", _("Referred")
        REFERRAL_ANSWERED = "referral_answered", _("Asked whether the referral arrived")
        GRADED = "graded", _("Urgency set")
        ESCALATED = "escalated", _("Deadline passed and leads notified")
        HANDED_OVER = "handed_over", _("Handed over to emergency help")
        NOTED = "noted", _("Note added")
        LEAD_ASKED = "lead_asked", _("A lead was asked")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        ERASED = "erased", _("Erased")
        READ = "read", _("Opened")
        BOUND = "bound", _("Recorded in the ledger as it was")

    #: These do not change the request, and may have been recorded against an older version of it.
    CHANGE_NOTHING = frozenset(
        {
            *(Kind.READ, Kind.LINKED, Kind.UNLINKED, Kind.ESCALATED, Kind.BOUND),
            *(Kind.TASK_DUE, Kind.OFFERED, Kind.OFFER_ENDED),
        }
    )
    #: If no colleague did these, the portal did, on a schedule or because a mail failed.
    _BY_ITSELF = frozenset(
        {
            Kind.UNPROVEN,
            Kind.LINKED,
            Kind.LINKS_ENDED,
            Kind.UNDELIVERED,
            Kind.RELEASED,
            Kind.WOKEN,
            Kind.ESCALATED,
            Kind.DUPLICATE_UNDONE,
            Kind.TASK_DUE,
            Kind.REOPENED,
            Kind.BOUND,
        }
    )
    #: Worded as “from the sender”; other kinds are worded as “by the sender”.
    _FROM_SENDER = frozenset({Kind.RECEIVED, Kind.WROTE, Kind.JUDGED, Kind.HELPED})
    #: By these we reached the sender for certain, or wrote what they can read.
    REACHED = (Kind.CONNECTED, Kind.HANDED_OVER, Kind.REPLIED)

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    # The request's version that this event made, or that a reading found.
    version = models.PositiveIntegerField()
    # Keyed hashes of what the verb wrote: see `ledger.bindings`. Null for a reading, which writes
    # nothing, and for events of earlier releases.
    bound = models.JSONField(null=True)

    class Meta(ChainLink.Meta):
        ordering = ("inquiry", "number")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "number"], name="event_has_its_place"),
            models.CheckConstraint(condition=Q(version__gt=0), name="event_version_counts"),
        ]
        indexes = [
            # For what one account read, newest first.
            models.Index(fields=["by", "-at"], condition=Q(kind="read"), name="event_read_by"),
            REACHED_INDEX,
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.number} {self.kind}"

    @property
    def headline(self) -> str:
        """What happened, and who did it if a person did."""
        what = {"what": self.get_kind_display()}
        if self.by:
            return words.BY_COLLEAGUE % (what | {"who": self.by})
        reason = self.detail.get("reason")
        by_nobody = reason in {ErasureReason.RETENTION, ErasureReason.KEY_LOST}
        if self.kind in self._BY_ITSELF or by_nobody or "repeated" in self.detail:
            return str(what["what"])
        return (words.FROM_SENDER if self.kind in self._FROM_SENDER else words.BY_SENDER) % what

    @property
    def summary(self) -> str:
        """The headline, plus the result if there is one."""
        if result := self.result_words:
            return words.WITH_RESULT % {"what": self.headline, "result": result}
        return self.headline

    @property
    def result_words(self) -> str:
        """The result in words, such as that of an attempt; empty if the kind says everything."""
        if self.kind == self.Kind.HELPED:  # only in the request, so that it is erased with it
            return str(self.inquiry.get_helped_display())
        in_words = _WHAT_CAME_OF_IT.get(self.kind)
        return str(in_words(self.detail)) if in_words else ""

    @property
    def state_label(self) -> str:
        """For a reading, the request's state at that time."""
        state = self.detail.get("state", "")
        return str(State(state).label) if state in State.values else ""

    @property
    def has_submission(self) -> bool:
        """Whether the sending that came with it is stored; erased requests keep only events."""
        return self.kind == self.Kind.RECEIVED or hasattr(self, "addition")

    def has_note(self, text: str) -> bool:
        """Whether the note that came with it says this; an empty text means that none came."""
        note = getattr(self, "note", None)
        return (note.text if note else "") == text

    def content(self) -> list[Any]:
        return [
            *("event", self.inquiry_id, self.number, self.version),
            *(self.kind, self.at, self.by_id, self.detail),
            *([] if self.bound is None else [self.bound]),
        ]


Event._meta.get_field("kind").register_lookup(Among)


def _attempt(said: dict[str, Any]) -> str:
    method, reached = ContactMethod(said["method"]), AttemptResult(said["reached"])
    return words.CONTACT % {"method": method.label, "result": reached.label}


def _conversation(said: dict[str, Any]) -> str:
    method, identity = ContactMethod(said["method"]), IdentityCheck(said["identity"])
    return words.CONTACT % {"method": method.label, "result": identity.label}


def _bounce(said: dict[str, Any]) -> "StrOrPromise":
    """Why it came back; empty if it was refused at once, and in events of earlier releases."""
    why = said.get("failure", "")
    return BounceReason(why).label if why in BounceReason.values else ""


def _waiting(said: dict[str, Any]) -> str:
    until = timezone.localtime(datetime.fromisoformat(said["until"]))
    return words.ON_HOLD % {
        "when": date_format(until, "WEEKDAY_TIME_FORMAT"),
        "why": WaitReason(said["why"]).label,
    }


_WHAT_CAME_OF_IT: "dict[str, Callable[[dict[str, Any]], StrOrPromise]]" = {
    Event.Kind.ATTEMPTED: _attempt,
    Event.Kind.CONNECTED: _conversation,
    Event.Kind.UNDELIVERED: _bounce,
    Event.Kind.ADDED: lambda said: (
        said["of"] if "of" in said else Proof(said["proof"]).label if "proof" in said else ""
    ),
    Event.Kind.WAITED: _waiting,
    Event.Kind.GRADED: lambda said: Urgency(said["urgency"]).label,
    Event.Kind.HANDED_OVER: lambda said: EmergencyHelp(said["to"]).label,
    Event.Kind.ESCALATED: lambda said: Clock.Kind(said["clock"]).label,
    Event.Kind.RELEASED: lambda said: words.RELEASE_REASONS.get(said.get("why", ""), ""),
    Event.Kind.DUPLICATE_LINKED: lambda said: said["reference"],
    Event.Kind.DUPLICATE_MARKED: lambda said: said["reference"],
    Event.Kind.DUPLICATE_ADDED: lambda said: said["reference"],
    Event.Kind.DUPLICATE_REMOVED: lambda said: said["reference"],
    Event.Kind.TASKS_ADDED: lambda said: words.COUNT_TASKS % {"count": said["count"]},
    Event.Kind.TASK_SETTLED: lambda said: TaskState(said["to"]).label,
    Event.Kind.REFERRAL_ANSWERED: lambda said: ReferralAnswer(said["answer"]).label,
    Event.Kind.OFFER_ENDED: lambda said: words.OFFER_RESULTS[said["result"]],
    Event.Kind.JUDGED: lambda said: words.JUDGED[said["answered"]],
    Event.Kind.CLOSED: lambda said: Outcome(said["outcome"]).label if "outcome" in said else "",
    Event.Kind.ERASED: lambda said: ErasureReason(said["reason"]).label if "reason" in said else "",
    Event.Kind.RECEIVED: lambda said: (
        IntakeChannel(said["channel"]).label if "channel" in said else ""
    ),
}
