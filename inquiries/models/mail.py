"""How we and the sender of a request meet again: her private link, and the mails to her and us."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inquiries.models.inquiry import Inquiry


class AccessLink(models.Model):
    """A private link to one request. Of its token only a hash is kept: here nobody finds it."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="links")
    # SHA-256 of 256 random bits.
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # A link that is older opens nothing; neither does one that was taken back.
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Made for a mail: it ends with the address that it was sent to.
    mailed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"link {self.pk}"


class GuessCount(models.Model):
    """Wrong details entered at the door of one private page; see `guesses`.

    Counted here and not in the cache, which may forget, and loses count of guesses made at once;
    and not in the request's own row, which every verb writes whole.
    """

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="+", db_index=False)
    # Of browsers that opened the page before, or of all others.
    is_known = models.BooleanField()
    # In the last quarter of an hour and in the last day, with when that count began.
    recent = models.PositiveSmallIntegerField(default=0)
    recent_since = models.DateTimeField(null=True)
    today = models.PositiveSmallIntegerField(default=0)
    today_since = models.DateTimeField(null=True)
    # Since the last link was made after this count had ended them all.
    ever = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "is_known"], name="guess_count_once")
        ]

    def __str__(self) -> str:
        return f"guesses {self.pk}"


class Outgoing(models.Model):
    """A mail that is to be sent, and what became of it.

    Made in the transaction of what it tells; sent by the worker. It holds no address and no word:
    both are read when the mail is written.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Handed to the mail server"
        FAILED = "failed", "Failed for good"
        # There is nobody to send it to any more: the request was erased or says another way.
        DROPPED = "dropped", "Not needed any more"

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # When the worker may take it next. Moved ahead while one has it: of a killed one's, another
    # takes it up then.
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # What kind of failure the last attempt met: a code of ours, no word of a server.
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | Q(state__in=["sent", "failed", "dropped"], settled_at__isnull=False),
                name="%(class)s_is_settled_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waiting"), name="%(class)s_waiting"
            ),
            models.Index(
                fields=["settled_at"], condition=Q(state="failed"), name="%(class)s_failed"
            ),
        ]


class Delivery(Outgoing):
    """A mail to the sender of a request."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Confirmation that we have the request"
        REPLY = "reply", "Notice that we wrote to her"
        LINK = "link", "A new private link"
        CHANGED = "changed", "Word to the address before that contact details changed"
        ENDED = "ended", "Word that the private links ended"

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=Kind)
    # The private link in the last attempt; the one before it opens nothing any more.
    link = models.ForeignKey(
        AccessLink, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    # Keyed hash of the address, as `finding` has it, to count what goes to one; empty once erased.
    address = models.BinaryField(max_length=16, default=b"")
    # The event whose sending names the address; None for what counts when the mail is written.
    sent_with = models.ForeignKey(
        "Event", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(Outgoing.Meta):
        verbose_name_plural = "deliveries"
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["address", "-made_at"], name="delivery_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Notice(Outgoing):
    """A mail to one of us: that something wants her, by reference and link alone."""

    class Kind(models.TextChoices):
        URGENT = "urgent", "A new request may be urgent"
        ASSIGNED = "assigned", "A request was handed to you"
        WROTE = "wrote", "Somebody wrote again"
        DUE_SOON = "due_soon", "A deadline comes near"
        OVERDUE = "overdue", "A deadline has passed"
        CRISIS = "crisis", "Somebody was handed over to emergency help"
        DIGEST = "digest", "What the day brings"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    # None for the digest.
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, related_name="notices")

    class Meta(Outgoing.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Job(models.Model):
    """Something the worker does again and again, and when it last did. The worker itself is one."""

    name = models.CharField(primary_key=True, max_length=40)
    # When it may be begun next: who moves it ahead has it.
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Whether the last time ended well.
    went_well = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class DangerPhrase(models.Model):
    """A pattern of words that may mean that somebody is in danger now, for the clinic to edit."""

    class Kind(models.TextChoices):
        SELF_HARM = "self_harm", "Suicide or self-harm"
        ABUSE = "abuse", "Violence or abuse"
        HEART = "heart", "Heart"
        STROKE = "stroke", "Stroke or sudden confusion"
        BREATH = "breath", "Breathing"
        BLEEDING = "bleeding", "Bleeding"
        SEIZURE = "seizure", "Seizure"
        UNCONSCIOUS = "unconscious", "Fainting or unconscious"
        INFECTION = "infection", "Fever or infection"
        URINE = "urine", "No urine"
        POISONING = "poisoning", "Overdose, poison or allergy"
        OTHER = "other", "Other"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"

    kind = models.CharField(max_length=20, choices=Kind, db_default=Kind.OTHER, default=Kind.OTHER)
    # Written in the language of inquiries/danger/pattern_syntax.py.
    phrase = models.CharField("pattern", max_length=200, unique=True)
    language = models.CharField(max_length=10, choices=Language)

    class Meta:
        ordering = ("kind", "language", "phrase")
        default_permissions = ("view", "add", "change", "delete")

    def __str__(self) -> str:
        return self.phrase
