"""What the header of a staff page shows: who is signed in, and links to the pages of their role.

A page is one row of a table here, with the permission that its view asks for, so the header never
offers what would be refused.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from articles import permissions as articles
from inquiries.team import permissions as inquiries
from portal import staff_words as words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, eq=False)
class StaffPage:
    """A page, and who may open it: whoever has the permission, or everyone if it is empty."""

    label: "StrOrPromise"
    view_name: str
    permission: str = ""
    #: Whether it is used daily. The others are behind “More”.
    is_daily: bool = True


@dataclass(frozen=True)
class Link:
    """A link of the header; `current` is a value of `aria-current`, or empty."""

    label: "StrOrPromise"
    address: str
    current: str


@dataclass(frozen=True, eq=False)
class Menu:
    """The links of the header for one person, on one page. Kept, so only equal to itself."""

    daily: list[Link]
    more: list[Link]
    account: list[Link]


def _admin(name: str) -> str:
    return f"admin:{name}"


def _list(app: str, model: str) -> str:
    return _admin(f"{app}_{model}_changelist")


def _kept_list(label: "StrOrPromise", model: str, *, is_daily: bool = False) -> StaffPage:
    """A list that leads keep."""
    return StaffPage(label, _list("inquiries", model), f"inquiries.view_{model}", is_daily)


PAGES = (
    StaffPage(words.START, _admin("index")),
    StaffPage(words.REQUESTS, _list("inquiries", "inquiry"), inquiries.VIEW),
    StaffPage(words.ENTER, _admin("inquiries_inquiry_enter"), inquiries.TRIAGE),
    StaffPage(words.CRISIS_SCRIPTS, _admin("inquiries_inquiry_crisis"), inquiries.VIEW),
    StaffPage(words.TASKS, _admin("inquiries_tasks"), inquiries.TRIAGE),
    StaffPage(words.TEAM, _admin("inquiries_team"), inquiries.TRIAGE),
    _kept_list(words.REPLIES, "cannedreply", is_daily=True),
    StaffPage(words.LEAD_PAGE, _admin("inquiries_inquiry_limbo"), inquiries.LEAD_TRIAGE),
    StaffPage(words.REPORTS, _admin("inquiries_inquiry_reports"), inquiries.REPORT),
    _kept_list(words.ABSENCES, "absence", is_daily=True),
    _kept_list(words.SERVICE_LEVELS, "servicelevel"),
    _kept_list(words.CALENDARS, "calendar"),
    _kept_list(words.DANGER_PHRASES, "dangerphrase"),
    _kept_list(words.EDIT_SCRIPTS, "crisisscript"),
    _kept_list(words.CHECKLISTS, "checklist"),
    _kept_list(words.DIRECTORY, "directoryentry"),
    StaffPage(
        words.BURSTS,
        _admin("inquiries_inquiry_bursts"),
        inquiries.LEAD_TRIAGE,
        is_daily=False,
    ),
    StaffPage(words.AUDIT_TRAIL, _list("inquiries", "auditentry"), inquiries.AUDIT),
    StaffPage(words.WHO_READ_WHAT, _admin("inquiries_reading"), inquiries.AUDIT),
    StaffPage(words.ARTICLES, _list("articles", "article"), "articles.view_article"),
    StaffPage(words.REVIEW_LIST, _admin("articles_article_due"), "articles.view_article"),
    StaffPage(words.CHANGES, _list("articles", "proposal"), articles.CHANGE_REFERENCES),
    StaffPage(words.REFERENCES, _list("articles", "reference"), "articles.view_reference"),
    StaffPage(words.GLOSSARY, _list("articles", "term"), "articles.view_term"),
    StaffPage(words.PICTURES, _list("articles", "image"), "articles.view_image"),
    StaffPage(
        words.CATEGORIES, _list("articles", "category"), "articles.view_category", is_daily=False
    ),
    StaffPage(
        words.SYNONYMS, _list("articles", "synonym"), "articles.view_synonym", is_daily=False
    ),
    StaffPage(
        words.MISSED_SEARCHES,
        _list("articles", "missedsearch"),
        "articles.view_missedsearch",
        is_daily=False,
    ),
    StaffPage(
        words.IMPORT_REFERENCES,
        _admin("articles_reference_import"),
        "articles.add_reference",
        is_daily=False,
    ),
    StaffPage(words.COMPONENTS, "components", articles.CHANGE_REFERENCES, is_daily=False),
    StaffPage(words.ACCOUNTS, _list("portal", "user"), "portal.view_user"),
    StaffPage(words.COLLEAGUES, "staff_accounts", inquiries.LEAD_TRIAGE, is_daily=False),
)
ACCOUNT_PAGES = (
    StaffPage(words.SECURITY, "mfa_index"),
    StaffPage(words.LANGUAGES, _admin("inquiries_languages"), inquiries.TRIAGE),
    StaffPage(words.DAYS_AWAY, _admin("inquiries_absences"), inquiries.TRIAGE),
    StaffPage(words.SHIFT, _admin("inquiries_shift"), inquiries.TRIAGE),
    StaffPage(words.CALENDAR, _admin("inquiries_calendar_link"), inquiries.TRIAGE),
    StaffPage(words.WEBSITE, "home"),
)


def build_menu(request: HttpRequest) -> Menu:
    """Return the links that this person may follow, the one of this page marked as current."""
    pages, account = (
        tuple(page for page in table if _may_open(request.user, page))
        for table in (PAGES, ACCOUNT_PAGES)
    )
    language = get_language() or ""
    here = _find_current(request.path, list(_addresses(pages, language).values()))
    return _make_menu(pages, account, here, request.path == here, language)


@lru_cache(maxsize=256)
def _make_menu(
    pages: tuple[StaffPage, ...],
    account: tuple[StaffPage, ...],
    here: str,
    is_exact: bool,  # noqa: FBT001 - a key of what is kept
    language: str,
) -> Menu:
    """`here`: the address that the page has, or that it is below unless `is_exact`."""

    def links(table: tuple[StaffPage, ...], *, is_daily: bool = True) -> list[Link]:
        current = "page" if is_exact else "true"
        return [
            Link(page.label, address, current if address == here else "")
            for page, address in _addresses(table, language).items()
            if page.is_daily == is_daily
        ]

    return Menu(links(pages), links(pages, is_daily=False), links(account))


@lru_cache(maxsize=64)
def _addresses(pages: tuple[StaffPage, ...], _language: str) -> dict[StaffPage, str]:
    return {page: reverse(page.view_name) for page in pages}


def _may_open(user: Any, page: StaffPage) -> bool:
    return not page.permission or user.has_perm(page.permission)


def _find_current(path: str, addresses: list[str]) -> str:
    """Return the address that the path is below, the longest if there are several.

    Every staff page is below the start page, which counts only for itself.
    """
    start = reverse("admin:index")
    found = [
        each for each in addresses if path == each or (each != start and path.startswith(each))
    ]
    return max(found, key=len, default="")


def role_name(user: Any) -> "StrOrPromise":
    """Return what the header says about someone’s role."""
    if user.role:
        label: str = user.get_role_display()
        return label
    return words.SUPERUSER if user.is_superuser else words.NO_ROLE
