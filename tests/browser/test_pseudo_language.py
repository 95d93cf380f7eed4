"""Every sentence is marked for translation, and every page has room for longer words."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import models
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from articles.rendering.not_stated import NotStated
from inquiries.intake import consent
from inquiries.models import DangerPhrase, Inquiry, Note, Referral, Task
from inquiries.models.sealed import SealedField
from inquiries.states import State
from portal.models import Role, User
from tests.browser import pages
from tests.browser.conftest import BEYOND_THE_EDGE
from tests.browser.pseudo_language import forget_words, speak_pseudo_language, unmarked_text
from tests.browser.test_accessibility import sign_in, visit

Check = Callable[[], list[str]]
DRAWN = ("<text", "<tspan")
SEARCHED = ("kidney", "kidny", "kill myself", "xyzzy")
#: Words that articles and records are written in, and the label of Django’s own icon.
VOCABULARY = (*(str(each).capitalize() for each in NotStated), "method", "Search")


@pytest.fixture(autouse=True)
def _words_of_this_test_only() -> Iterator[None]:
    """Rows of the queue are drawn once for each language, and the next test speaks English."""
    forget_words()
    yield
    forget_words()


@pytest.fixture
def staff_pages() -> Iterator[dict[str, dict[str, str]]]:
    """Made in English, because stored records are not the site's own words."""
    pages.load_content()
    yield {user.role: addresses for user, addresses in pages.make_staff_pages().items()}
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def check(
    page: Page,
    staff_pages: Mapping[str, Mapping[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> Check:
    """List what is wrong with the current page."""
    speak_pseudo_language(monkeypatch, settings)
    clinic = settings.CLINIC
    data = {clinic.name, clinic.hours, clinic.interests, *SEARCHED, *VOCABULARY}
    data |= written_text()
    data |= {name for _, name in settings.LANGUAGES}
    # Each version keeps the words that were agreed to.
    data |= set(consent.CONSENT_TEXTS.values())
    page.set_viewport_size({"width": 320, "height": 800})

    def look() -> list[str]:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        found = [f"not marked: {each}" for each in unmarked_text(page, data)]
        # The words of a drawing are placed by hand in each language, so longer ones need not fit.
        beyond = [each for each in page.evaluate(BEYOND_THE_EDGE) if not each.startswith(DRAWN)]
        found += [f"beyond the edge: {each}" for each in beyond]
        if page.evaluate("document.documentElement.dir") != "rtl":
            found.append("not from right to left")
        return found

    return look


def written_text() -> set[str]:
    """Return what authors, staff and the clinic wrote, which no catalog contains."""
    found: set[str] = set()
    for model in apps.get_models():
        if (
            model._meta.app_label not in {"articles", "inquiries", "portal"}
            or model is DangerPhrase
        ):
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        ]
        for row in model._base_manager.values_list(*names):
            found |= {value for value in row if isinstance(value, str) and len(value) > 3}
    sealed = [field.name for field in Inquiry._meta.fields if isinstance(field, SealedField)]
    for inquiry in Inquiry.objects.exclude(state=State.ERASED):
        said = [inquiry.initials, *(getattr(inquiry, name) for name in sealed)]
        found |= {part for each in said if isinstance(each, str) for part in each.splitlines()}
    for model in (Note, Referral, Task):
        found |= {line for row in model._base_manager.all() for line in row.text.splitlines()}
    return found - {""}


def report(faults: Mapping[str, list[str]]) -> str:
    return "\n".join(f"{name}\n  " + "\n  ".join(each) for name, each in faults.items() if each)


def test_every_sentence_on_public_pages_and_forms_is_marked(page: Page, check: Check) -> None:
    faults = {}
    for name, address in pages.PUBLIC.items():
        visit(page, name, address)
        faults[name] = check()
    assert not any(faults.values()), report(faults)


@pytest.mark.parametrize("role", Role.values)
def test_every_sentence_on_staff_pages_is_marked(
    page: Page, check: Check, staff_pages: Mapping[str, Mapping[str, str]], role: str
) -> None:
    faults = {}
    sign_in(page, User.objects.get(username=f"demo-{role}"))
    for name, address in staff_pages[role].items():
        visit(page, name, address)
        faults[name] = check()
    assert not any(faults.values()), report(faults)
