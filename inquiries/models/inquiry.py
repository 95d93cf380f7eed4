"""One request to speak with a Care Coordinator."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category, Revision
from inquiries.contact_details import email_addresses
from inquiries.models.answers import Answers
from inquiries.models.choices import (
    Authority,
    ContactMethod,
    Helped,
    IntakeChannel,
    Language,
    Relation,
    Voicemail,
)
from inquiries.models.erasure import ERASED_FIELDS_EMPTY
from inquiries.models.labels import Labelled
from inquiries.models.ledger_chain import Chain
from inquiries.models.querysets import Among, InquiryQuerySet, is_burst
from inquiries.models.report_indexes import REPORT_INDEXES
from inquiries.models.sealed import SealedField
from inquiries.models.stored_plan import StoredPlan
from inquiries.outcomes import Outcome
from inquiries.states import OPEN, OWNED, UNOWNED, SpamSignal, State, Urgency

#: Columns with an index of their own over open requests, keyed by what the index is called.
FILTERED_BY = {
    "way": "planned_way",
    "language": "current_language",
    "urgency": "urgency",
    "topic": "topic",
}


class Inquiry(Answers, Labelled, StoredPlan, Chain):
    """What someone asked us for, how to reach them, and the state of the request.

    Only the verbs of `intake` and `triage` change it. `version` counts the changes, so that a stale
    page cannot undo one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The code that the sender reads to us over the phone: see `reference`.
    reference = models.CharField(max_length=14, unique=True)
    # SHA-256 of the form's idempotency key: the same form sent twice is one request. Null once
    # erased, so that the same form sent after that is a new request.
    key_digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - several
    # Keyed hash of what was sent, to tell a retry from a second sending with changes.
    content_digest = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="inquiries"
    )
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    version = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=10, choices=IntakeChannel, default=IntakeChannel.WEB)
    # Why it was flagged as possible spam: SpamSignal values, comma-separated; usually empty.
    suspicion = models.CharField(max_length=80, blank=True)
    # No automatic mail goes out for it: there were enough spam signals, and no one has checked yet.
    mails_held = models.BooleanField(default=False, db_default=False)
    # Several from one network in a short time share a row of the queue until this one is taken up.
    burst = models.UUIDField(null=True)
    # It contained words that may mean danger; a person must judge.
    urgent = models.BooleanField(default=False)
    # Its deadlines follow this. Those words suggest a value until someone sets it.
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    is_graded = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    # For the next thing we owe; all running deadlines are in `clocks`.
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    wakes_at = models.DateTimeField(null=True)  # when a waiting request resumes by itself
    # An earlier request by the same person, or for them. Both stay, and both are accounted for.
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", db_index=False
    )
    # When the same form last came again with changes: see Addition.
    added_at = models.DateTimeField(null=True)
    # When the sender last wrote to us, and when one of us last reached or wrote to them.
    wrote_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # Whether the sender says that their questions were answered.
    said_answered = models.BooleanField(null=True)
    # What they said after it was closed, asked once; gone when the request is erased.
    helped = models.CharField(max_length=10, choices=Helped, blank=True, default="", db_default="")
    lead_asked_at = models.DateTimeField(null=True)  # since when a colleague waits for a lead
    # Since when an undeliverable mail to the sender has been waiting for someone to look at it.
    undelivered_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    # The article the sender was reading, and its topic.
    article = models.ForeignKey(Article, models.PROTECT, null=True)
    # The revision they saw; the article may have changed since.
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
    # As typed: see `phone_numbers`. `phone_e164` is the first number in it, for machines.
    phone = SealedField(max_length=60, blank=True)
    phone_e164 = SealedField(max_length=20, blank=True)
    email = SealedField(max_length=254, blank=True)
    shared_phone = models.BooleanField(default=False)
    shared_email = models.BooleanField(default=False)
    # The sender confirmed an address that looked mistyped: see `email_typos`.
    email_checked = models.BooleanField(default=False)
    # Six digits shown to the sender; together with the link, they open the private page.
    page_code = SealedField(max_length=6, blank=True)
    never_contact = SealedField(max_length=500, blank=True)
    voicemail = models.CharField(max_length=20, choices=Voicemail, blank=True)
    # BestTime values, comma-separated; empty means any time.
    best_time = models.CharField(max_length=40, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, choices=Language, blank=True)
    interpreter = models.BooleanField(default=False)
    interpreter_language = SealedField(max_length=60, blank=True)
    message = SealedField()

    objects = InquiryQuerySet.as_manager()

    #: Keyed hash of the row as the current verb found it, for its event; None for a new one.
    met: str | None = None
    is_just_stored = False  # stored just now by this process, rather than found

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
                fields=["due_at", "received_at", "id"],
                condition=Q(state__in=OPEN),
                name="inquiry_open_by_due",
            ),
            models.Index(
                fields=["due_at", "received_at", "id"],
                condition=Q(state=State.NEW),
                name="inquiry_new_by_due",
            ),
            models.Index(
                fields=["owner", "due_at", "received_at", "id"],
                condition=Q(state__in=OWNED),
                name="inquiry_claimed_by_due",
            ),
            models.Index(
                fields=["wakes_at", "received_at", "id"],
                condition=Q(state=State.WAITING),
                name="inquiry_waiting_by_time",
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="inquiry_duplicates",
            ),
            models.Index(
                fields=["due_at", "received_at", "id"],
                condition=Q(state=State.QUARANTINED),
                name="inquiry_quarantined_by_due",
            ),
            models.Index(
                fields=["burst", "due_at", "received_at", "id"],
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
            # What the queue can be filtered by, in its order.
            *(
                models.Index(
                    fields=[column, "due_at", "received_at", "id"],
                    condition=Q(state__in=OPEN),
                    name=f"inquiry_open_by_{name}",
                )
                for name, column in FILTERED_BY.items()
            ),
            # What the worker has to renew.
            models.Index(
                fields=["replan_at"],
                condition=Q(replan_at__isnull=False),
                name="inquiry_to_replan",
            ),
            models.Index(
                fields=["id"], condition=Q(index_version__isnull=True), name="inquiry_to_index"
            ),
            *REPORT_INDEXES,
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether someone is waiting for us."""
        return self.state in OPEN

    @property
    def spam_signal_labels(self) -> list[str]:
        """Why it was flagged as possible spam, in words."""
        return [str(SpamSignal(each).label) for each in self.suspicion.split(",") if each]

    @property
    def is_suspect(self) -> bool:
        """Whether staff may mark it as spam or not spam, before anyone has claimed it."""
        if self.state != State.NEW:
            return self.state == State.QUARANTINED
        return self.mails_held or is_burst(self.burst)

    @property
    def awaits_answer(self) -> bool:
        """Whether the sender is waiting for an answer from us."""
        since = self.wrote_at or self.received_at
        return self.is_open and (self.answered_at is None or self.answered_at < since)

    @property
    def needs_smtputf8(self) -> bool:
        """Whether mail to the sender needs servers that accept non-ASCII addresses."""
        return email_addresses.needs_smtputf8(self.email)

    @property
    def seal_context(self) -> str:
        return str(self.pk)

    @property
    def outcome_word(self) -> str:
        """The outcome without its explanation."""
        return str(Outcome(self.outcome).end.word) if self.outcome else ""


Inquiry._meta.get_field("state").register_lookup(Among)
