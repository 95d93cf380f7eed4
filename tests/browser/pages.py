"""The pages that people see, with content: what a test checks on one page, it checks on all."""

from dataclasses import replace
from http import HTTPStatus
from uuid import uuid4

from django.utils import timezone

from articles.editing import publishing, writing
from articles.models import Article, Category, Feedback
from articles.reading import feedback
from inquiries import privacy
from inquiries.intake import topics
from inquiries.ledger import events
from inquiries.models import Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import State
from inquiries.triage import duplicates, steps
from portal.demo import content
from portal.models import User
from tests.browser.team_pages import make_team_pages
from tests.factories import (
    approve_waiting,
    make_article,
    make_calendar,
    make_category,
    make_checklist,
    make_commentthread,
    make_crisisscript,
    make_draft,
    make_image,
    make_inquiry,
    make_referral,
    make_task,
    submit,
)

PASSWORD = "for the demo’s own cast"
#: The project's own article, with tables, a quotation and references.
ARTICLE = "/articles/stem-cells-for-lupus-nephritis/"
COORDINATOR = "/care-coordinator/"
ASK = "/care-coordinator/ask/"
PAPER = "/care-coordinator/paper/"
SENT = "/care-coordinator/sent/"
PRIVATE = "/care-coordinator/request/"
SIGN_IN = "/accounts/login/"
SIGN_IN_BY_PASSKEY = "/accounts/mfa/webauthn/login/"
QUEUE = "/admin/inquiries/inquiry/"
AUDIT = "/admin/inquiries/auditentry/"
DANGER = "/admin/inquiries/dangerphrase/"
ARTICLES = "/admin/articles/article/"
PICTURES = "/admin/articles/image/"

#: The pages that people read, by the name under which a fault is reported.
READING = {
    "home": "/",
    "articles": "/articles/",
    "article": ARTICLE,
    "article, overdue and corrected": "/articles/overdue/",
    "article, gone": "/articles/taken-down/",
    "answered whether it was clear": f"{ARTICLE}thanks/",
    "categories": "/categories/",
    "category": "/categories/lupus/",
    "category without articles": "/categories/nothing-yet/",
    "A to Z": "/a-to-z/",
    "glossary": "/glossary/",
    "search": "/search/",
    "search with results": "/search/?q=kidney",
    "search with a correction": "/search/?q=kidny&topic=lupus",
    "search with danger words": "/search/?q=kill+myself",
    "search without results": "/search/?q=xyzzy",
    "coordinator": COORDINATOR,
    "paper": PAPER,
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "about us": "/about/",
    **{name: f"/about/{name}/" for name in ("how-we-write", "people", "funding", "complaints")},
    "corrections": "/about/corrections/",
    "not found": "/no-such-page/",
}
#: Expected statuses other than 200.
STATUSES = {"not found": HTTPStatus.NOT_FOUND, "article, gone": HTTPStatus.GONE}
#: Together with the forms: every page that its address alone opens.
PUBLIC = READING | {
    "ask": ASK,
    "ask from an article": f"{ASK}?article=stem-cells-for-lupus-nephritis",
    "sent without a reference": SENT,
    "private link, lost": f"{PRIVATE}new-link/",
    "private link, asked for": f"{PRIVATE}new-link/?asked",
    "sign-in": SIGN_IN,
    "sign-in by passkey": SIGN_IN_BY_PASSKEY,
}


def in_language(language: str, table: dict[str, str]) -> dict[str, str]:
    """Return the same pages in another language, except the staff sign-in, which has none."""
    own = {name: each for name, each in table.items() if not each.startswith("/accounts/")}
    return table if language == "en" else {name: f"/{language}{own[name]}" for name in own}


def load_content() -> None:
    """Load some of the demo's content, outdated articles, and an empty category."""
    checklist, studies, *_, basics = content.ARTICLES  # all of them take three times as long
    content.load(PASSWORD, articles=(checklist, studies, basics))
    make_article(slug="overdue", correction="It was 4 of 81, not 3.")
    Article.objects.filter(slug="overdue").update(review_due_at="2020-01-01T12:00Z")
    gone = make_article(slug="taken-down")
    publishing.retire(
        gone,
        because="A source was withdrawn.",
        instead=Article.objects.get(slug="overdue"),
        version=gone.version,
        by=User.objects.get(username="demo-editor"),
    )
    approve_waiting()
    topics.clear_cache()
    Category.objects.filter(pk=make_category("Nothing yet").pk).update(slug="nothing-yet")


