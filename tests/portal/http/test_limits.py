"""How large, in which methods and how often: what is over is refused plainly."""

import io
import re
import socket
import time
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings

import portal.http.cache
from articles.content import MAX_BODY_LENGTH
from articles.models import Article
from inquiries.models import Inquiry
from inquiries.states import SpamSignal
from portal.config.checks import limits_are_on
from portal.http import limits
from portal.http.limits import FLOOD_LIMITS, LIMITS, Limit
from portal.models import User
from tests.factories import make_category
from tests.portal.real_site import FROM_THE_PROXY, HOST, Site

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
FORM = "application/x-www-form-urlencoded"
NOON = "2026-11-23T12:00:05Z"


def good_form(number: int = 0) -> dict[str, Any]:
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": f"one-form-on-one-screen-{number}",
    }


# --- How large ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [(limits.MAX_BODY - 100, 422), (limits.MAX_BODY + 1, 413), (3 * limits.MAX_BODY, 413)],
)
def test_a_body_is_taken_up_to_its_limit(client: Client, body: int, status: int) -> None:
    response = client.generic("POST", ASK, b"message=" + b"x" * (body - 8), FORM)
    assert response.status_code == status
    if status == 413:
        assert "too much at once" in response.text


def test_the_longest_article_of_the_longest_characters_is_saved(
    client: Client, editor: User
) -> None:
    client.force_login(editor)
    words = {
        "title": "Long",
        "slug": "long",
        "summary": "é" * 400,
        "categories": str(make_category().pk),
        "body": "😀" * MAX_BODY_LENGTH,
    }
    body = urlencode(words).encode()
    assert len(body) > 2_400_000
    response = client.generic("POST", "/admin/articles/article/add/", body, FORM)
    assert response.status_code == 302, response.text
    assert len(Article.objects.get().head.body) == MAX_BODY_LENGTH


def test_nobody_sends_a_file(client: Client, editor: User) -> None:
    file = SimpleUploadedFile("a.txt", b"x")
    for address in (ASK, "/accounts/login/", "/admin/articles/article/add/"):
        response = client.post(address, {"full_name": file})
        assert response.status_code == 400, address
        assert "cannot take files" in response.text
        client.force_login(editor)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/search/?q=" + "x" * limits.MAX_URL_LENGTH, {}, 414),
        ("/" + "x" * limits.MAX_URL_LENGTH, {}, 414),
        ("/search/?" + "&".join(f"f{number}=x" for number in range(300)), {}, 400),
        ("/", {"Cookie": "a=" + "x" * limits.MAX_HEADERS_LENGTH}, 431),
        ("/", {f"X-{number}": "x" * 999 for number in range(40)}, 431),
        ("/search/?q=" + "x" * 4000, {"Cookie": "a=" + "x" * 8000}, 200),
        ("/admin/portal/user/%00/change/", {}, 400),
    ],
)
def test_what_is_too_long_to_read_is_refused_plainly(
    client: Client, address: str, headers: dict[str, str], status: int
) -> None:
    response = client.get(address, headers=headers)
    assert response.status_code == status
    assert "<h1>" in response.text


@pytest.mark.parametrize("length", ["", "-1", "many", "1e9", "٣", "9" * 5000])
def test_an_odd_length_is_no_fault_of_ours(length: str) -> None:
    request = RequestFactory().post(ASK)
    request.META["CONTENT_LENGTH"] = length
    assert limits._refusal_status(request) in {None, 413}


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "BREW"]
)
def test_other_methods_are_refused_with_those_that_are_not(client: Client, method: str) -> None:
    for address in ("/", ASK, "/admin/", "/no-such", "/static/portal/css/page.css"):
        response = client.generic(method, address)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD, POST"
        assert "Nothing was changed" in response.text


def test_a_page_that_is_only_read_says_so_to_who_sends_to_it(client: Client) -> None:
    response = client.post("/articles/")
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD"}
    assert "Nothing was changed" in response.text


# --- Over the wire --------------------------------------------------------------------------------


