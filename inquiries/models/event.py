"""What happened to a request, in order: never changed, only added to."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inquiries.models.inquiry import Inquiry


class Event(models.Model):
    """One thing that happened. It names no health information: words stand in Note and Addition."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received"
        ADDED = "added", "Sent again with changes"
        CLAIMED = "claimed", "Claimed"
        RELEASED = "released", "Released"
        NOTED = "noted", "Note added"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    # Null where the sender did it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The version of the request that this event made.
    version = models.PositiveIntegerField()
    # Codes only, such as {"outcome": "answered"}.
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "version"], name="event_one_per_version"),
            models.CheckConstraint(condition=Q(version__gt=0), name="event_version_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.version} {self.kind}"


class Note(models.Model):
    """What a coordinator wrote for her colleagues. The patient never sees it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="note")
    text = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Addition(models.Model):
    """The same form sent again with other words: she went back and corrected something.

    Kept whole beside the first sending; `content` is a Submission as JSON.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="addition")
    content_digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"addition {self.pk}"

    @property
    def sending(self) -> Inquiry:
        """What was sent, to be shown like a request; never saved."""
        return Inquiry(**{name: value for name, value in self.content.items() if name != "topic"})
