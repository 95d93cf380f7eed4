"""Forged Host and forwarding headers: none is trusted, and no cache stores their effects."""

import pytest
from django.test import Client, override_settings

from portal.config.checks import hosts_are_named_one_by_one
from tests.factories import make_article
from tests.portal.real_site import SECRET, Site

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.once]

LOGIN = "/accounts/login/"
EVIL = "evil.example"
PUBLIC = (
    *("/", "/articles/", "/categories/", "/search/?q=kidney", "/feed/", "/sitemap.xml"),
    *("/robots.txt", "/.well-known/security.txt", "/care-coordinator/", "/privacy/"),
)

FORGED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Port": "1234",
    "X-Forwarded-Prefix": f"/{EVIL}",
    "X-Forwarded-Scheme": "https",
    "X-Host": EVIL,
    "X-Original-URL": "/admin/",
    "X-Rewrite-URL": "/admin/",
    "X-Original-Host": EVIL,
    "Forwarded": f"host={EVIL};proto=https",
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
    "X-Script-Name": f"/{EVIL}",
    "Script-Name": f"/{EVIL}",
}


@pytest.mark.parametrize(
    "host",
    [
        *(EVIL, f"testserver.{EVIL}", f"testserver@{EVIL}", f"testserver:80@{EVIL}"),
        *("testserver\r\nX: y", "testserver, evil.example", "", "[::1", "testserver:port", "*"),
        *("testserver/../evil.example", "testserver\x00.evil.example"),
    ],
)
def test_an_unknown_or_malformed_host_is_refused_and_not_echoed(client: Client, host: str) -> None:
    for address in ("/", "/robots.txt", "/admin/", "/no-such", LOGIN):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == 400, address
        assert EVIL not in response.text


@pytest.mark.parametrize("host", ["*", ".portal.example"])
def test_wildcard_allowed_hosts_fail_the_check(host: str) -> None:
    assert hosts_are_named_one_by_one() == []
    with override_settings(ALLOWED_HOSTS=["portal.example", host]):
        assert [error.id for error in hosts_are_named_one_by_one()] == ["portal.E002"]


def test_proxy_headers_from_a_visitor_are_ignored(client: Client) -> None:
    for address in PUBLIC:
        response = client.get(address, headers=FORGED)
        assert response.status_code == 200, address
        assert EVIL not in response.text, address
        assert EVIL not in str(response.headers), address
        assert "https://testserver" not in response.text, address


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_visitor_cannot_claim_to_use_https(client: Client) -> None:
    for name in ("X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-Ssl", "Front-End-Https"):
        for word in ("https", "on", "https, http"):
            assert client.get("/", headers={name: word}).status_code == 301, (name, word)


def test_a_running_site_answers_only_for_the_allowed_host(site: Site) -> None:
    for host in (EVIL, f"portal.example, {EVIL}", "127.0.0.1", "localhost"):
        answer = site.ask("GET", "/", headers={"Host": host})
        assert answer.status == 400, host
        assert EVIL not in answer.text
    absolute = (
        b"GET http://evil.example/robots.txt HTTP/1.1\r\nHost: portal.example\r\n"
        b"X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )
    assert EVIL.encode() not in site.send(absolute)
    assert site.send(b"GET / HTTP/1.0\r\nX-Forwarded-Proto: https\r\n\r\n").split()[1] == b"400"
    assert site.ask("GET", "/", headers=FORGED).status == 200


def test_no_header_or_cookie_changes_a_cacheable_response(client: Client) -> None:
    make_article()
    for address in PUBLIC:
        clean = Client().get(address)
        odd = Client()
        for name in ("sessionid", "sent", "messages", "lang", "theme"):
            odd.cookies[name] = SECRET
        odd.cookies["csrftoken"] = "x" * 32
        headers = {
            **FORGED,
            "User-Agent": SECRET,
            "Accept": f"text/{SECRET}",
            "Accept-Language": f"es, {SECRET}",
            "X-Requested-With": "XMLHttpRequest",
            "Range": "bytes=0-3",
            "X-Canary": SECRET,
        }
        poisoned = odd.get(address, headers=headers)
        assert poisoned.status_code == clean.status_code == 200, address
        assert poisoned.content == clean.content, address
        for name in ("Cache-Control", "Content-Type", "Content-Security-Policy", "Vary"):
            assert poisoned.get(name) == clean.get(name), (address, name)
        assert not poisoned.cookies, address
        assert set(clean.get("Vary", "").lower().split(", ")) <= {"", "accept-encoding"}, address


def test_a_response_that_replaces_a_bad_cookie_is_never_cached(client: Client) -> None:
    client.cookies["csrftoken"] = SECRET
    response = client.get("/")
    assert "csrftoken" in response.cookies
    assert response["Cache-Control"] == "private, no-store"


def test_a_refusal_is_never_cached_in_place_of_a_page(client: Client) -> None:
    """Otherwise one odd request would replace a page for everyone behind the same cache."""
    for headers in ({"Host": EVIL}, {"Cookie": "a=" + "x" * 40_000}, {"Cookie": "a=%00\x00"}):
        response = client.get("/", headers=headers)
        assert response.status_code in {400, 431}
        assert response["Cache-Control"] == "private, no-store"
    assert client.generic("PUT", "/")["Cache-Control"] == "private, no-store"