def head(method: str = "POST", address: str = ASK, *more: str) -> bytes:
    named = {**FROM_THE_PROXY, "Connection": "close", "Content-Type": FORM}
    lines = [f"{method} {address} HTTP/1.1", *(f"{key}: {value}" for key, value in named.items())]
    return "\r\n".join([*lines, *more, "", ""]).encode()


def chunked(body: bytes, size: int = 60_000) -> bytes:
    parts = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"


def test_a_body_without_a_length_is_read_whole(site: Site) -> None:
    answer = site.send(head("POST", ASK, CHUNKED) + chunked(b"message=Kept+as+typed", 5))
    # Without the cookie of the form it is not taken, and comes back with all that was typed.
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert b"Kept as typed" in answer


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_a_body_without_a_length_is_not_read_without_end(site: Site, size: int) -> None:
    body = chunked(b"message=" + b"x" * (size - 8))
    assert site.send(head("POST", ASK, CHUNKED) + body).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_a_long_body_is_refused_unread(site: Site, size: int) -> None:
    began = time.monotonic()
    # Half of it never comes.
    answer = site.send(head("POST", ASK, f"Content-Length: {2 * size}") + b"x" * size)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (head("POST", ASK, "Content-Length: 3", "Content-Length: 5") + b"hello", b"400"),
        (head("POST", ASK, "Content-Length: -3") + b"hello", b"400"),
        (head("GET", "/", "X: " + "x" * 100_000), b"431"),
        (head("GET", "/", *(f"X{number}: 1" for number in range(200))), b"431"),
        (head("GET", "/?" + "x" * 60_000), b"414"),
        (head("GET", "/?" + "x" * 70_000), b"414"),
        (head("GET", "/search/?q=%00%ff%fe%ed%a0%80"), b"200"),
        (head("GET", "/%00%ff/"), b"404"),
        (head("GET", "/admin/articles/article/%00/"), b"400"),
        (head("GET", "/%ff%fe/"), b"404"),
        (head("GET", "/static/../../etc/passwd"), b"404"),
        (head("GET", "/static/%2e%2e/%2e%2e/portal.sqlite3"), b"404"),
        (head("GET", "/static/..%2f..%2fportal.sqlite3"), b"404"),
        (head("GET", "/static//etc/passwd"), b"404"),
        (head("GET", "/", "X-\xff: \xff"), b"400"),
    ],
)
def test_malformed_and_oversized_requests_are_refused_and_no_fault(
    site: Site, raw: bytes, status: bytes
) -> None:
    assert site.send(raw).split(b" ", 2)[1] == status


def test_who_never_ends_her_headers_holds_up_nobody(site: Site) -> None:
    """Slow loris: hundreds of connections that send a header line now and then."""
    with ExitStack() as open_ones:
        slow = []
        for _ in range(300):
            line = socket.create_connection((HOST, site.port), timeout=20)
            slow.append(open_ones.enter_context(line))
            line.sendall(b"GET / HTTP/1.1\r\nHost: portal.example\r\n")
        for number in range(3):
            for line in slow:
                with suppress(OSError):
                    line.sendall(b"X-Slow-%d: 1\r\n" % number)
            began = time.monotonic()
            assert site.ask("GET", "/care-coordinator/").status == 200
            assert site.ask("POST", ASK, b"").status in {403, 422}
            assert time.monotonic() - began < 5


def test_who_sends_to_a_static_file_is_told_that_it_is_only_read(site: Site) -> None:
    found = re.search(r"/static/[^\"]+\.css", site.ask("GET", "/").text)
    assert found
    assert site.ask("GET", found[0]).status == 200
    answer = site.ask("POST", found[0], b"a=b")
    assert answer.status == 405
    assert "Nothing was changed" in answer.text


