"""A rule for a personal page also holds for the same page in another language."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.states import SpamSignal
from inquiries.urls import PERSONAL_ROUTES
from portal.http import limits
from portal.http.language import path_in
from portal.http.limits import FLOOD_LIMITS, LIMITS, Limit
from portal.page_cache.keys import find_key
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import Browser, opens, refuse
from tests.portal.audience import AUDIENCE, EVERYONE, routes
from tests.portal.http.log_lines import heard, lines
from tests.portal.http.test_limits import good_form

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LANGUAGES = [code for code, _ in settings.LANGUAGES]
OTHERS = [code for code in LANGUAGES if code != settings.LANGUAGE_CODE]
#: Headers that depend on a response's words, not on a rule.
TOLD_BY_WORDS = {"Content-Disposition", "Content-Length", "ETag", "Location", "X-Request-ID"}


def address_in(language: str, route: str, *args: str) -> str:
    with translation.override(language):
        return reverse(route, args=args)


def arguments_of(route: str) -> list[str]:
    return ["a" * 43] if route == "inquiries:private_link" else []


def inside(language: str, inquiry: Inquiry) -> Browser:
    """Return a browser that opened the link in this language and gave the detail."""
    browser = Browser()
    token = private_links.create_link(inquiry, mailed=True)
    browser.get(address_in(language, "inquiries:private_link", token))
    proof = browser.post(address_in(language, "inquiries:private_prove"), {"detail": "0100"})
    assert proof["Location"] == address_in(language, "inquiries:private")
    return browser


def at_the_door(language: str) -> Browser:
    visitor = Browser()
    token = private_links.create_link(make_inquiry())
    visitor.get(address_in(language, "inquiries:private_link", token))
    return visitor


def rules_of(answer: Any) -> dict[str, Any]:
    """Return what browsers and caches are told, and what the browser stores."""
    cookies = {
        name: {key: cookie[key] for key in ("path", "httponly", "samesite", "secure", "max-age")}
        for name, cookie in answer.cookies.items()
    }
    headers = {name: said for name, said in answer.items() if name not in TOLD_BY_WORDS}
    return {"status": answer.status_code, "headers": headers, "cookies": cookies}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("route", sorted(PERSONAL_ROUTES))
@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize("is_in", [True, False])
def test_every_personal_route_follows_the_same_rules(
    language: str, route: str, method: str, *, is_in: bool
) -> None:
    def ask(code: str) -> Any:
        browser = inside(code, make_inquiry()) if is_in else Browser()
        return getattr(browser, method)(address_in(code, route, *arguments_of(route)))

    there, here = ask(language), ask(settings.LANGUAGE_CODE)
    assert rules_of(there) == rules_of(here)
    assert there["Cache-Control"] == "private, no-store"
    assert there["X-Frame-Options"] == "DENY"
    assert "script-src" not in there["Content-Security-Policy"]
    if route.startswith("inquiries:private") and there.status_code != 405:
        assert there["Referrer-Policy"] == "no-referrer"
        assert there["X-Robots-Tag"] == "noindex"
    assert all(cookie["path"] == "/" for cookie in there.cookies.values())
    if there.has_header("Location") and there["Location"].startswith("/"):
        assert there["Location"].startswith(f"/{language}/"), "a step stays in its language"
        assert path_in(settings.LANGUAGE_CODE, there["Location"]) == here["Location"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", sorted(PERSONAL_ROUTES - {"inquiries:private_leave"}))
def test_a_personal_page_is_offered_only_to_its_reader(language: str, route: str) -> None:
    """No search engine is directed to it, and its other language opens in the same visit."""
    browser = inside(language, make_inquiry())
    answer: Any = browser.get(address_in(language, route, *arguments_of(route)), follow=True)
    if answer.status_code == 405 or "html" not in answer["Content-Type"]:
        return
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html
    assert page.html["lang"] == language
    assert not page.select('link[rel="alternate"], link[rel="canonical"]')
    assert "a" * 43 not in answer.text, "a private link is named on no page"
    (link,) = page.select("header a[hreflang]")
    other: Any = browser.get(str(link["href"]))
    assert other["Cache-Control"] == "private, no-store"
    if route == "inquiries:private":
        assert "data-reference" in other.text
        assert f'lang="{link["hreflang"]}"' in other.text


def test_a_private_link_with_a_typo_is_not_shown_on_any_page(client: Client) -> None:
    token = "b" * 43
    for language in LANGUAGES:
        answer = client.get(f"{address_in(language, 'inquiries:private_link', token)}x/")
        assert answer.status_code == 404
        assert token not in answer.text


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_of_a_public_page_requires_signing_in(client: Client, language: str) -> None:
    with translation.override(language):
        twins = {route for route in routes() if route.startswith(f"{language}/")}
    bare = {route.removeprefix(f"{language}/") for route in twins}
    assert bare <= set(AUDIENCE)
    assert {AUDIENCE[route] for route in bare} == {EVERYONE}
    for route in sorted(twins):
        address = re.sub("<[^>]+>", "no-such", route)
        answer: Any = client.get(f"/{address}")
        assert answer.status_code in {200, 302, 404, 405}, route
        assert "/accounts/" not in answer.get("Location", ""), route
        assert "sessionid" not in answer.cookies


# --- How often ------------------------------------------------------------------------------------


def test_guessing_in_two_languages_gives_no_extra_guesses() -> None:
    inquiry = make_inquiry()
    token = private_links.create_link(inquiry)
    statuses = []
    for language in (*LANGUAGES * 2, *LANGUAGES):
        visitor = Browser()
        visitor.get(address_in(language, "inquiries:private_link", token))
        proof = address_in(language, "inquiries:private_prove")
        statuses.append(visitor.post(proof, {"detail": "9999"}).status_code)
    assert statuses == [422] * 5 + [429]


def test_a_network_flooding_in_two_languages_shares_one_count(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    few = {SpamSignal.FLOOD: Limit(2, 900, "address", is_certain=True)}
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:private_prove", few)
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:ask", {SpamSignal.FLOOD: few[SpamSignal.FLOOD]})
    monkeypatch.setitem(LIMITS, "inquiries:private_lost", Limit(2, 600, "address"))
    statuses = []
    for number, language in enumerate((*LANGUAGES, LANGUAGES[-1])):
        guess = at_the_door(language).post(
            address_in(language, "inquiries:private_prove"), {"detail": "9999"}
        )
        lost = client.get(address_in(language, "inquiries:private_lost"))
        statuses.append((guess.status_code, lost.status_code))
        client.post(address_in(language, "inquiries:ask"), good_form(number))
    assert statuses == [(422, 200), (422, 200), (429, 429)]
    marked = [SpamSignal.FLOOD in each.suspicion for each in Inquiry.objects.all()]
    assert marked.count(True) == 1


def test_the_size_limit_is_the_same_in_every_language() -> None:
    for route in ("inquiries:ask", "inquiries:private_write"):
        sizes = {limits.max_body(address_in(language, route)) for language in LANGUAGES}
        assert sizes == {limits.MAX_BODY}


# --- What is kept ---------------------------------------------------------------------------------


def test_no_log_line_contains_a_private_link_in_any_language(client: Client) -> None:
    token = private_links.create_link(make_inquiry())
    with heard() as told:
        for language in LANGUAGES:
            client.get(address_in(language, "inquiries:private_link", token))
            client.get(f"{address_in(language, 'inquiries:private_link', token)}x/")
    assert token not in told.getvalue()
    found = [line["route"] for line in lines(told.getvalue()) if "route" in line]
    link = "care-coordinator/request/<str:token>/"
    assert found == [link, "unmatched", f"es/{link}", "unmatched"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_personal_page_is_cached(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CACHED_HOSTS", {"testserver"})
    find_key.cache_clear()
    for route in PERSONAL_ROUTES:
        path = address_in(language, route, *arguments_of(route))
        assert find_key("http", "testserver", path, "") is None
    assert find_key("http", "testserver", address_in(language, "home"), "") is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_in_the_language_of_the_page(language: str) -> None:
    browser = inside(language, make_inquiry())
    write = address_in(language, "inquiries:private_write")
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answers = [strict.post(write, {"text": "Hola"}), browser.post(write, {"text": ""})]
    answers.append(browser.post(write, {"text": "Hola", "of": "another"}))
    with connection.execute_wrapper(refuse):
        answers.append(browser.post(write, {"text": "Hola"}))
    assert [answer.status_code for answer in answers] == [422, 422, 422, 503]
    for answer in answers:
        assert f'<html lang="{language}">' in answer.text
        assert answer["Cache-Control"] == "private, no-store"
    assert opens(browser), "in whatever language: it is one visit"


def test_robots_are_kept_out_of_the_same_pages(client: Client) -> None:
    told = client.get("/robots.txt").text
    for language in LANGUAGES:
        for route in ("search", "inquiries:ask", "inquiries:sent"):
            assert f"Disallow: {address_in(language, route)}\n" in told
