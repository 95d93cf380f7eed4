"""One request to speak with a Care Coordinator."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category, Revision
from inquiries.contact_details import email_addresses
from inquiries.durations import format_duration
from inquiries.models import words
from inquiries.models.answers import Answers
from inquiries.models.choices import (
    Authority,
    ContactMethod,
    IntakeChannel,
    Language,
    Relation,
    Voicemail,
)
from inquiries.models.erasure import ERASED_FIELDS_EMPTY
from inquiries.models.ledger_chain import Chain
from inquiries.models.querysets import Among, InquiryQuerySet, is_burst
from inquiries.models.sealed import SealedField
from inquiries.outcomes import Outcome
from inquiries.states import OPEN, OWNED, UNOWNED, SpamSignal, State, Urgency


class Inquiry(Answers, Chain):
    """What somebody asked of us, how to reach them, and where it stands.

    Changed by the verbs of `intake` and `triage` only; `version` counts the changes, so that a page
    opened before one cannot undo it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What the sender reads to us over the phone: see `reference`.
    reference = models.CharField(max_length=14, unique=True)
    # SHA-256 of the form's idempotency key: the same form sent twice is one request. Null once
    # erased: who sends it again then means a new one.
    key_digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - several
    # Keyed hash of what was sent, by which a second sending with other words is told from a retry.
    content_digest = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="inquiries"
    )
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    version = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=10, choices=IntakeChannel, default=IntakeChannel.WEB)
    # Why it was held to be a machine's, of suspicion.Sign, comma-separated; empty for most.
    suspicion = models.CharField(max_length=80, blank=True)
    # No mail goes out for it by itself: the signs were enough, and nobody has looked yet.
    mails_held = models.BooleanField(default=False, db_default=False)
    # Several of one network in a short time: one row of the queue, until this one is taken up.
    burst = models.UUIDField(null=True)
    # Words that may mean danger stood in it: for a person to judge.
    urgent = models.BooleanField(default=False)
    # What its deadlines follow: suggested by those words until somebody has chosen.
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    is_graded = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    # Of the next thing we owe; what else runs is in `clocks`.
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # When one that waits is taken up again, by itself.
    wakes_at = models.DateTimeField(null=True)
    # The same person asked before, or somebody for them: both stay, and each is answered for.
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", db_index=False
    )
    # When the same form last came again with other words: see Addition.
    added_at = models.DateTimeField(null=True)
    # When the sender last wrote to us, and when one of us last reached them, or wrote.
    wrote_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # What the sender says: whether their questions were answered.
    said_answered = models.BooleanField(null=True)
    # Since when a mail to the sender waits for somebody to look, because it could not be delivered.
    undelivered_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    # Where the sender was reading, and what it is about.
    article = models.ForeignKey(Article, models.PROTECT, null=True)
    # The words that they had before them, which may have changed since.
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="+", null=True, db_index=False
    )
    topic = models.ForeignKey(Category, models.PROTECT, null=True)
    consent_version = models.CharField(max_length=20)

    relation = models.CharField(max_length=20, choices=Relation, blank=True)
    authority = models.CharField(max_length=20, choices=Authority, blank=True)
    full_name = SealedField(max_length=200)
    pronouns = SealedField(max_length=40, blank=True, default=b"", db_default=b"")
    patient_name = SealedField(max_length=200, blank=True)
    contact_method = models.CharField(max_length=10, choices=ContactMethod, blank=True)
    # As typed: see `phones`. `phone_e164` is the first number in it, for machines.
    phone = SealedField(max_length=60, blank=True)
    phone_e164 = SealedField(max_length=20, blank=True)
    email = SealedField(max_length=254, blank=True)
    shared_phone = models.BooleanField(default=False)
    shared_email = models.BooleanField(default=False)
    # The sender said that the address is right, though it looked mistyped: see `hints`.
    email_checked = models.BooleanField(default=False)
    # Six digits that the sender was shown: they open the private page, beside the link.
    page_code = SealedField(max_length=6, blank=True)
    never_contact = SealedField(max_length=500, blank=True)
    voicemail = models.CharField(max_length=20, choices=Voicemail, blank=True)
    # Several of BestTime, comma-separated; empty means any time.
    best_time = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, choices=Language, blank=True)
    interpreter = models.BooleanField(default=False)
    interpreter_language = SealedField(max_length=60, blank=True)
    message = SealedField()

    objects = InquiryQuerySet.as_manager()

    #: Keyed hash of the row as the verb at work met it, for its event; None for a new one.
    met: str | None = None
    is_just_stored = False  # by this process, just now, and not found again

    class Meta:
        verbose_name = _("request")
        default_permissions = ("view",)
        permissions = [
            ("triage_inquiry", _("Can claim, note, release, and close requests")),
            ("lead_inquiry", _("Can release and close requests that others have claimed")),
            ("erase_inquiry", _("Can erase requests")),
            ("report_inquiry", _("Can see the reports and export them")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="inquiry_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="inquiry_urgency_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OWNED, owner__isnull=False)
                | Q(state__in=[*UNOWNED], owner__isnull=True)
                | Q(state__in=[State.CLOSED, State.ERASED]),
                name="inquiry_claimed_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, wakes_at__isnull=False)
                | ~Q(state=State.WAITING) & Q(wakes_at__isnull=True),
                name="inquiry_waiting_wakes",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=models.F("id")),
                name="inquiry_is_no_duplicate_of_itself",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False, outcome__in=Outcome.values)
                | Q(state__in=[State.QUARANTINED, *OPEN], closed_at__isnull=True, outcome="")
                | Q(state=State.ERASED),
                name="inquiry_closed_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ERASED) | ~Q(full_name=b"") & ~Q(message=b""),
                name="inquiry_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ERASED) | ~Q(phone=b"") | ~Q(email=b""),
                name="inquiry_can_be_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ERASED) & Q(erased_at__isnull=True)
                | Q(state=State.ERASED, erased_at__isnull=False) & ERASED_FIELDS_EMPTY,
                name="inquiry_erased_says_nothing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state__in=OPEN), name="inquiry_open_by_due"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(state=State.NEW), name="inquiry_new_by_due"
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(state__in=OWNED),
                name="inquiry_claimed_by_due",
            ),
            models.Index(
                fields=["wakes_at", "id"],
                condition=Q(state=State.WAITING),
                name="inquiry_waiting_by_time",
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="inquiry_duplicates",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=State.QUARANTINED),
                name="inquiry_quarantined_by_due",
            ),
            models.Index(
                fields=["burst", "due_at", "id"],
                condition=Q(burst__isnull=False),
                name="inquiry_of_burst",
            ),
            models.Index(
                fields=["undelivered_at"],
                condition=Q(undelivered_at__isnull=False),
                name="inquiry_undelivered",
            ),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=Q(state=State.CLOSED),
                name="inquiry_closed_newest",
            ),
            # What a report counts of a range of days is read from these two alone.
            models.Index(fields=["received_at", "topic", "article"], name="inquiry_by_receipt"),
            models.Index(
                fields=["closed_at", "outcome"],
                condition=Q(closed_at__isnull=False),
                name="inquiry_by_end",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for us."""
        return self.state in OPEN

    @property
    def spam_signal_labels(self) -> list[str]:
        """Why it was held to be a machine's, in words."""
        return [str(SpamSignal(each).label) for each in self.suspicion.split(",") if each]

    @property
    def is_suspect(self) -> bool:
        """Whether a person may say of it that it is a machine's, before anybody has claimed it."""
        if self.state != State.NEW:
            return self.state == State.QUARANTINED
        return self.mails_held or is_burst(self.burst)

    @property
    def awaits_answer(self) -> bool:
        """Whether the next word is ours."""
        since = self.wrote_at or self.received_at
        return self.is_open and (self.answered_at is None or self.answered_at < since)

    @property
    def is_to_be_reached(self) -> bool:
        """Whether its contact plan says what comes next."""
        is_ours = self.state in {State.CLAIMED, State.CONNECTED} and self.awaits_answer
        return is_ours and self.undelivered_at is None

    @property
    def next_step(self) -> str:
        """What somebody should do with it now, in a few words; empty where nothing is to do.

        By the way that the sender asked for first: see `next_step` for the plan's word.
        """
        if self.undelivered_at:
            return str(words.EMAIL_FAILED)
        if self.is_to_be_reached:
            chosen = ContactMethod(self.contact_method) if self.contact_method else None
            return str(words.HOW_TO_ANSWER[chosen] if chosen else words.ANSWER_SOMEHOW)
        if self.state in {State.CLAIMED, State.CONNECTED}:
            return str(words.CLOSE_OR_WAIT)
        return str(words.NEXT_STEP_LABELS.get(State(self.state), ""))

    @property
    def needs_smtputf8(self) -> bool:
        """Whether mail reaches the sender only through servers that take any letter."""
        return email_addresses.needs_smtputf8(self.email)

    @property
    def seal_context(self) -> str:
        return str(self.pk)

    @property
    def outcome_word(self) -> str:
        """The outcome without its explanation."""
        return str(Outcome(self.outcome).end.word) if self.outcome else ""

    @property
    def due_in_short(self) -> str:
        """“in 3 h”, “overdue by 2 h”: of the next thing we owe."""
        now = timezone.now()
        if self.due_at < now:
            return words.OVERDUE_BY % {"span": format_duration(now - self.due_at)}
        return words.DUE_IN % {"span": format_duration(self.due_at - now)}


Inquiry._meta.get_field("state").register_lookup(Among)