def test_a_request_knows_nothing_of_the_servers_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from portal import wsgi

    seen: dict[str, Any] = {}

    def remember(request: dict[str, Any], start_response: object) -> list[bytes]:
        seen.update(request)
        return []

    monkeypatch.setattr(wsgi, "_django", remember)
    given = RequestFactory().get("/", headers={"Accept": "text/html"}).environ
    wsgi.application(
        {**given, "SECRET_KEY": "x", "FIELD_KEYS": "x", "DATABASE_URL": "x", "PATH": "/bin"},
        lambda *said: None,  # type: ignore[arg-type]
    )
    assert seen["HTTP_ACCEPT"] == "text/html"
    assert not {"SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "PATH"} & seen.keys()


def test_no_more_than_one_byte_too_many_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal import wsgi

    read = io.BytesIO(b"x" * 4_000_000)
    request: dict[str, Any] = {"wsgi.input": read, "PATH_INFO": "/admin/"}
    wsgi._measure_body(request)
    assert read.tell() == limits.MAX_STAFF_BODY + 1 == int(request["CONTENT_LENGTH"])


# --- How often ------------------------------------------------------------------------------------


def statuses(
    client: Client, number: int, address: str = "/search/?q=kidney", **more: Any
) -> set[int]:
    return {client.get(address, **more).status_code for _ in range(number)}


def test_the_limits_are_those_that_were_agreed() -> None:
    readers = Limit(300, 60, "address")
    assert LIMITS["articles:search"] == LIMITS["articles:feed"] == readers
    assert LIMITS["articles:category_feed"] == readers
    assert LIMITS["articles:clear"] == Limit(30, 600, "address")
    assert LIMITS["admin:inquiries_inquiry_find"] == Limit(60, 60, "account")
    assert list(FLOOD_LIMITS) == ["inquiries:ask", "inquiries:private_prove"]
    assert FLOOD_LIMITS["inquiries:private_prove"] == {SpamSignal.FLOOD: Limit(20, 900, "address")}
    assert FLOOD_LIMITS["inquiries:ask"] == {
        SpamSignal.FLOOD: Limit(30, 600, "address"),
        SpamSignal.CROWD: Limit(600, 600, "all"),
    }
    longest = max(
        each.seconds
        for each in [
            *LIMITS.values(),
            *(each for flood in FLOOD_LIMITS.values() for each in flood.values()),
        ]
    )
    assert settings.CACHES["default"]["TIMEOUT"] >= longest


def test_the_sizes_are_those_that_were_agreed() -> None:
    assert limits.max_body("/care-coordinator/ask/") == limits.MAX_BODY == 1_500_000
    assert limits.max_body("/admin/articles/article/add/") == limits.MAX_STAFF_BODY == 2_600_000
    assert limits.max_body("/admin/articles/image/add/") == limits.MAX_IMAGE_BODY == 20_000_000
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 2_600_000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 200
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 1
    assert (limits.MAX_URL_LENGTH, limits.MAX_HEADERS_LENGTH) == (8_192, 32_768)


@pytest.mark.parametrize("address", ["/search/?q=kidney", "/feed/"])
@time_machine.travel(NOON, tick=False)
def test_reading_too_often_gets_a_page_that_says_when_to_come_back(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("articles:search", "articles:feed"):
        monkeypatch.setitem(LIMITS, name, Limit(3, 60, "address"))
    assert statuses(client, 3, address) == {200}
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "55"
    assert "Wait 55 seconds and try again" in refused.text
    assert refused["Cache-Control"] == "private, no-store"
    assert statuses(client, 2, address, REMOTE_ADDR="198.51.100.7") == {200}, "nobody else's"
    assert client.get("/").status_code == 200, "and nothing else"
    with time_machine.travel(NOON, tick=False) as clock:
        clock.shift(timedelta(seconds=56))
        assert statuses(client, 3, address) == {200}


@time_machine.travel(NOON, tick=False)
def test_the_three_hundred_and_first_search_of_a_minute_is_refused(client: Client) -> None:
    assert statuses(client, 300, "/search/") == {200}
    assert statuses(client, 1, "/search/") == {429}


@pytest.fixture
def one_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "articles:search", Limit(1, 60, "address"))


@pytest.mark.usefixtures("one_a_minute")
@time_machine.travel(NOON, tick=False)
def test_a_forged_address_helps_nobody(client: Client) -> None:
    client.get("/search/")
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP"):
        response = client.get("/search/", headers={name: "198.51.100.7"})
        assert response.status_code == 429, name
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        # The proxy adds the address it sees at the end.
        forged = [f"198.51.100.{number}, 203.0.113.9" for number in range(4)]
        answers = [client.get("/search/", headers={"X-Forwarded-For": each}) for each in forged]
        assert [each.status_code for each in answers] == [200, 429, 429, 429]


@pytest.mark.usefixtures("one_a_minute")
@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.8", False),
        ("203.0.113.9", "203.0.113.8", False),
        # Of who has none nothing is counted: they would all be one.
        ("", "", False),
        ("unix:", "unix:", False),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_a_household_is_one_and_a_neighbour_another(
    client: Client, first: str, second: str, is_one: bool
) -> None:
    assert client.get("/search/", REMOTE_ADDR=first).status_code == 200
    expected = 429 if is_one else 200
    assert client.get("/search/", REMOTE_ADDR=second).status_code == expected


@time_machine.travel(NOON, tick=False)
def test_staff_are_counted_by_account_wherever_they_sit(
    coordinator: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "admin:index", Limit(2, 60, "account"))
    clients = {}
    for user in (coordinator, lead):
        clients[user] = Client()
        clients[user].force_login(user)
    answers = [
        clients[coordinator].get("/admin/", REMOTE_ADDR=f"203.0.113.{number}").status_code
        for number in range(3)
    ]
    assert answers == [200, 200, 429]
    assert clients[lead].get("/admin/").status_code == 200
    assert Client().get("/admin/").status_code == 302, "a stranger is sent to sign in, uncounted"


@pytest.mark.usefixtures("one_a_minute")
def test_limits_can_be_switched_off_to_measure(client: Client) -> None:
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert statuses(client, 5) == {200}
        assert client.post(ASK, good_form()).status_code == 302


def test_limits_left_off_are_a_finding_of_the_deploy_check() -> None:
    assert limits_are_on() == []
    with override_settings(RATE_LIMITS_ENABLED=False):
        assert [finding.id for finding in limits_are_on()] == ["portal.W001"]


@pytest.mark.usefixtures("one_a_minute")
def test_without_a_cache_nobody_is_refused_and_the_log_says_it_once(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    full = OSError("No space left on device")
    with patch.object(FileBasedCache, "add", side_effect=full) as asked:
        assert statuses(client, 5) == {200}
        assert client.post(ASK, good_form()).status_code == 302
    assert asked.call_count == 1, "and is then left alone for a while"
    said = [record.message for record in caplog.records if record.name == "portal.http.cache"]
    assert said == ["The cache fails: nothing is counted or kept for a while."]


@pytest.mark.usefixtures("one_a_minute")
def test_a_slow_cache_is_left_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal.http.cache, "SLOW_SECONDS", -1.0)
    assert statuses(client, 5) == {200}


def test_a_count_that_was_thrown_out_begins_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "add", lambda *args: False)
    assert statuses(client, 2) == {200}


