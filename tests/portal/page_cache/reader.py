"""A reader of the site as a WSGI server serves it, through the page cache layer."""

import gzip
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

import brotli
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from portal.page_cache import form_page, layer
from portal.page_cache.versions import versions

HOST = "testserver"


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        encoding = self.headers.get("Content-Encoding")
        read = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)
        return bytes(read(self.body)).decode()


django = cache(WSGIHandler)


@dataclass
class Reader:
    """`asked` is the number of times that Django itself had to answer."""

    asked: int = 0

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Name `headers` as in a WSGI environment, such as HTTP_COOKIE or REMOTE_ADDR."""
        path, _, query = address.partition("?")
        given: dict[str, Any] = {"HTTP_HOST": HOST, **headers}
        environ = RequestFactory(**given).generic(method, path).environ
        answer = Answer()

        def start(status: str, given: list[tuple[str, str]]) -> None:
            answer.status, answer.headers = int(status[:3]), dict(given)

        asked = {**environ, "QUERY_STRING": query}
        with staying_connected():
            answer.body = b"".join(layer.respond(self._django, asked, start))
        return answer

    def _django(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        return django()(environ, start)


def staying_connected() -> AbstractContextManager[object]:
    """Keep the connection open after a response: closing it would end a test's transaction."""
    return mock.patch.object(connection, "close_if_unusable_or_obsolete")


def pass_by(seconds: float) -> None:
    """So long ago the number was last read, by any process here."""
    versions._read_at -= seconds
    versions._tried_at -= seconds
    if kept := caches["pages"].get("reader-version"):
        caches["pages"].set("reader-version", (kept[0], kept[1] - seconds), None)


def forget_all() -> None:
    """Clear what a new process would not have."""
    layer.memory.clear()
    form_page.memory.clear()
    versions.forget()
