"""How a page is made: by asking Django for it as an anonymous visitor would."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Any

from django.utils.http import parse_http_date

from portal.page_cache import database
from portal.page_cache.keys import Key
from portal.page_cache.pages import QUICK, Headers, Page, make_page
from portal.page_cache.versions import TOLD_AFTER, versions

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: A visitor's own, which must not shape what the next one gets: of what they send, only where the
#: page is.
_FOR_ALL = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"})
#: What may vary without making another page: `answers` sees to the one.
_VARIES = {"accept-encoding"}
#: Seconds.
_LONGEST_WAIT = 2.0
_LOCKS = tuple(Lock() for _ in range(64))


@contextmanager
def turn_of(key: Hashable) -> Iterator[None]:
    """One reader makes a page, and who wants the same page waits for it, though not for long."""
    lock = _LOCKS[hash(key) % len(_LOCKS)]
    is_ours = lock.acquire(timeout=_LONGEST_WAIT)
    try:
        yield
    finally:
        if is_ours:
            lock.release()


@dataclass
class Response:
    """Django's response."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str:
        found = (value for own, value in self.headers if own.lower() == name.lower())
        return next(found, "")

    @property
    def is_for_all(self) -> bool:
        vary = {each.strip().lower() for each in self.header("Vary").split(",")} - {""}
        return (
            self.status == HTTPStatus.OK
            and not self.header("Set-Cookie")
            and "public" in self.header("Cache-Control")
            and vary <= _VARIES
        )

    @property
    def ends_at(self) -> float | None:
        """Seconds since 1970; None where the page does not depend on the clock."""
        with suppress(ValueError):
            return float(parse_http_date(self.header("Expires")))
        return None


def make(
    django: Application, key: Key, environ: Environ, *, quality: int = QUICK
) -> tuple[Page | None, Response]:
    """None where the page is not one for all, or nobody knows whether it is true."""
    version = versions.read()
    response = ask_as_nobody(django, environ, key.query)
    is_stale = version.age >= TOLD_AFTER
    has_ended = response.ends_at is not None and response.ends_at <= time.time()
    if version.number is None or is_stale or has_ended or not response.is_for_all:
        return None, response
    page = make_page(
        version.number,
        response.headers,
        response.body,
        ends_at=response.ends_at,
        quality=quality,
    )
    return page, response


def share(key: Key, page: Page) -> None:
    """With all other processes."""
    database.keep(key, page)
    database.keep_copy(key, page)


def ask_as_nobody(
    django: Application, environ: Environ, query: str, *, cookie: str = ""
) -> Response:
    """Ask so that nothing the visitor sends shapes the answer; a `cookie` is one of ours."""
    asked = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in _FOR_ALL
    }
    asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    if cookie:
        asked["HTTP_COOKIE"] = cookie
    response = Response()

    def start(status: str, headers: Headers, *rest: object) -> None:
        response.status, response.headers = HTTPStatus(int(status[:3])), list(headers)

    answer = django(asked, start)
    try:
        response.body = b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()
    return response
