"""Whatever is typed into a staff form is answered, without an error and without live code."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client

from articles.models import Article
from portal.models import User
from tests.factories import (
    approve,
    make_article,
    make_category,
    make_draft,
    make_image,
    make_reference,
    make_staff,
    make_term,
    submit,
)
from tests.inquiries.intake.naughty import NAUGHTY

pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Dates and times that do not exist or occur twice, and the ends of the calendar.
MOMENTS = [
    *(("9999-12-31", "23:59"), ("0001-01-01", "00:00"), ("2027-03-14", "02:30")),
    *(("2027-11-07", "01:30"), ("2027-02-30", "10:00"), ("2027-01-01", "24:00")),
    *(("2027-01-01", "10:00:00.5"), ("1970-01-01", "00:00"), ("10000-01-01", "10:00")),
    *(("2027-01-01", ""), ("", "10:00"), ("x", "y"), ("٢٠٢٧-01-01", "10:00"), ("\x00", "\x00")),
]
#: Each form gets every sixth string, because all of them would take minutes.
STEP = 6
ARTICLE, LIBRARY = "/admin/articles/article/", "/admin/articles/"


def _article(stand: Callable[[], Article], page: str) -> Callable[[], str]:
    return lambda: f"{ARTICLE}{stand().pk}/{page}/"


PAGES: dict[str, Callable[[], str]] = {
    "new article": lambda: f"{ARTICLE}add/",
    "article": _article(make_draft, "change"),
    "send back": _article(lambda: submit(make_draft()), "step/send_back"),
    "approve": _article(lambda: submit(make_draft()), "step/approve"),
    "schedule": _article(lambda: approve(make_draft()), "step/schedule"),
    "retire": _article(make_article, "step/retire"),
    "leave": _article(make_article, "leave"),
    "move": _article(make_article, "move"),
    "share": _article(make_draft, "share"),
    "confirm": _article(make_article, "confirm"),
    "new category": lambda: f"{LIBRARY}category/add/",
    "category": lambda: f"{LIBRARY}category/{make_category().pk}/change/",
    "new source": lambda: f"{LIBRARY}reference/add/",
    "source": lambda: f"{LIBRARY}reference/{make_reference().pk}/change/",
    "standing": lambda: f"{LIBRARY}reference/{make_reference().pk}/standing/",
    "sources": lambda: f"{LIBRARY}reference/import/",
    "new term": lambda: f"{LIBRARY}term/add/",
    "term": lambda: f"{LIBRARY}term/{make_term().pk}/change/",
    "picture": lambda: f"{LIBRARY}image/{make_image().pk}/change/",
    "withdraw": lambda: f"{LIBRARY}image/{make_image().pk}/withdraw/",
}


@pytest.fixture
def both() -> User:
    """A user who writes and reviews, so that every form is open to them."""
    return make_staff(is_superuser=True)


def _fields(page: BeautifulSoup) -> dict[str, Tag]:
    forms = page.select("main form[method=post]")
    assert forms, f"a page without a form: {page.title}"
    named = forms[0].select("input[name], textarea[name], select[name]")
    return {str(each["name"]): each for each in named if each.get("type") != "file"}


def _check(client: Client, address: str, fields: dict[str, Tag], typed: str, **said: str) -> None:
    """Put `typed` into each field except those that `said` sets."""
    kept = {"version", "csrfmiddlewaretoken"}
    sent = {
        name: str(field.get("value", "")) if name in kept else said.get(name, typed)
        for name, field in fields.items()
        if field.get("type") != "submit"
    }
    with transaction.atomic():
        answer = client.post(
            address,
            urlencode(sent, errors="surrogatepass"),
            content_type="application/x-www-form-urlencoded",
            follow=True,
        )
        assert answer.status_code in {200, 409, 422}, sent
        page = BeautifulSoup(answer.content, "html.parser")
        assert not [script for script in page.select("script") if not script.get("src")]
        assert not page.select("[onerror], [onload], [onfocus], iframe[src^='//'], base")
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", PAGES)
def test_every_form_handles_whatever_is_typed(client: Client, both: User, name: str) -> None:
    client.force_login(both)
    address = PAGES[name]()
    fields = _fields(BeautifulSoup(client.get(address).content, "html.parser"))
    assert set(fields) - {"version", "csrfmiddlewaretoken"}, "something to type into"
    # Each string reaches several forms, and each form gets strings of every kind.
    start = list(PAGES).index(name)
    for words in NAUGHTY[start % STEP :: STEP]:
        _check(client, address, fields, words)


@pytest.mark.parametrize("name", ["schedule", "leave"])
def test_nonexistent_times_are_handled(client: Client, both: User, name: str) -> None:
    client.force_login(both)
    address = PAGES[name]()
    fields = _fields(BeautifulSoup(client.get(address).content, "html.parser"))
    for day, hour in MOMENTS:
        _check(client, address, fields, "Outdated.", at_0=day, at_1=hour)
