"""Things to test with, made as the portal itself makes them: through its verbs."""

from datetime import date, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

import PIL.Image
from django.utils import timezone
from django.utils.text import slugify

from articles import checking
from articles.checking.stage import STAGE_REQUIREMENTS
from articles.content import Content
from articles.editing import previews, publishing, reviewing, writing
from articles.images import processing
from articles.library import images as library_pictures
from articles.models import (
    Approval,
    Article,
    Authorship,
    Category,
    Feedback,
    Image,
    LivePage,
    OldAddress,
    PreviewLink,
    Reference,
    Revision,
    SearchEntry,
    Term,
)
from articles.models import Event as ArticleEvent
from articles.reading import feedback
from articles.rendering.library_snapshot import StudyDesign
from articles.stages import Stage
from inquiries import privacy, private_links
from inquiries.intake import reception
from inquiries.intake.consent import CURRENT_CONSENT_VERSION
from inquiries.ledger import audit_trail
from inquiries.mail import staff_notices
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
    GuessCount,
    HolidayYear,
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
from inquiries.private_page import correspondence
from inquiries.states import (
    ErasureReason,
    IdentityCheck,
    Outcome,
    Proof,
    SpamSignal,
    State,
    Urgency,
    WaitReason,
)
from inquiries.submission import Sender, Submission
from inquiries.triage import steps
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
    """Complete: every check that blocks is met."""
    number = next(_numbers)
    points = f"A urine test can show protein. [@{make_reference().key}]"
    if fields.get("stage") in STAGE_REQUIREMENTS:
        trials = [make_reference(f"trial-{year}", design=StudyDesign.RANDOMISED) for year in (1, 2)]
        points += f"\nThe treatment was studied. [{'; '.join(f'@{each.key}' for each in trials)}]"
    words: dict[str, Any] = {
        "title": f"Kidney tests {number}",
        "summary": "What a urine test shows, and what it does not.",
        "key_points": points,
        "body": "## Protein\n\nA urine test can show **protein**.",
        "stage": Stage.NONE,
    }
    return Content(**{**words, **fields})


def make_reference(key: str = "example-2020", **fields: Any) -> Reference:
    """A source of the library; the same key again is the same source."""
    words = {"authors": "Example A", "title": "A made-up source", "year": 2020, **fields}
    return Reference.objects.get_or_create(key=key, defaults=words)[0]


def make_term(name: str = "", **fields: Any) -> Term:
    name = name or f"term {next(_numbers)}"
    words = {"slug": slugify(name), "definition": "A made-up word.", **fields}
    return Term.objects.create(name=name, **words)


def make_draft(
    *,
    by: User | None = None,
    slug: str = "",
    categories: list[Category] | None = None,
    **content: Any,
) -> Article:
    return writing.create_draft(
        make_content(**content),
        slug=slug,
        categories=[make_category()] if categories is None else categories,
        interests="None",
        by=by or make_staff(Role.EDITOR),
    )


def submit(article: Article) -> Article:
    by = make_staff(Role.EDITOR)
    return reviewing.submit(article, version=article.version, by=by)


def approve(article: Article, *, reviewer: User | None = None) -> Article:
    """Submitted and approved."""
    if article.state == "draft":
        article = submit(article)
    return reviewing.approve(
        article,
        interests="None",
        attested=checking.ATTESTED,
        version=article.version,
        by=reviewer or make_staff(Role.REVIEWER),
    )


def make_article(
    *,
    reviewer: User | None = None,
    slug: str = "",
    categories: list[Category] | None = None,
    **content: Any,
) -> Article:
    """A published one."""
    draft = make_draft(slug=slug, categories=categories, **content)
    return publish(draft, reviewer=reviewer)


def publish(article: Article, *, reviewer: User | None = None) -> Article:
    """A draft, through all the steps."""
    reviewer = reviewer or make_staff(Role.REVIEWER)
    article = approve(article, reviewer=reviewer)
    return publishing.publish(article, version=article.version, by=reviewer)