# --- The form: marked, never refused --------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_of_one_address_the_thirty_first_request_is_stored_and_marked(client: Client) -> None:
    for number in range(32):
        assert client.post(ASK, good_form(number)).status_code == 302
    other = client.post(ASK, good_form(99), REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 302
    assert Inquiry.objects.count() == 33
    assert Inquiry.objects.filter(suspicion__contains=SpamSignal.FLOOD).count() == 2
    assert Inquiry.objects.quarantined().count() == 2


@time_machine.travel(NOON, tick=False)
def test_of_all_addresses_together_too_many_are_marked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:ask", {SpamSignal.CROWD: Limit(2, 600, "all")})
    for number in range(4):
        client.post(ASK, good_form(number), REMOTE_ADDR=f"203.0.113.{number}")
    assert Inquiry.objects.count() == 4
    assert Inquiry.objects.filter(suspicion=SpamSignal.CROWD).count() == 2
    assert not Inquiry.objects.quarantined().exists(), "by this alone nobody waits"


@time_machine.travel(NOON, tick=False)
def test_who_only_looks_at_the_form_or_fails_the_csrf_check_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(FLOOD_LIMITS, "inquiries:ask", {SpamSignal.FLOOD: Limit(1, 600, "address")})
    strict = Client(enforce_csrf_checks=True)
    for number in range(4):
        strict.get(ASK)
        assert strict.post(ASK, good_form(number)).status_code == 422
    Client().post(ASK, good_form(9))
    assert not Inquiry.objects.get().suspicion
