"""Cookies: only our own, hidden from scripts and bound to this site."""

from http.cookies import SimpleCookie

import pytest
from django.test import Client, override_settings

from portal.models import User
from tests.factories import PASSWORD
from tests.portal.real_site import Site

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WITH_HTTPS = {
    "HTTPS": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "CSRF_COOKIE_SECURE": True,
}
KNOWN = {"sessionid", "csrftoken", "sent", "request", "known", "left"}


def _check(cookies: SimpleCookie, names: set[str], *, secure: bool) -> None:
    for name, cookie in cookies.items():
        assert name in names, name
        is_taken_back = not cookie.value and cookie["max-age"] == 0
        assert cookie["httponly"] or is_taken_back, name
        assert cookie["samesite"] == "Lax", name
        assert bool(cookie["secure"]) is secure, name
        assert not cookie["domain"], name
        if secure:
            assert cookie["path"] == "/", name


@pytest.mark.parametrize("secure", [True, False])
def test_every_cookie_is_known_http_only_and_same_site(editor: User, *, secure: bool) -> None:
    names = {f"__Host-{name}" if secure else name for name in KNOWN}
    seen: set[str] = set()
    with override_settings(**(WITH_HTTPS if secure else {})):
        client = Client()
        page = client.get("/care-coordinator/ask/", secure=secure)
        answers = [
            page,
            client.post(
                "/care-coordinator/ask/",
                {
                    "full_name": "Ana Example",
                    "phone": "202-555-0100",
                    "message": "May I talk to someone?",
                    "consent": "on",
                },
                secure=secure,
            ),
            client.get("/care-coordinator/sent/", secure=secure),
            client.post("/care-coordinator/sent/open/", secure=secure),
            client.get("/care-coordinator/request/leave/", secure=secure),
            client.get("/accounts/login/", secure=secure),
            client.post(
                "/accounts/login/",
                {"login": editor.username, "password": PASSWORD},
                secure=secure,
            ),
            client.get("/admin/", secure=secure),
            client.get("/admin/articles/article/add/", secure=secure),
            client.get("/accounts/logout/", secure=secure),
            client.post("/accounts/logout/", secure=secure),
            client.get("/", secure=secure),
            client.get("/no-such", secure=secure),
        ]
        assert "data-reference" in answers[2].text, "its own cookie is found again"
        for answer in answers:
            assert answer.status_code in {200, 302, 404}
            _check(answer.cookies, names, secure=secure)
            seen |= answer.cookies.keys()
    assert seen == names


def test_production_cookies_are_bound_to_the_host(site: Site) -> None:
    for address, name in {
        "/care-coordinator/ask/": "__Host-csrftoken",
        "/accounts/login/": "__Host-csrftoken",
    }.items():
        answer = site.ask("GET", address)
        cookies = SimpleCookie()
        for each in answer.headers.get_all("Set-Cookie") or []:
            cookies.load(each)
        assert name in cookies, address
        _check(cookies, {f"__Host-{each}" for each in KNOWN}, secure=True)