def make_search_entry() -> SearchEntry:
    return make_article().search_entry


def make_livepage() -> LivePage:
    return make_article().page


def make_revision() -> Revision:
    return make_draft().head


def make_authorship() -> Authorship:
    return make_draft().head.authorships.get()


def make_approval() -> Approval:
    approval = make_article().approval
    assert approval
    return approval


def make_articleevent() -> ArticleEvent:
    return make_draft().events.get()


def make_oldaddress() -> OldAddress:
    article = make_article()
    writing.change_slug(
        article, slug=f"{article.slug}-new", version=article.version, by=make_staff(Role.EDITOR)
    )
    return article.old_addresses.get()


def make_previewlink() -> PreviewLink:
    return previews.create_preview_link(make_draft(), days=7, by=make_staff(Role.EDITOR))[0]


def make_feedback() -> Feedback:
    article = make_article()
    feedback.count_answer(article, number=1, choice=Feedback.Answer.YES, on=date(2026, 1, 1))
    return article.head.feedback.get()


def make_photo(width: int = 400, height: int = 300, kind: str = "JPEG", **options: Any) -> bytes:
    """A file with a picture of its own: grey, with two squares whose colours are its number."""
    number = next(_numbers)
    image = PIL.Image.linear_gradient("L").resize((width, height)).convert("RGB")
    for place in range(2):
        digits = (number // 6 ** (3 * place + digit) % 6 for digit in range(3))
        square = PIL.Image.new("RGB", (64, 64), tuple(50 * digit for digit in digits))
        image.paste(square, (80 * place, 0))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def make_image(name: str = "", *, photo: bytes = b"", **words: str) -> Image:
    said = {"alt": "A gradient from light to dark.", "credit": "Made up", **words}
    return library_pictures.add_image(
        processing.read_image(photo or make_photo(), "photo.jpg"),
        name=name or f"picture-{next(_numbers)}",
        by=make_staff(Role.EDITOR),
        **said,
    )


#: A browser that sends for the first time.
FIRST = Sender(ticket="of-the-browser-that-sent-it-first")


def again() -> Sender:
    """The same browser, with its confirmation."""
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
    **fields: Any,
) -> Inquiry:
    inquiry = reception.receive_inquiry(
        make_submission(topic=topic_name, **fields),
        key=key or uuid4().hex,
        sender=sender,
        article=article,
        topic=topic,
        signs={SpamSignal.TRAP} if state == State.QUARANTINED else set(),
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
    """As the sender does on the private page."""
    return reception.correct_inquiry(inquiry, submission, proven=Proof.PRIVATE_PAGE, **more)


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


def make_guesscount() -> GuessCount:
    return GuessCount.objects.create(inquiry=make_inquiry(), is_known=False)


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
    return audit_trail.record_entry(
        **{"kind": AuditEntry.Kind.SIGNED_IN, "by": make_staff(), **fields}
    )


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


def make_holidayyear() -> HolidayYear:
    return HolidayYear.objects.create(country="ES", year=2026, days={"2026-12-25": "Navidad"})


def make_servicelevel() -> ServiceLevel:
    return ServiceLevel.objects.get(urgency=Urgency.ROUTINE)


def make_clock() -> Clock:
    return make_inquiry().clocks.get(kind=Clock.Kind.CLOSURE)


def make_notice(user: User | None = None, inquiry: Inquiry | None = None) -> Notice:
    user = user or make_staff(Role.COORDINATOR, email="colleague@example.org")
    staff_notices.queue_notice(Notice.Kind.ASSIGNED, inquiry or make_inquiry(), [user])
    return user.notices.get()


def make_cannedreply(**fields: Any) -> CannedReply:
    words = {"title": f"Reply {next(_numbers)}", "language": "en", "text": "Hello {name}."}
    return CannedReply.objects.create(**{**words, **fields})


def make_crisisscript() -> CrisisScript:
    return CrisisScript.objects.create(title=f"Danger {next(_numbers)}", steps="Stay.\nCall.")
