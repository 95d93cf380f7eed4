"""Answers readers from finished pages; what is not one of them goes on to Django."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection

from portal.http import limits, logs
from portal.page_cache import database
from portal.page_cache.keys import Key, find_key
from portal.page_cache.memory import Memory
from portal.page_cache.pages import Headers, Page, make_page
from portal.page_cache.versions import (
    CARE_ONLY_AFTER,
    TOLD_AFTER,
    Version,
    versions,
)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: Set by a view in `request.environ`: seconds since 1970 at which its page stops being true.
ENDS_AT = "portal.page_ends_at"
#: A visitor's own, which must not shape what the next one gets.
_NOT_FOR_ALL = (
    *("HTTP_ACCEPT_ENCODING", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH"),
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
    *("HTTP_AUTHORIZATION", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE"),
)
#: What tells how to get help stays, however long the database is away.
_CARE_ROUTES = frozenset({"home", "inquiries:coordinator", "privacy", "accessibility"})
_METHODS = frozenset({"GET", "HEAD"})
_NUMBER = "X-Request-ID"

memory = Memory(settings.PAGE_CACHE_BYTES)
_making: dict[Key, Lock] = defaultdict(Lock)


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: Headers
    body: bytes


@dataclass
class Captured:
    """What Django answered."""

    status: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def is_for_all(self) -> bool:
        names = {name.lower(): value for name, value in self.headers}
        return (
            self.status.startswith("200 ")
            and "set-cookie" not in names
            and "public" in names.get("cache-control", "")
        )


def answer_at_once(environ: Environ) -> Answer | None:
    """From memory, asking nobody; None where that is not enough."""
    began = time.perf_counter()
    version = versions.known()
    if version is None:
        return None
    key = _key_of(environ)
    if key is None or key.route_name in limits.LIMITS:
        return None
    page = memory.get(key)
    if page is None or not _is_true(page, version):
        return None
    return _answer(page, key, environ, version, began)


def respond(
    django: Application, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer as the WSGI application that stands behind this one would, and sooner."""
    began = time.perf_counter()
    key = _key_of(environ)
    if key is None:
        return django(environ, start_response)
    try:
        answer = _respond_from_kept(key, environ, began)
    finally:
        connection.close()
    if answer is None:
        answer = _respond_from_django(django, key, environ)
    start_response(f"{answer.status.value} {answer.status.phrase}", answer.headers)
    return [answer.body]


def make(django: Application, key: Key, environ: Environ) -> tuple[Page | None, Captured]:
    """Ask Django for it as nobody in particular, and keep it where it is the same for all."""
    version = versions.read()
    asked = {name: value for name, value in environ.items() if name not in _NOT_FOR_ALL}
    asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query}
    captured = _capture(django, asked)
    if version.number is None or not captured.is_for_all:
        return None, captured
    page = make_page(version.number, captured.headers, captured.body, ends_at=asked.get(ENDS_AT))
    memory.keep(key, page)
    if version.age < TOLD_AFTER:
        database.keep(key, page)
        database.keep_copy(key, page)
    return page, captured


def _key_of(environ: Environ) -> Key | None:
    """None where this is not for a reader's page, or not as a browser asks for one."""
    if environ["REQUEST_METHOD"] not in _METHODS or limits.refusal_status(environ):
        return None
    scheme = environ["wsgi.url_scheme"]
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        scheme = "https" if environ.get(name, "").split(",")[0].strip() == secure else "http"
    return find_key(
        scheme, environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"]
    )


def _respond_from_kept(key: Key, environ: Environ, began: float) -> Answer | None:
    if limits.is_too_often(environ, key.route_name):
        return None
    version = versions.read()
    page = memory.get(key)
    if (page is None or page.version != version.number) and version.number is not None:
        page = database.load(key, version.number) if version.age < TOLD_AFTER else None
        page = page or database.load_copy(key, version.number)
        if page:
            memory.keep(key, page)
    if page is None or not _is_true(page, version):
        return None
    if version.age > CARE_ONLY_AFTER and key.route_name not in _CARE_ROUTES:
        return None
    return _answer(page, key, environ, version, began)


def _respond_from_django(django: Application, key: Key, environ: Environ) -> Answer:
    with _making[key]:
        page, captured = make(django, key, environ)
    number = next((value for name, value in captured.headers if name == _NUMBER), "")
    if page is None:
        body = captured.body if environ["REQUEST_METHOD"] != "HEAD" else b""
        status = HTTPStatus(int(captured.status.partition(" ")[0]))
        return Answer(status, captured.headers, body)
    return _choose(page, environ, number)


def _is_true(page: Page, version: Version) -> bool:
    return page.version == version.number and (page.ends_at is None or time.time() < page.ends_at)


def _answer(page: Page, key: Key, environ: Environ, version: Version, began: float) -> Answer:
    number = secrets.token_hex(8)
    answer = _choose(page, environ, number)
    if version.age > TOLD_AFTER:
        answer.headers.append(("Cache-Status", f"portal; hit; ttl=-{version.age:.0f}"))
    logs.write_access_line(
        number,
        method=environ["REQUEST_METHOD"],
        route=logs.Route(key.route),
        status=answer.status,
        began=began,
    )
    return answer


def _choose(page: Page, environ: Environ, number: str) -> Answer:
    """Only the bytes that this visitor needs."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    variants = page.variants
    variant = next(
        (variants[name] for name in ("br", "gzip") if name in variants and accepts(accepted, name)),
        variants[""],
    )
    if (known := environ.get("HTTP_IF_NONE_MATCH")) and _matches(known, page.etag):
        return Answer(HTTPStatus.NOT_MODIFIED, [*variant.not_modified, (_NUMBER, number)], b"")
    body = variant.body if environ["REQUEST_METHOD"] == "GET" else b""
    return Answer(HTTPStatus.OK, [*variant.headers, (_NUMBER, number)], body)


@lru_cache(256)
def accepts(header: str, encoding: str) -> bool:
    """Whether a browser takes it (RFC 9110, 12.5.3); what it weighs with 0 it refuses."""
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _matches(known: str, etag: str) -> bool:
    """By the weak comparison (RFC 9110, 13.1.2)."""
    bare = etag.removeprefix("W/")
    return known.strip() == "*" or any(
        each.strip().removeprefix("W/") == bare for each in known.split(",")
    )


def _capture(django: Application, environ: Environ) -> Captured:
    captured = Captured()

    def start(status: str, headers: Headers, *rest: object) -> None:
        captured.status, captured.headers = status, list(headers)

    answer = django(environ, start)
    try:
        captured.body = b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()
    return captured
