"""Request sizes and methods: whatever is over the limit is refused plainly."""

import io
import re
import socket
import time
from contextlib import ExitStack, suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from articles.content import MAX_BODY_LENGTH
from articles.models import Article
from portal.http import limits
from portal.models import User
from tests.factories import make_category
from tests.portal.real_site import FROM_THE_PROXY, HOST, Site

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "status"),
    [(limits.MAX_BODY - 100, 422), (limits.MAX_BODY + 1, 413), (3 * limits.MAX_BODY, 413)],
)
def test_a_body_is_taken_up_to_its_limit(client: Client, body: int, status: int) -> None:
    response = client.generic("POST", ASK, b"message=" + b"x" * (body - 8), FORM)
    assert response.status_code == status
    if status == 413:
        assert "too much to send at once" in response.text


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
        assert "can’t accept files" in response.text
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
    assert limits.refusal_status(request.META) in {None, 413}


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
    # Without the form's cookie it is not accepted, and comes back with all that was typed.
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert b"Kept as typed" in answer


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_a_body_without_a_length_is_not_read_without_end(site: Site, size: int) -> None:
    body = chunked(b"message=" + b"x" * (size - 8))
    assert site.send(head("POST", ASK, CHUNKED) + body).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_a_long_body_is_refused_unread(site: Site, size: int) -> None:
    began = time.monotonic()
    # Half of the body never arrives.
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


def test_who_never_ends_their_headers_holds_up_nobody(site: Site) -> None:
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


def test_the_sizes_are_those_that_were_agreed() -> None:
    assert limits.max_body("/care-coordinator/ask/") == limits.MAX_BODY == 1_500_000
    assert limits.max_body("/admin/articles/article/add/") == limits.MAX_STAFF_BODY == 2_600_000
    assert limits.max_body("/admin/articles/image/add/") == limits.MAX_IMAGE_BODY == 20_000_000
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 2_600_000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 200
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 1
    assert (limits.MAX_URL_LENGTH, limits.MAX_HEADERS_LENGTH) == (8_192, 32_768)