def make_staff_pages() -> dict[User, dict[str, str]]:
    """Return each staff member with their pages. Needs the content."""
    draft = make_draft(title="A draft")
    make_commentthread(draft)
    published = Article.objects.get(slug="stem-cells-for-lupus-nephritis")
    edited, to_review = _edited(make_article(title="Readers see an older one")), make_draft()
    to_review = submit(to_review)
    pages = {
        "demo-coordinator": _requests(),
        "demo-lead": {
            "queue, empty": f"{QUEUE}?view=mine",
            "is anybody forgotten": f"{QUEUE}limbo/",
            "reports": f"{QUEUE}reports/",
            "reports, refused": f"{QUEUE}reports/?since=2026-02-01&until=2026-01-01",
            "reports, export": f"{QUEUE}reports/export/",
            "crisis script, new": "/admin/inquiries/crisisscript/add/",
            "languages": "/admin/inquiries/languages/",
            "tasks": f"{QUEUE}tasks/",
            "checklist": f"/admin/inquiries/checklist/{make_checklist().pk}/change/",
            "directory entry, new": "/admin/inquiries/directoryentry/add/",
            **make_team_pages(),
            "crisis scripts in Spanish": f"{QUEUE}crisis/?language=es",
            "absence, new": "/admin/inquiries/absence/add/",
            "danger patterns": DANGER,
            "danger pattern, new": f"{DANGER}add/",
            "canned reply, new": "/admin/inquiries/cannedreply/add/",
            "calendar": f"/admin/inquiries/calendar/{make_calendar().pk}/change/",
            "service level": "/admin/inquiries/servicelevel/routine/change/",
        },
        "demo-privacy": _oversight(),
        "demo-editor": {
            "article, new": f"{ARTICLES}add/",
            "pictures": PICTURES,
            "picture": f"{PICTURES}{make_image().pk}/change/",
            "picture, new": f"{PICTURES}add/",
            "picture, to delete": f"{PICTURES}{make_image().pk}/delete/",
            "article, draft": f"{ARTICLES}{draft.pk}/change/",
            "article, edited live": f"{ARTICLES}{edited.pk}/change/",
            "article, to submit": f"{ARTICLES}{draft.pk}/step/submit/",
            "article, not to publish yet": f"{ARTICLES}{draft.pk}/step/publish/",
            "article, to move": f"{ARTICLES}{published.pk}/move/",
            "article, to restore": f"{ARTICLES}{edited.pk}/revisions/1/?against=2",
            "article, share": f"{ARTICLES}{draft.pk}/share/",
            "article, what readers said": f"{ARTICLES}{published.pk}/feedback/",
        },
        "demo-reviewer": {
            "category, new": "/admin/articles/category/add/",
            "index of a reviewer": "/admin/",
            "articles": ARTICLES,
            "articles, review list": f"{ARTICLES}due/",
            "components": "/admin/components/",
            "article, published": f"{ARTICLES}{published.pk}/change/",
            "article, in review": f"{ARTICLES}{to_review.pk}/change/",
            "article, to approve": f"{ARTICLES}{to_review.pk}/step/approve/",
            "article, to send back": f"{ARTICLES}{to_review.pk}/step/send_back/",
            "article, to confirm": f"{ARTICLES}{published.pk}/confirm/",
            "article, to retire": f"{ARTICLES}{published.pk}/step/retire/",
            "article, to retire later": f"{ARTICLES}{published.pk}/leave/",
            "article, history": f"{ARTICLES}{edited.pk}/revisions/",
            "article, compared": f"{ARTICLES}{edited.pk}/revisions/2/",
            "article, preview": f"{ARTICLES}{draft.pk}/preview/",
            "article, read and comment": f"{ARTICLES}{draft.pk}/review/",
            "own sign-in": "/accounts/mfa/",
            "own password": "/accounts/password/change/",
            "own sessions": "/accounts/sessions/",
            "authenticator app, new": "/accounts/mfa/totp/activate/",
            "passkey, new": "/accounts/mfa/webauthn/add/",
            "who they are, by password": "/accounts/reauthenticate/",
            "sign-out": "/accounts/logout/",
        },
    }
    staff = {user.username: user for user in User.objects.filter(username__in=pages)}
    return {staff[name]: addresses for name, addresses in pages.items()}


def _edited(article: Article) -> Article:
    """Give an article a draft with different text, a reader's answer, and an overdue review."""
    feedback.count_answer(
        article, number=1, choice=Feedback.Answer.HARD_WORDS, on=timezone.localdate()
    )
    Article.objects.filter(pk=article.pk).update(review_due_at="2020-01-01T12:00Z")
    words = replace(article.head.content, body="## Protein\n\nA test of urine can show *protein*.")
    by = User.objects.get(username="demo-editor")
    return writing.save_revision(article, words, interests="None", version=article.version, by=by)


