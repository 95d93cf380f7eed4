"""Links, forms and sessions made up by another site: none redirects elsewhere or does anything."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from inquiries.models import Inquiry
from portal.accounts.session_store import SessionStore
from portal.models import Role
from tests.factories import PASSWORD, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.once]

LOGIN = "/accounts/login/"
ASK = "/care-coordinator/ask/"
PRIVATE = "/care-coordinator/request/"
EVIL = "evil.example"

ELSEWHERE = [
    *(f"https://{EVIL}/", f"//{EVIL}/", f"///{EVIL}", f"////{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}"),
    *(f"https:{EVIL}", f"https:/{EVIL}", f"http:///{EVIL}", f"/%09/{EVIL}", f"/\t/{EVIL}"),
    *(f"\n//{EVIL}", f" //{EVIL}", f"%2f%2f{EVIL}", f"/%2f/{EVIL}", f"/%5c{EVIL}", f"//%2f{EVIL}"),
    *(f"https://testserver@{EVIL}/", f"https://testserver.{EVIL}/", f"//testserver\\@{EVIL}"),
    *(f"javascript:alert('{EVIL}')", f"data:text/html,{EVIL}", f"ftp://{EVIL}", f"/\x00/{EVIL}"),
    *(
        f"/\uff0f{EVIL}",
        f"//\uff0f{EVIL}",
        f"/\u2028/{EVIL}",
        f"/a\r\nLocation: https://{EVIL}",
        f"https://{EVIL}%00/",
    ),
]


def leads_elsewhere(location: str) -> bool:
    """Read it as browsers do: they drop tabs and line ends, and treat a backslash as a slash."""
    read = re.sub(r"[\t\r\n]", "", location).strip("\x00 ").replace("\\", "/")
    parts = urlsplit(read)
    is_ours = parts.netloc in {"", "testserver"} and parts.scheme in {"", "http", "https"}
    return not is_ours or read.startswith("//") or (bool(parts.scheme) and not parts.netloc)


def test_these_tests_parse_urls_the_way_browsers_do() -> None:
    assert all(leads_elsewhere(each) for each in (f"//{EVIL}", f"/\\{EVIL}", f"https:{EVIL}"))
    assert not leads_elsewhere("/admin/?a=//b")
    assert not leads_elsewhere("https://testserver/")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_or_out_never_redirects_to_another_site(client: Client, address: str) -> None:
    person = make_staff(Role.LEAD)
    answers = [
        client.get("/admin/login/", {"next": address}),
        client.post(LOGIN, {"login": person.username, "password": PASSWORD, "next": address}),
        client.get(LOGIN, {"next": address}),
        client.get("/admin/login/", {"next": address}),
    ]
    for name in ("account_reauthenticate", "mfa_reauthenticate"):
        try:
            door = reverse(name)
        except NoReverseMatch:
            continue
        answers.append(client.post(f"{door}?next={quote(address)}", {"password": PASSWORD}))
        answers.append(client.post(door, {"password": PASSWORD, "next": address}))
    answers.append(client.post("/accounts/logout/", {"next": address}))
    answers.append(client.get("/accounts/logout/", {"next": address}))
    assert any(answer.status_code == 302 for answer in answers)
    for answer in answers:
        assert answer.status_code in {200, 302, 400, 404}
        assert "\n" not in answer.get("Location", "")
        assert not leads_elsewhere(answer.get("Location", "/")), answer["Location"]


@pytest.mark.parametrize("https", [True, False])
@pytest.mark.parametrize("path", [f"//{EVIL}/articles", f"/\\{EVIL}/a", f"/%5c%5c{EVIL}/%2e%2e"])
def test_no_path_redirects_to_another_site(client: Client, path: str, *, https: bool) -> None:
    with override_settings(SECURE_SSL_REDIRECT=https):
        response = client.generic("GET", path)
    assert response.status_code in {301, 404}
    assert not leads_elsewhere(response.get("Location", "/"))


# Routes written as regular expressions, with text that they match.
EXPRESSIONS = {"(?P<app_label>": "articles/", "(?P<url>": "no-such"}


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield an address for each route, with made-up parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        for mark, text in EXPRESSIONS.items():
            if mark in route:
                route = text
        route = re.sub(r"<uuid:\w+>", str(uuid4()), route)
        route = re.sub(r"<int:\w+>", "1", route)
        route = re.sub(r"<(\w+:)?\w+>", "a", route)
        if isinstance(pattern, URLPattern):
            yield prefix + route
        else:
            yield from addresses(pattern, prefix + route)


@pytest.mark.parametrize("origin", ["", f"https://{EVIL}", "null"])
def test_no_route_accepts_a_form_from_another_site(origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff(is_superuser=True))
    client.get(ASK)  # gets the cookie that a browser would send with a forged form
    headers = {"Origin": origin} if origin else {}
    tried = list(addresses())
    assert len(tried) > 40
    for address in tried:
        response = client.post(address, {"confirm": "yes"}, headers=headers)
        # The form that patients fill in comes back with all that was typed.
        expected = {404, 405, 422} if address.startswith((ASK, PRIVATE)) else {403}
        if address == "/mail/bounces/":
            expected = {404}  # Off. Mail providers call it, with a secret and no session.
        if address.endswith("/clear/") and not origin:
            expected = {404}  # A count; old browsers send no origin. There is no “a”.
        assert response.status_code in expected, address
    assert not Inquiry.objects.exists()


def test_a_form_from_another_site_signs_nobody_in() -> None:
    person = make_staff(Role.LEAD)
    client = Client(enforce_csrf_checks=True)
    words = {"login": person.username, "password": PASSWORD}
    assert client.post(LOGIN, words).status_code == 403
    client.get(LOGIN)
    forged = {**words, "csrfmiddlewaretoken": "x" * 64}
    assert client.post(LOGIN, forged).status_code == 403
    token = client.cookies["csrftoken"].value
    true = {**words, "csrfmiddlewaretoken": token}
    assert client.post(LOGIN, true, headers={"Origin": f"https://{EVIL}"}).status_code == 403
    assert client.get("/admin/").status_code == 302
    assert client.post(LOGIN, true).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"X-HTTP-Method-Override": "POST"}, {}),
        ({"X-HTTP-Method": "POST"}, {}),
        ({"X-Method-Override": "DELETE"}, {}),
        ({}, {"_method": "POST"}),
        ({}, {"_method": "DELETE"}),
    ],
)
def test_attempts_to_override_the_method_are_ignored(
    client: Client, headers: dict[str, str], fields: dict[str, str]
) -> None:
    client.force_login(make_staff(Role.LEAD))
    client.get("/accounts/logout/", fields, headers=headers)
    assert client.get("/admin/").status_code == 200, "still signed in"
    assert (
        client.post("/articles/", fields, headers={"X-HTTP-Method-Override": "GET"}).status_code
        == 405
    )
    good = {"full_name": "A", "phone": "202-555-0100", "message": "x", "consent": "on", **fields}
    assert client.get(ASK, good, headers=headers).status_code == 200
    assert not Inquiry.objects.exists()


def test_a_session_chosen_by_somebody_else_is_not_used(client: Client) -> None:
    person = make_staff(Role.LEAD)
    # A key that never existed, and one of a session that an attacker opened here.
    opened = SessionStore()
    opened.create()
    for planted in ("attackerschosenkey0123456789abcde", str(opened.session_key)):
        victim = Client()
        victim.cookies["sessionid"] = planted
        victim.post(LOGIN, {"login": person.username, "password": PASSWORD})
        assert victim.get("/admin/").status_code == 200
        assert victim.cookies["sessionid"].value not in {"", planted}
        thief = Client()
        thief.cookies["sessionid"] = planted
        assert thief.get("/admin/").status_code == 302


def test_signing_out_also_ends_the_session_for_copied_cookies(client: Client) -> None:
    client.force_login(make_staff(Role.LEAD))
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copied.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    assert copied.get("/admin/").status_code == 302
    assert not [each for each in Session.objects.all() if "_auth_user_id" in each.get_decoded()]
