"""`make lighthouse` and `make pa11y` open each kind of page that search engines may show."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import resolve

from tests.indexable_pages import ENGLISH, NOT_INDEXED, PAGES
from tests.portal.audience import AUDIENCE, EVERYONE
from tests.portal.test_routes import make_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def is_for_search_engines(client: Client, address: str) -> bool:
    answer = client.get(address)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return False
    hidden = BeautifulSoup(answer.content, "html.parser").select(
        "meta[name=robots][content=noindex]"
    )
    return not hidden and "X-Robots-Tag" not in answer


def test_each_kind_of_page_for_search_engines_is_looked_at(client: Client) -> None:
    addresses = make_addresses()
    indexed = {
        route
        for route, audience in AUDIENCE.items()
        if audience == EVERYONE and is_for_search_engines(client, addresses[route])
    }
    opened = {resolve(path.partition("?")[0]).route for path in ENGLISH.values()}
    assert {"", "about/", "articles/<slug:slug>/", "categories/<slug:slug>/"} <= indexed
    assert indexed <= opened
    others = {resolve(PAGES[name].partition("?")[0]).route for name in NOT_INDEXED & {*ENGLISH}}
    assert opened - indexed == others


def test_each_is_looked_at_in_spanish_too() -> None:
    assert {f"{name} in Spanish" for name in ENGLISH} | {*ENGLISH} == {*PAGES}
    assert all(PAGES[f"{name} in Spanish"].startswith("/es/") for name in ENGLISH)
