"""Text that comes with an event: notes, forms sent again, messages."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from inquiries.models.event import Event
from inquiries.models.inquiry import Inquiry
from inquiries.models.sealed import SealedField
from inquiries.submission import Submission

if TYPE_CHECKING:
    from inquiries.models.encryption_keys import DataKey


class SealedWords(models.Model):
    """Text that came with an event, sealed like the request itself and erased with it."""

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
    """A coordinator's note to colleagues. The patient never sees it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="note")
    text = SealedField()

    class Meta(SealedWords.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=b""), name="note_says_something")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Addition(SealedWords):
    """The same form sent again with changes, kept in full next to the first sending.

    An addition with an ADDED event counts from then on, because the sender was proven. One with an
    UNPROVEN event never counts.
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
        """What was sent, as an unsaved request to display."""
        return Inquiry(**self.submission.inquiry_fields())


class Message(SealedWords):
    """A message between the sender and us on the private page. Both sides see it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="message")
    text = SealedField()

    class Meta(SealedWords.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(text=b""), name="message_says_something")
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
