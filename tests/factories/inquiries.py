"""Requests and related objects, made through the intake and triage verbs."""

from collections.abc import Set as AbstractSet
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from articles.models import (
    Article,
    Category,
)
from inquiries import privacy, private_links
from inquiries.intake import bursts, corrections, reception
from inquiries.intake.arrival import Arrival, Correction
from inquiries.intake.consent import CURRENT_CONSENT_VERSION
from inquiries.ledger import audit_trail
from inquiries.mail import staff_notices
from inquiries.models import (
    AccessLink,
    Addition,
    AnchorCopy,
    AuditEntry,
    AuditTrail,
    BounceCount,
    CalendarLink,
    CannedReply,
    Clock,
    ContactMethod,
    CrisisScript,
    DangerPhrase,
    DataKey,
    Delivery,
    EndedVisit,
    Event,
    GuessCount,
    IndexEntry,
    Inquiry,
    Job,
    Message,
    Note,
    Notice,
    Offer,
    Origin,
    PurposeKey,
    Receipt,
    SavedView,
)
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import (
    ErasureReason,
    IdentityCheck,
    Proof,
    SpamSignal,
    State,
    WaitReason,
)
from inquiries.submission import Sender, Submission
from inquiries.triage import calendar_link, offers, steps
from portal.models import Role, User
from tests.factories.portal import make_staff

_numbers = count(1)


#: A browser that sends the form for the first time.
FIRST = Sender(ticket="of-the-browser-that-sent-it-first")


def again() -> Sender:
    """Return the same browser, which has seen its confirmation."""
    return Sender(shown=FIRST.ticket)


def make_submission(**fields: Any) -> Submission:
    words = {
        "relation": "self",
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "(202) 555-0100",
        "phone_e164": "+12025550100",
        "voicemail": "none",
        "language": "en",
        "message": "I would like to understand my test results.",
        "consent_version": CURRENT_CONSENT_VERSION,
    }
    return Submission(**{**words, **fields})


def make_inquiry(
    state: State = State.NEW,
    *,
    owner: User | None = None,
    key: str = "",
    article: Article | None = None,
    topic: Category | None = None,
    topic_name: str = "",
    sender: Sender | None = None,
    network: str = "",
    signals: AbstractSet[SpamSignal] = frozenset(),
    **fields: Any,
) -> Inquiry:
    inquiry = reception.receive_inquiry(
        make_submission(topic=topic_name, **fields),
        Arrival(
            key=key or uuid4().hex,
            sender=sender or Sender(),
            article=article,
            topic=topic,
            signals={SpamSignal.TRAP} if state == State.QUARANTINED else signals,
            network=bursts.hash_network(network),
        ),
    )
    if state in {State.NEW, State.QUARANTINED}:
        return inquiry
    owner = owner or make_staff(Role.COORDINATOR)
    inquiry = steps.claim(inquiry, version=inquiry.version, by=owner)
    if state == State.CLAIMED:
        return inquiry
    if state == State.CONNECTED:
        how = {"method": ContactMethod.PHONE, "identity": IdentityCheck.REFERENCE}
        return steps.log_conversation(inquiry, **how, version=inquiry.version, by=owner)
    if state == State.WAITING:
        until = timezone.now() + timedelta(days=3)
        why = WaitReason.PAPERS
        return steps.set_aside(inquiry, until=until, why=why, version=inquiry.version, by=owner)
    inquiry = steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=owner)
    if state == State.CLOSED:
        return inquiry
    by = make_staff(Role.PRIVACY)
    return privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by
    )


def correct(inquiry: Inquiry, submission: Submission, **more: Any) -> Inquiry:
    """Correct a request as the sender does on the private page."""
    return corrections.correct_inquiry(
        inquiry, submission, Correction(proven=Proof.PRIVATE_PAGE, **more)
    )


def make_event() -> Event:
    return make_inquiry().events.get()


def make_note() -> Note:
    inquiry = make_inquiry()
    by = make_staff(Role.COORDINATOR)
    steps.add_note(inquiry, text="Call after five.", version=inquiry.version, by=by)
    return Note.objects.get(event__inquiry=inquiry)


