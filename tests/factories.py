"""Things to test with, made as the portal itself makes them: through its verbs."""

from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from articles import publishing
from articles.models import Article, Category, SearchEntry
from articles.publishing import Content
from inquiries import audit, correspondence, intake, links, notices, privacy, triage
from inquiries.consent import CURRENT
from inquiries.models import (
    Absence,
    AccessLink,
    Addition,
    AuditEntry,
    AuditTrail,
    Calendar,
    CannedReply,
    Clock,
    ContactMethod,
    CrisisScript,
    DangerPhrase,
    DataKey,
    Delivery,
    Event,
    IndexEntry,
    Inquiry,
    Job,
    Message,
    Note,
    Notice,
    OpeningHours,
    PurposeKey,
    Receipt,
    ServiceLevel,
    SpecialDay,
)
from inquiries.states import ErasureReason, Identity, Outcome, Sign, State, Urgency, WaitReason
from inquiries.submission import Submission
from portal.models import Role, User

PASSWORD = "correct horse battery staple"

_numbers = count(1)


def make_staff(role: Role | str = "", **fields: Any) -> User:
    number = next(_numbers)
    details = {
        "username": f"{role or 'nobody'}-{number}",
        "first_name": "Demo",
        "last_name": f"{str(role).capitalize()} {number}",
        "is_staff": True,
    }
    return User.objects.create_user(password=PASSWORD, role=role, **{**details, **fields})


def make_category(name: str = "") -> Category:
    number = next(_numbers)
    return Category.objects.create(name=name or f"Topic {number}", slug=f"topic-{number}")


def make_content(**fields: Any) -> Content:
    number = next(_numbers)
    words = {
        "title": f"Kidney tests {number}",
        "slug": f"kidney-tests-{number}",
        "summary": "What a urine test shows, and what it does not.",
        "body": "## Protein\n\nA urine test can show **protein**.",
        "references": "Example A (2020). A made-up source.",
    }
    return Content(**{**words, **fields})


def make_draft(
    *, by: User | None = None, categories: list[Category] | None = None, **content: Any
) -> Article:
    return publishing.draft(
        make_content(**content),
        categories=[make_category()] if categories is None else categories,
        by=by or make_staff(Role.EDITOR),
    )


def make_article(
    *, reviewer: User | None = None, categories: list[Category] | None = None, **content: Any
) -> Article:
    """A published one."""
    draft = make_draft(categories=categories, **content)
    return publishing.publish(
        draft, version=draft.version, by=reviewer or make_staff(Role.REVIEWER)
    )


def make_search_entry() -> SearchEntry:
    return make_article().search_entry


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
        "consent_version": CURRENT,
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
    **fields: Any,
) -> Inquiry:
    inquiry = intake.receive(
        make_submission(topic=topic_name, **fields),
        key=key or uuid4().hex,
        article=article,
        topic=topic,
        signs={Sign.TRAP} if state == State.QUARANTINED else set(),
    )
    if state in {State.NEW, State.QUARANTINED}:
        return inquiry
    owner = owner or make_staff(Role.COORDINATOR)
    inquiry = triage.claim(inquiry, version=inquiry.version, by=owner)
    if state == State.CLAIMED:
        return inquiry
    if state == State.CONNECTED:
        how = {"method": ContactMethod.PHONE, "identity": Identity.REFERENCE}
        return triage.connect(inquiry, **how, version=inquiry.version, by=owner)
    if state == State.WAITING:
        until = timezone.now() + timedelta(days=3)
        why = WaitReason.PAPERS
        return triage.wait(inquiry, until=until, why=why, version=inquiry.version, by=owner)
    inquiry = triage.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=owner)
    if state == State.CLOSED:
        return inquiry
    by = make_staff(Role.PRIVACY)
    return privacy.erase(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by)


def make_event() -> Event:
    return make_inquiry().events.get()


def make_note() -> Note:
    inquiry = make_inquiry()
    by = make_staff(Role.COORDINATOR)
    triage.note(inquiry, text="Call after five.", version=inquiry.version, by=by)
    return Note.objects.get(event__inquiry=inquiry)


def make_addition() -> Addition:
    key = uuid4().hex
    make_inquiry(key=key)
    inquiry = make_inquiry(key=key, phone="(202) 555-0199", phone_e164="+12025550199")
    return Addition.objects.get(event__inquiry=inquiry)


def make_message() -> Message:
    return Message.objects.get(event__inquiry=correspondence.write(make_inquiry(), text="Hello?"))


def make_accesslink() -> AccessLink:
    inquiry = make_inquiry()
    links.make(inquiry)
    return inquiry.links.get()


def make_delivery(**fields: Any) -> Delivery:
    inquiry = make_inquiry(**{"contact_method": "email", "email": "ana@example.org", **fields})
    return inquiry.deliveries.get()


def make_job() -> Job:
    return Job.objects.create(name="tidy", due_at=timezone.now())


def make_dangerphrase() -> DangerPhrase:
    return DangerPhrase.objects.get_or_create(phrase="very ill", language="en")[0]


def make_absence(user: User | None = None, **days: date) -> Absence:
    today = timezone.localdate()
    user = user or make_staff(Role.COORDINATOR)
    return Absence.objects.create(user=user, **{"first_day": today, "last_day": today, **days})


def make_receipt() -> Receipt:
    return Receipt.objects.get(inquiry_id=make_inquiry().pk)


def make_datakey() -> DataKey:
    return make_inquiry().data_key


def make_purposekey() -> PurposeKey:
    return PurposeKey.objects.get(purpose=PurposeKey.Purpose.INDEX)


def make_indexentry() -> IndexEntry:
    return IndexEntry.objects.filter(inquiry=make_inquiry())[0]


def make_auditentry(**fields: Any) -> AuditEntry:
    return audit.record(**{"kind": AuditEntry.Kind.SIGNED_IN, "by": make_staff(), **fields})


def make_audittrail() -> AuditTrail:
    make_auditentry()
    return AuditTrail.objects.get()


def make_calendar() -> Calendar:
    return Calendar.objects.create(name=f"Hours {next(_numbers)}")


def make_openinghours(calendar: Calendar | None = None, **fields: Any) -> OpeningHours:
    day = {"weekday": 0, "opens": time(9), "closes": time(17)}
    return OpeningHours.objects.create(calendar=calendar or make_calendar(), **{**day, **fields})


def make_specialday(calendar: Calendar | None = None, **fields: Any) -> SpecialDay:
    day = {"day": date(2026, 12, 24), "name": "Christmas Eve"}
    return SpecialDay.objects.create(calendar=calendar or make_calendar(), **{**day, **fields})


def make_servicelevel() -> ServiceLevel:
    return ServiceLevel.objects.get(urgency=Urgency.ROUTINE)


def make_clock() -> Clock:
    return make_inquiry().clocks.get(kind=Clock.Kind.CLOSURE)


def make_notice(user: User | None = None, inquiry: Inquiry | None = None) -> Notice:
    user = user or make_staff(Role.COORDINATOR, email="colleague@example.org")
    notices.tell(Notice.Kind.ASSIGNED, inquiry or make_inquiry(), [user])
    return user.notices.get()


def make_cannedreply(**fields: Any) -> CannedReply:
    words = {"title": f"Reply {next(_numbers)}", "language": "en", "text": "Hello {name}."}
    return CannedReply.objects.create(**{**words, **fields})


def make_crisisscript() -> CrisisScript:
    return CrisisScript.objects.create(title=f"Danger {next(_numbers)}", steps="Stay.\nCall.")
