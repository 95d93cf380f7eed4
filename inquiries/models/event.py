"""What happened to a request, in order: never changed, only added to."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inquiries.models.choices import ContactMethod, IntakeChannel
from inquiries.models.inquiry import Inquiry
from inquiries.models.ledger_chain import ChainLink, keyed_hash
from inquiries.models.sealed import SealedField
from inquiries.outcomes import Outcome
from inquiries.states import (
    RELEASE_REASONS,
    AttemptResult,
    EmergencyHelp,
    IdentityCheck,
    Proof,
    Urgency,
    WaitReason,
)
from inquiries.submission import Submission

if TYPE_CHECKING:
    from inquiries.models.encryption_keys import DataKey


class Event(ChainLink):
    """One thing that happened to a request, or that somebody read it."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received"
        ADDED = "added", "Sent again with changes"
        UNPROVEN = "unproven", "Sent again with changes, by whom is not proven"
        WROTE = "wrote", "Message"
        REPLIED = "replied", "Message to the sender"
        JUDGED = "judged", "Said whether we answered her"
        ATTEMPTED = "attempted", "Attempt to reach her"
        CLEARED = "cleared", "Cleared from quarantine"
        LINK_ASKED = "link_asked", "New private link to be mailed"
        LINKED = "linked", "Private link given out"
        UNLINKED = "unlinked", "Private links taken back"
        LINKS_ENDED = "links_ended", "Private links ended: too many wrong details"
        UNDELIVERED = "undelivered", "Mail could not be delivered"
        CLAIMED = "claimed", "Claimed"
        RELEASED = "released", "Released"
        REASSIGNED = "reassigned", "Handed over"
        TAKEN_OVER = "taken_over", "Taken over"
        CONNECTED = "connected", "Conversation"
        WAITED = "waited", "Set aside"
        WOKEN = "woken", "Taken up again"
        DUPLICATE_LINKED = "duplicate_linked", "Linked as a duplicate"
        DUPLICATE_UNLINKED = "duplicate_unlinked", "Unlinked from a duplicate"
        GRADED = "graded", "Urgency set"
        ESCALATED = "escalated", "Deadline passed, leads told"
        HANDED_OVER = "handed_over", "Handed over to emergency help"
        NOTED = "noted", "Note added"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"
        ERASED = "erased", "Erased"
        READ = "read", "Read"
        BOUND = "bound", "Bound in the ledger as it stood"

    #: These leave the request as it is; they may have met an older version of it.
    CHANGE_NOTHING = frozenset({Kind.READ, Kind.LINKED, Kind.UNLINKED, Kind.ESCALATED, Kind.BOUND})
    #: Where nobody of us did these, the portal itself did, by the clock or by a mail that failed.
    _BY_ITSELF = frozenset(
        {
            Kind.UNPROVEN,
            Kind.LINKED,
            Kind.LINKS_ENDED,
            Kind.UNDELIVERED,
            Kind.RELEASED,
            Kind.WOKEN,
            Kind.ESCALATED,
            Kind.REOPENED,
            Kind.BOUND,
        }
    )

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    # The version of the request that this event made, or met where it only read.
    version = models.PositiveIntegerField()
    # Keyed hashes of what the verb wrote: see `ledger.bindings`. Null for a reading, which writes
    # nothing, and for events of the releases before.
    bound = models.JSONField(null=True)

    class Meta(ChainLink.Meta):
        ordering = ("inquiry", "number")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "number"], name="event_has_its_place"),
            models.CheckConstraint(condition=Q(version__gt=0), name="event_version_counts"),
        ]
        indexes = [
            # What one account read, newest first.
            models.Index(fields=["by", "-at"], condition=Q(kind="read"), name="event_read_by"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.number} {self.kind}"

    @property
    def actor_words(self) -> str:
        """Who did it, with the word that leads there; empty where nobody did."""
        if self.by:
            return f"by {self.by}"
        if self.detail.get("reason") == "retention":
            return "because it was kept as long as we may"
        return "" if self.kind in self._BY_ITSELF else "from the sender"

    @property
    def result_words(self) -> str:
        """Of an attempt and the like, in words; empty where its kind says all."""
        in_words = _WHAT_CAME_OF_IT.get(self.kind)
        return in_words(self.detail) if in_words else ""

    @property
    def has_submission(self) -> bool:
        """Whether what was sent with it still is: of an erased request, only the event is left."""
        return self.kind == self.Kind.RECEIVED or hasattr(self, "addition")

    def content(self) -> list[Any]:
        return [
            *("event", self.inquiry_id, self.number, self.version),
            *(self.kind, self.at, self.by_id, self.detail),
            *([] if self.bound is None else [self.bound]),
        ]


def _attempt(said: dict[str, Any]) -> str:
    return f"{ContactMethod(said['method']).label.lower()}, {AttemptResult(said['reached']).label}"


def _conversation(said: dict[str, Any]) -> str:
    return f"{ContactMethod(said['method']).label.lower()}, {IdentityCheck(said['identity']).label}"


def _waiting(said: dict[str, Any]) -> str:
    until = timezone.localtime(datetime.fromisoformat(said["until"]))
    return f"until {until:%A %-d %B, %H:%M}. {WaitReason(said['why']).label}"


_WHAT_CAME_OF_IT: dict[str, Callable[[dict[str, Any]], str]] = {
    Event.Kind.ATTEMPTED: _attempt,
    Event.Kind.CONNECTED: _conversation,
    Event.Kind.ADDED: lambda said: Proof(said["proof"]).label if "proof" in said else "",
    Event.Kind.WAITED: _waiting,
    Event.Kind.GRADED: lambda said: Urgency(said["urgency"]).label.lower(),
    Event.Kind.HANDED_OVER: lambda said: EmergencyHelp(said["to"]).label,
    Event.Kind.ESCALATED: lambda said: said["clock"].replace("_", " "),
    Event.Kind.RELEASED: lambda said: RELEASE_REASONS.get(said.get("why", ""), ""),
    Event.Kind.DUPLICATE_LINKED: lambda said: f"of {said['reference']}",
    Event.Kind.JUDGED: lambda said: "yes" if said["answered"] else "no",
    Event.Kind.CLOSED: lambda said: Outcome(said["outcome"]).label if "outcome" in said else "",
    Event.Kind.RECEIVED: lambda said: (
        IntakeChannel(said["channel"]).label if "channel" in said else ""
    ),
}


class SealedWords(models.Model):
    """Words that came with an event, sealed like the request itself; erased with it."""

    class Meta:
        abstract = True
        default_permissions = ()

    event: Any

    @property
    def data_key(self) -> "DataKey":
        key: DataKey = self.event.inquiry.data_key
        return key

    @property
    def seal_context(self) -> str:
        return f"{self.event.inquiry_id}/{self.event.number}"


class Note(SealedWords):
    """What a coordinator wrote for her colleagues. The patient never sees it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="note")
    text = SealedField()

    class Meta(SealedWords.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=b""), name="note_says_something")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Addition(SealedWords):
    """The same form sent again with other words, kept whole beside the first sending.

    What came with an event of kind ADDED counts from then on: the sender was proven. What came with
    UNPROVEN never does.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="addition")
    content_digest = models.CharField(max_length=64)
    # A Submission as JSON.
    written = SealedField()

    class Meta(SealedWords.Meta):
        pass

    def __str__(self) -> str:
        return f"addition {self.pk}"

    @cached_property
    def submission(self) -> Submission:
        return Submission.from_json(self.written)

    @property
    def sending(self) -> Inquiry:
        """What was sent, to be shown like a request; never saved."""
        return Inquiry(**self.submission.inquiry_fields())


class Message(SealedWords):
    """What she wrote to us on her private page, or we to her. Both sides see it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="message")
    text = SealedField()

    class Meta(SealedWords.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=b""), name="message_says_something")
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Receipt(models.Model):
    """That a request was accepted. It stands alone, so that a request cannot vanish without it.

    The database refuses to change or delete one.
    """

    inquiry_id = models.UUIDField(unique=True)
    reference = models.CharField(max_length=14)
    at = models.DateTimeField()
    mac = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"receipt of {self.reference}"

    def expected_mac(self, key: bytes) -> str:
        return keyed_hash(key, ["receipt", self.inquiry_id, self.reference, self.at])
