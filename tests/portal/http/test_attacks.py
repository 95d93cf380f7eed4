"""The usual attacks, tried: each is refused, in plain words and without a fault of ours."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from inquiries.forms import InquiryForm
from inquiries.models import Inquiry
from portal.accounts.session_store import SessionStore
from portal.config.checks import hosts_are_named_one_by_one
from portal.models import Role
from tests.factories import PASSWORD, make_article, make_staff
from tests.portal.real_site import SECRET, Site

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover, pytest.mark.once]

LOGIN = "/accounts/login/"
ASK = "/care-coordinator/ask/"
PRIVATE = "/care-coordinator/request/"
EVIL = "evil.example"
PUBLIC = (
    *("/", "/articles/", "/categories/", "/search/?q=kidney", "/feed/", "/sitemap.xml"),
    *("/robots.txt", "/.well-known/security.txt", "/care-coordinator/", "/privacy/"),
)


# --- Host and forwarding headers ------------------------------------------------------------------

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
def test_a_foreign_or_odd_host_is_refused_and_not_repeated(client: Client, host: str) -> None:
    for address in ("/", "/robots.txt", "/admin/", "/no-such", LOGIN):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == 400, address
        assert EVIL not in response.text


@pytest.mark.parametrize("host", ["*", ".portal.example"])
def test_a_name_that_visitors_may_choose_is_a_failed_check(host: str) -> None:
    assert hosts_are_named_one_by_one() == []
    with override_settings(ALLOWED_HOSTS=["portal.example", host]):
        assert [error.id for error in hosts_are_named_one_by_one()] == ["portal.E002"]


def test_what_a_proxy_would_say_is_not_believed_of_a_visitor(client: Client) -> None:
    for address in PUBLIC:
        response = client.get(address, headers=FORGED)
        assert response.status_code == 200, address
        assert EVIL not in response.text, address
        assert EVIL not in str(response.headers), address
        assert "https://testserver" not in response.text, address


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_visitor_cannot_claim_to_come_by_https(client: Client) -> None:
    for name in ("X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-Ssl", "Front-End-Https"):
        for word in ("https", "on", "https, http"):
            assert client.get("/", headers={name: word}).status_code == 301, (name, word)


def test_over_the_wire_the_host_is_the_one_allowed_and_no_other(site: Site) -> None:
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


# --- Caches ---------------------------------------------------------------------------------------


def test_no_header_or_cookie_changes_what_a_cache_may_keep(client: Client) -> None:
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


def test_an_answer_that_mends_a_broken_cookie_is_kept_by_no_cache(client: Client) -> None:
    client.cookies["csrftoken"] = SECRET
    response = client.get("/")
    assert "csrftoken" in response.cookies
    assert response["Cache-Control"] == "private, no-store"


def test_a_refusal_is_kept_by_no_cache_in_place_of_a_page(client: Client) -> None:
    """Or one odd request would take a page away from everybody behind the same cache."""
    for headers in ({"Host": EVIL}, {"Cookie": "a=" + "x" * 40_000}, {"Cookie": "a=%00\x00"}):
        response = client.get("/", headers=headers)
        assert response.status_code in {400, 431}
        assert response["Cache-Control"] == "private, no-store"
    assert client.generic("PUT", "/")["Cache-Control"] == "private, no-store"


# --- Redirects ------------------------------------------------------------------------------------

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
    """As browsers read it: they drop tabs and line ends and take a backslash for a slash."""
    read = re.sub(r"[\t\r\n]", "", location).strip("\x00 ").replace("\\", "/")
    parts = urlsplit(read)
    is_ours = parts.netloc in {"", "testserver"} and parts.scheme in {"", "http", "https"}
    return not is_ours or read.startswith("//") or (bool(parts.scheme) and not parts.netloc)


def test_the_reading_of_addresses_in_these_tests_finds_what_browsers_would() -> None:
    assert all(leads_elsewhere(each) for each in (f"//{EVIL}", f"/\\{EVIL}", f"https:{EVIL}"))
    assert not leads_elsewhere("/admin/?a=//b")
    assert not leads_elsewhere("https://testserver/")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_door_leads_elsewhere(client: Client, address: str) -> None:
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
def test_no_path_leads_elsewhere(client: Client, path: str, *, https: bool) -> None:
    with override_settings(SECURE_SSL_REDIRECT=https):
        response = client.generic("GET", path)
    assert response.status_code in {301, 404}
    assert not leads_elsewhere(response.get("Location", "/"))


# --- Forms from elsewhere -------------------------------------------------------------------------

# Patterns that are written as regular expressions, with what they match.
EXPRESSIONS = {"(?P<app_label>": "articles/", "(?P<url>": "no-such"}


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """One for each route, with made-up things in it."""
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
def test_no_route_takes_a_form_from_elsewhere(origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff(is_superuser=True))
    client.get(ASK)  # for the cookie that a forged form would be sent with
    headers = {"Origin": origin} if origin else {}
    tried = list(addresses())
    assert len(tried) > 40
    for address in tried:
        response = client.post(address, {"confirm": "yes"}, headers=headers)
        # What patients write comes back with all that was typed.
        expected = {404, 405, 422} if address.startswith((ASK, PRIVATE)) else {403}
        if address.endswith("/clear/") and not origin:
            expected = {404}  # A count, and old browsers do not say from where; there is no “a”.
        assert response.status_code in expected, address
    assert not Inquiry.objects.exists()


def test_nobody_is_signed_in_by_a_form_from_elsewhere() -> None:
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
def test_a_method_is_what_was_sent_and_not_what_is_said(
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


# --- Sessions -------------------------------------------------------------------------------------


def test_a_session_that_somebody_else_chose_is_not_taken_on(client: Client) -> None:
    person = make_staff(Role.LEAD)
    # One that never was, and one that an attacker has had opened here.
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


def test_signing_out_ends_the_session_for_whoever_copied_its_cookie(client: Client) -> None:
    client.force_login(make_staff(Role.LEAD))
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copied.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    assert copied.get("/admin/").status_code == 302
    assert not [each for each in Session.objects.all() if "_auth_user_id" in each.get_decoded()]


# --- Line ends and other odd characters -----------------------------------------------------------


def good_form(**fields: str) -> dict[str, str]:
    return {
        "full_name": "Ana Example",
        "contact_method": "email",
        "email": "ana@example.org",
        "message": "May I talk to someone?",
        "consent": "on",
        **fields,
    }


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_no_field_brings_a_line_into_a_mail(end: str) -> None:
    typed = [f"ana@example.org{end}Bcc: all@{EVIL}", f"ana{end}@example.org"]
    if end.strip("\r\n") == "":
        typed += [f'"{end}"@example.org', f'"a{end}Bcc: b"@example.org', f"ana@example{end}.org"]
    for each in typed:
        form = InquiryForm(good_form(email=each))
        assert "email" in form.errors or form.cleaned_data["email"] == "ana@example.org", each
    for name in ("full_name", "patient_name"):
        form = InquiryForm(good_form(**{name: f"Ana{end}Bcc: all@{EVIL}"}))
        assert form.is_valid()
        assert len(str(form.cleaned_data[name]).splitlines()) == 1


def test_a_mail_with_a_line_end_in_its_head_is_not_made() -> None:
    for parts in (
        {"subject": f"A request\nBcc: all@{EVIL}"},
        {"to": [f"a@example.org\nBcc: all@{EVIL}"]},
        {"from_email": f"a@example.org\r\nBcc: all@{EVIL}"},
        {"headers": {"X": f"1\nBcc: all@{EVIL}"}},
    ):
        words: dict[str, Any] = {"subject": "A", "body": "b", "to": ["a@example.org"], **parts}
        with pytest.raises(BadHeaderError):
            EmailMessage(**words).message()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "%0d%0a", "%E5%98%8A%E5%98%8D"])
def test_no_answer_takes_a_header_from_what_was_sent(client: Client, end: str) -> None:
    forged = f"a{end}Set-Cookie: forged=1{end}X-Forged: 1"
    person = make_staff(Role.LEAD)
    answers = [
        client.get(f"/articles?next={forged}"),
        client.get("/search/", {"q": forged}),
        client.get(ASK, {"article": forged}),
        client.get("/admin/", headers={"Cookie": f"sessionid={forged}", "X-Request-ID": forged}),
        client.post(ASK, good_form(full_name=forged, article=forged, idempotency_key=forged)),
        client.post(LOGIN, {"login": person.username, "password": PASSWORD, "next": f"/{forged}"}),
        client.post("/accounts/logout/", {"next": f"/{forged}"}),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert "X-Forged" not in answer.headers
        assert "forged" not in answer.cookies
        assert not any("\n" in value or "\r" in value for value in answer.headers.values())


ODD = [
    *("\x00", "%00", "\x00" * 50, "\ufffe\uffff", "\u202e\u2066", "a" * 3000, "&" * 3000),
    *("=&=&=", "q[]=1&q[a][b]=2", "[" * 1500 + "]" * 1500, "{" * 1500, "(" * 1500, "%", "%%%"),
    *("%ff%fe", "%ed%a0%80", "%c0%ae%c0%ae/", "%u0041", "' OR 1=1 --", '"; DROP TABLE x; --'),
    *(
        "${jndi:ldap://127.0.0.1/a}",
        "{{7777*7777}}",
        "<script>alert(1)</script>",
        "../" * 100,
        "-1",
        "9" * 2000,
    ),
    *("1e309", "NaN", "\u0661\u0662", "\ud83d", "💊" * 500, "a*" * 300, "NEAR(a b", '"' * 301),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_queries_and_words_are_no_fault_of_ours(client: Client, odd: str) -> None:
    person = make_staff(is_superuser=True)
    query = odd.encode("utf-8", "surrogatepass").decode("latin-1").replace("#", "%23")
    anyone = ["/search/?q=", "/articles/?page=", "/categories/?", f"{ASK}?article=", "/feed/?"]
    staff = [
        *("/admin/inquiries/inquiry/?q=", "/admin/inquiries/inquiry/?after="),
        *("/admin/inquiries/inquiry/?view=", "/admin/articles/article/?q="),
        *("/admin/articles/article/?p=", "/admin/articles/article/?o=", "/admin/portal/user/?"),
        "/admin/articles/article/?categories__id__exact=",
    ]
    for address in anyone:
        response = client.generic("GET", address, QUERY_STRING=f"{address.split('?')[1]}{query}")
        assert response.status_code in {200, 302, 400, 404}, address
        assert "<script>alert" not in response.text
        assert "60481729" not in response.text
    client.force_login(person)
    for address in staff:
        response = client.generic("GET", address, QUERY_STRING=f"{address.split('?')[1]}{query}")
        assert response.status_code in {200, 302, 400, 403, 404}, address
    typed = odd.encode("utf-8", "replace").decode()
    fields = dict.fromkeys(["full_name", "email", "phone", "message", "topic", "article"], typed)
    assert client.post(ASK, {**good_form(), **fields}).status_code in {302, 422}
    assert client.post(LOGIN, {"login": typed, "password": typed}).status_code in {200, 302}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/static/../portal/settings.py",
            "/static/%2e%2e/%2e%2e/etc/passwd",
            "/static//etc/passwd",
        ),
        *("/static/..%5c..%5cetc/passwd", "/static/portal/../../../etc/passwd", "/static/%00"),
        *(
            "/static/portal/css/page.css/../../x",
            "/static/",
            "/static/portal",
            "/static/staticfiles.json/",
        ),
        *("/.env", "/.git/config", "/portal.sqlite3", "/demo.env", "/admin/../portal.sqlite3"),
    ],
)
def test_no_path_leads_out_of_the_static_files(client: Client, path: str) -> None:
    response = client.generic("GET", path)
    response.close()
    assert response.status_code in {302, 400, 404}
    assert "root:" not in response.text
    assert "SECRET_KEY" not in response.text
