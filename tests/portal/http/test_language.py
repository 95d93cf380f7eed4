"""The address alone sets the language, and no privacy rule depends on the language."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from inquiries.urls import PERSONAL_ROUTES
from portal.http.language import language_of, path_in
from tests.factories import make_article
from tests.portal.http.test_attacks_from_elsewhere import leads_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LANGUAGES = [code for code, _ in settings.LANGUAGES]


def address_in(language: str, route: str) -> str:
    wanted = {"inquiries:private_link": ["a" * 43]}
    with translation.override(language):
        return reverse(route, args=wanted.get(route, []))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", sorted(PERSONAL_ROUTES))
@pytest.mark.parametrize("method", ["get", "post"])
def test_personal_pages_are_never_stored(
    client: Client, language: str, route: str, method: str
) -> None:
    address = address_in(language, route)
    for each in (address, address.removesuffix("/")):
        response = getattr(client, method)(each)
        assert response["Cache-Control"] == "private, no-store", each


@pytest.mark.parametrize("language", LANGUAGES)
def test_https_redirects_of_personal_pages_are_never_stored(
    client: Client, language: str, settings: object
) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    for route in PERSONAL_ROUTES:
        response = client.get(address_in(language, route))
        assert (response.status_code, response["Cache-Control"]) == (301, "private, no-store")


def test_browser_preferences_and_cookies_do_not_change_the_language(client: Client) -> None:
    article = make_article().get_absolute_url()
    for address in ("/", article, "/search/?q=kidney", "/care-coordinator/ask/"):
        plain = client.get(address)
        wished = client.get(
            address,
            headers={"Accept-Language": "es-US,es;q=0.9", "Cookie": "django_language=es"},
        )
        assert 'lang="en"' in wished.text
        assert "Accept-Language" not in plain.get("Vary", "")


@pytest.mark.parametrize(
    "address",
    ["/", "/articles/?page=1", "/search/?q=kidney%20%26%20skin", "/care-coordinator/paper/"],
)
def test_the_header_links_to_the_same_page_in_the_other_language(
    client: Client, address: str
) -> None:
    make_article()
    page = BeautifulSoup(client.get(address).content, "html.parser")
    link = page.select_one('header a[hreflang="es"]')
    assert link
    assert (link["href"], link["lang"]) == (f"/es{address}", "es")
    there = BeautifulSoup(client.get(f"/es{address}").content, "html.parser")
    assert there.html
    assert there.html["lang"] == "es"
    back = there.select_one('header a[hreflang="en"]')
    assert back
    assert back["href"] == address


@pytest.mark.parametrize(
    "address",
    [
        *("/es//elsewhere.example/", "/es//elsewhere.example", "//elsewhere.example/", "/es///x"),
        *(
            "/es/\\elsewhere.example/",
            "/es-mx/articles/",
            "/ES/articles/",
            "/esx/",
            "/en//x.example/",
        ),
    ],
)
def test_no_made_up_url_makes_the_header_link_to_another_site(client: Client, address: str) -> None:
    answer = client.get("/", PATH_INFO=address)  # or the client would read a part as the host
    assert answer.status_code == 404
    page = BeautifulSoup(answer.content, "html.parser")
    for link in page.select("header a[hreflang]"):
        assert re.match(r"/(?![/\\])", str(link["href"])), link
        assert not leads_elsewhere(str(link["href"]))


def test_only_the_first_part_of_a_path_sets_its_language() -> None:
    told = {
        **dict.fromkeys(("/", "/articles/", "/es-mx/", "/ES/", "/esx/", "/a/es/"), "en"),
        **dict.fromkeys(("/es", "/es/", "/es/articles/", "/es//x"), "es"),
    }
    assert {path: language_of(path) for path in told} == told
    assert [path_in("en", path) for path in ("/es", "/es/", "/es/a/?b=/es/")] == [
        "/",
        "/",
        "/a/?b=/es/",
    ]
    assert [path_in("es", path) for path in ("/", "/a/", "/es/a/")] == ["/es/", "/es/a/", "/es/a/"]


def test_search_engines_are_told_about_both_languages(client: Client) -> None:
    for address in ("/", "/es/"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert {
            link["hreflang"]: link["href"]
            for link in page.select('link[rel="alternate"][hreflang]')
        } == {"en": "http://testserver/", "es": "http://testserver/es/"}
    assert (
        'hreflang="es" href="http://testserver/es/privacy/"'
        in client.get("/sitemap-pages.xml").text
    )


def test_staff_pages_have_one_language(client: Client) -> None:
    for address in ("/es/admin/", "/es/accounts/login/", "/es/healthz/live"):
        assert client.get(address).status_code == 404
    assert "hreflang" not in client.get("/accounts/login/").text
    prefixed = [str(each.pattern) for each in get_resolver().url_patterns]
    assert "admin/" in prefixed