def _with_cases(owner: User) -> Inquiry:
    """Make a request with tasks, a referral, and a duplicate that says something else."""
    task = make_task(by=owner)
    make_task(task.inquiry, owner, text="Ask for the records. " * 20)
    inquiry = make_referral(task.inquiry, owner).inquiry
    make_checklist()
    again = make_inquiry(never_contact="Never at home anymore.")
    duplicates.link_duplicate(again, of=inquiry, version=again.version, by=owner)
    return inquiry


def _requests() -> dict[str, str]:
    owner = User.objects.get(username="demo-coordinator")
    topic = Category.objects.get(slug="stem-cell-therapy")
    new = make_inquiry(
        topic=topic,
        relation="someone_else",
        patient_name="Ben Example",
        email="ana@example.org",
        best_time="morning,evening",
        time_zone="America/Chicago",
        language="es",
        interpreter=True,
        message="Please call.\n\nhttps://example.org/" + "long-address-" * 20,
    )
    claimed = make_inquiry(State.CLAIMED, owner=owner)
    # Overdue, and possibly spam: each shows a mark on its row.
    Inquiry.objects.filter(pk=claimed.pk).update(due_at="2020-01-01T12:00Z", urgent=True)
    closed = _eventful(owner)
    make_crisisscript()
    return {
        "index": "/admin/",
        "queue": QUEUE,
        "somebody is in danger": f"{QUEUE}crisis/",
        "request by phone": f"{QUEUE}enter/",
        "request by phone, in Spanish": f"{QUEUE}enter/?language=es",
        "queue, closed": f"{QUEUE}?view=closed",
        "queue, found": f"{QUEUE}?q={closed.reference}",
        "queue, no reference": f"{QUEUE}?q=K7QM",
        "queue, past its end": f"{QUEUE}?after=9999-01-01T00:00:00Z~{uuid4()}",
        "request, new": _page_of(new),
        "request, claimed": _page_of(claimed),
        "request, with tasks, a referral, and a duplicate": _page_of(_with_cases(owner)),
        "request, closed as a duplicate": _page_of(Inquiry.objects.get(outcome="duplicate")),
        "request, waiting": _page_of(make_inquiry(State.WAITING, owner=owner)),
        "request, closed, with a note and an addition": _page_of(closed),
        "request, somebody is in danger": f"{_page_of(claimed)}#crisis",
    }


def _oversight() -> dict[str, str]:
    """Make a reading of a request that was not the reader's, and an erased request."""
    reader, other = (User.objects.get(username=f"demo-{name}") for name in ("lead", "editor"))
    read = _eventful(User.objects.get(username="demo-coordinator"))
    events.record_reading(read, by=reader)
    erased = make_inquiry(State.ERASED)
    return {
        "audit trail": AUDIT,
        "audit trail, nothing found": f"{AUDIT}?kind=keys_rotated&since=2026-01-01",
        "audit trail, filter refused": f"{AUDIT}?kind=x&account=x&since=1999-12-31&until=x",
        "audit trail, export": f"{AUDIT}export/?kind=signed_in",
        "who read what": f"{AUDIT}reading/",
        "what an account read": f"{AUDIT}reading/{reader.pk}/",
        "what an account read, nothing": f"{AUDIT}reading/{other.pk}/",
        "what an account read, export": f"{AUDIT}reading/{reader.pk}/export/",
        "queue, found erased": f"{QUEUE}?q={erased.reference}",
        "request, to erase": _page_of(read),
        "request, erased": _page_of(erased),
        "request, erased with an addition": _page_of(_erased_with_words()),
    }


def _erased_with_words() -> Inquiry:
    inquiry = _eventful(User.objects.get(username="demo-coordinator"))
    inquiry.refresh_from_db()
    by = User.objects.get(username="demo-privacy")
    return privacy.erase_inquiry(inquiry, reason="asked", version=inquiry.version, by=by)


def _eventful(owner: User) -> Inquiry:
    """Make a closed request with a note, whose sender had corrected their phone number."""
    key = uuid4().hex
    make_inquiry(key=key)
    inquiry = make_inquiry(key=key, phone="(202) 555-0199", phone_e164="+12025550199")
    for step, words in (
        (steps.claim, {}),
        (steps.add_note, {"text": "Left a message at noon."}),
        (steps.close, {"outcome": Outcome.ANSWERED}),
    ):
        inquiry.refresh_from_db()
        step(inquiry, version=inquiry.version, by=owner, **words)
    return inquiry


def _page_of(inquiry: Inquiry) -> str:
    return f"{QUEUE}{inquiry.pk}/change/"
