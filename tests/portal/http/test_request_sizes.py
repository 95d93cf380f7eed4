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
def test_a_body_is_accepted_up_to_its_limit(client: Client, body: int, status: int) -> None:
    response = client.generic("POST", ASK, b"message=" + b"x" * (body - 8), FORM)
    assert response.status_code == status
    if status == 413:
        assert "too much to send at once" in response.text


def test_the_longest_article_in_the_widest_characters_is_saved(
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


def test_nobody_can_send_a_file(client: Client, editor: User) -> None:
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
def test_oversized_urls_and_headers_get_a_plain_error_page(
    client: Client, address: str, headers: dict[str, str], status: int
) -> None:
    response = client.get(address, headers=headers)
    assert response.status_code == status
    assert "<h1>" in response.text


@pytest.mark.parametrize("length", ["", "-1", "many", "1e9", "٣", "9" * 5000])
def test_an_odd_content_length_causes_no_server_error(length: str) -> None:
    request = RequestFactory().post(ASK)
    request.META["CONTENT_LENGTH"] = length
    assert limits.refusal_status(request.META) in {None, 413}


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "BREW"]
)
def test_other_methods_are_refused_with_a_list_of_allowed_ones(client: Client, method: str) -> None:
    for address in ("/", ASK, "/admin/", "/no-such", "/static/portal/css/page.css"):
        response = client.generic(method, address)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD, POST"
        assert "Nothing was changed" in response.text


def test_posting_to_a_read_only_page_says_that_it_is_read_only(client: Client) -> None:
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


def test_a_body_without_a_length_is_read_in_full(site: Site) -> None:
    answer = site.send(head("POST", ASK, CHUNKED) + chunked(b"message=Kept+as+typed", 5))
    # Without the form's cookie it is not accepted, and comes back with all that was typed.
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert b"Kept as typed" in answer


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_a_body_without_a_length_is_not_read_endlessly(site: Site, size: int) -> None:
    body = chunked(b"message=" + b"x" * (size - 8))
    assert site.send(head("POST", ASK, CHUNKED) + body).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("size", [limits.MAX_BODY + 1, 40_000_000])
def test_an_oversized_body_is_refused_without_being_read(site: Site, size: int) -> None:
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
def test_malformed_and_oversized_requests_are_refused_without_errors(
    site: Site, raw: bytes, status: bytes
) -> None:
    assert site.send(raw).split(b" ", 2)[1] == status


def test_endless_headers_hold_nobody_up(site: Site) -> None:
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


def test_posting_to_a_static_file_says_that_it_is_read_only(site: Site) -> None:
    found = re.search(r"/static/[^\"]+\.css", site.ask("GET", "/").text)
    assert found
    assert site.ask("GET", found[0]).status == 200
    answer = site.ask("POST", found[0], b"a=b")
    assert answer.status == 405
    assert "Nothing was changed" in answer.text


def test_a_request_contains_nothing_from_the_servers_environment(
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


def test_at_most_one_byte_over_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal import wsgi

    read = io.BytesIO(b"x" * 4_000_000)
    request: dict[str, Any] = {"wsgi.input": read, "PATH_INFO": "/admin/"}
    wsgi._measure_body(request)
    assert read.tell() == limits.MAX_STAFF_BODY + 1 == int(request["CONTENT_LENGTH"])


def test_the_sizes_are_as_agreed() -> None:
    assert limits.max_body("/care-coordinator/ask/") == limits.MAX_BODY == 1_500_000
    assert limits.max_body("/admin/articles/article/add/") == limits.MAX_STAFF_BODY == 2_600_000
    assert limits.max_body("/admin/articles/image/add/") == limits.MAX_IMAGE_BODY == 20_000_000
    assert limits.max_body("/admin/articles/article/import/") == limits.MAX_IMAGE_BODY
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 2_600_000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 200
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 50
    assert (limits.MAX_URL_LENGTH, limits.MAX_HEADERS_LENGTH) == (8_192, 32_768)