def make_addition() -> Addition:
    key = uuid4().hex
    make_inquiry(key=key, sender=FIRST)
    inquiry = make_inquiry(
        key=key, sender=again(), phone="(202) 555-0199", phone_e164="+12025550199"
    )
    return Addition.objects.get(event__inquiry=inquiry)


def make_message() -> Message:
    return Message.objects.get(
        event__inquiry=correspondence.write_message(make_inquiry(), text="Hello?")
    )


def make_accesslink() -> AccessLink:
    inquiry = make_inquiry()
    private_links.create_link(inquiry)
    return inquiry.links.get()


def make_endedvisit() -> EndedVisit:
    private_links.end_visit("of-a-visit-that-was-left")
    return EndedVisit.objects.get()


def make_origin(**fields: Any) -> Origin:
    return make_inquiry(network="203.0.113.9", **fields).origin


def make_savedview(**fields: Any) -> SavedView:
    kept: dict[str, Any] = {"name": "Spanish calls", "filters": {"view": "open", "language": "es"}}
    owner = fields.pop("owner", None) or make_staff(Role.COORDINATOR)
    return SavedView.objects.create(**{**kept, "owner": owner, **fields})


def make_guesscount() -> GuessCount:
    return GuessCount.objects.create(inquiry=make_inquiry(), is_known=False)


def make_delivery(**fields: Any) -> Delivery:
    inquiry = make_inquiry(**{"contact_method": "email", "email": "ana@example.org", **fields})
    return inquiry.deliveries.get()


def make_bouncecount() -> BounceCount:
    return BounceCount.objects.create(day=timezone.now().date(), result=BounceCount.Result.FAILED)


def make_job() -> Job:
    return Job.objects.create(name="tidy", due_at=timezone.now())


def make_dangerphrase() -> DangerPhrase:
    return DangerPhrase.objects.get_or_create(phrase="very ill", language="en")[0]


def make_receipt() -> Receipt:
    return Receipt.objects.get(inquiry_id=make_inquiry().pk)


def make_datakey() -> DataKey:
    return make_inquiry().data_key


def make_purposekey() -> PurposeKey:
    return PurposeKey.objects.get(purpose=PurposeKey.Purpose.INDEX)


def make_indexentry() -> IndexEntry:
    return IndexEntry.objects.filter(inquiry=make_inquiry())[0]


def make_auditentry(**fields: Any) -> AuditEntry:
    return audit_trail.record_entry(
        **{"kind": AuditEntry.Kind.SIGNED_IN, "by": make_staff(), **fields}
    )


def make_audittrail() -> AuditTrail:
    make_auditentry()
    return AuditTrail.objects.get()


def make_calendarlink(user: User | None = None) -> CalendarLink:
    user = user or make_staff(Role.COORDINATOR)
    calendar_link.create_link(user)
    return CalendarLink.objects.get(user=user)


def make_offer(inquiry: Inquiry | None = None) -> Offer:
    inquiry = inquiry or make_inquiry(State.CLAIMED)
    assert inquiry.owner
    return offers.offer_request(
        inquiry,
        to=make_staff(Role.COORDINATOR),
        word="They hear badly.",
        answer_by=timezone.now() + timedelta(hours=1),
        version=inquiry.version,
        by=inquiry.owner,
    )


def make_clock() -> Clock:
    return make_inquiry().clocks.get(kind=Clock.Kind.CLOSURE)


def make_notice(user: User | None = None, inquiry: Inquiry | None = None) -> Notice:
    user = user or make_staff(Role.COORDINATOR, email="colleague@example.org")
    staff_notices.queue_notice(Notice.Kind.ASSIGNED, inquiry or make_inquiry(), [user])
    return user.notices.get()


def make_cannedreply(**fields: Any) -> CannedReply:
    words = {"title": f"Reply {next(_numbers)}", "language": "en", "text": "Hello {name}."}
    return CannedReply.objects.create(**{**words, **fields})


def make_crisisscript(**fields: Any) -> CrisisScript:
    words = {"title": f"Danger {next(_numbers)}", "steps": "Stay.\nCall."}
    return CrisisScript.objects.create(**{**words, **fields})


def make_anchorcopy() -> AnchorCopy:
    number = next(_numbers)
    return AnchorCopy.objects.create(number=number, mac="0" * 64, line="")
