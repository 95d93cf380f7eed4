"""What one visitor gets of a page: an encoding they accept, or word that theirs is current."""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from portal.http import logs
from portal.page_cache.keys import Key
from portal.page_cache.pages import Headers, Page
from portal.page_cache.versions import TOLD_AFTER, Version

REQUEST_ID = "X-Request-ID"
#: Characters that are read of what a browser accepts: the answers are kept.
_LONGEST_HEADER = 200


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: Headers
    body: bytes


def answer(
    page: Page, key: Key, environ: dict[str, Any], version: Version, *, began: float
) -> Answer:
    """Answer with a request id and a log line of its own; `began` is from `time.perf_counter`.

    If nobody knows whether the page is still current, it says for how long that is so (RFC 9211).
    """
    number = secrets.token_hex(8)
    chosen = choose(page, environ, number)
    if version.age > TOLD_AFTER:
        chosen.headers.append(("Cache-Status", f"portal; hit; ttl=-{version.age:.0f}"))
    logs.write_access_line(
        number,
        method=environ["REQUEST_METHOD"],
        route=logs.Route(key.route),
        status=chosen.status,
        began=began,
        is_kept=True,
    )
    return chosen


def choose(page: Page, environ: dict[str, Any], number: str) -> Answer:
    """Only the bytes that this visitor needs. A part of a page is not offered: all of it goes."""
    variants = page.variants
    variant = next(
        (variants[name] for name in ("br", "gzip") if name in variants and accepts(environ, name)),
        variants[""],
    )
    if (known := environ.get("HTTP_IF_NONE_MATCH")) and _matches(known, page.etag):
        return Answer(HTTPStatus.NOT_MODIFIED, [*variant.not_modified, (REQUEST_ID, number)], b"")
    body = variant.body if environ["REQUEST_METHOD"] == "GET" else b""
    return Answer(HTTPStatus.OK, [*variant.headers, (REQUEST_ID, number)], body)


def accepts(environ: dict[str, Any], encoding: str) -> bool:
    """Whether a browser accepts it (RFC 9110, 12.5.3); a weight of 0 refuses it."""
    return _accepts(environ.get("HTTP_ACCEPT_ENCODING", "")[:_LONGEST_HEADER], encoding)


@lru_cache(256)
def _accepts(header: str, encoding: str) -> bool:
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == encoding:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _matches(known: str, etag: str) -> bool:
    """Whether they match by the weak comparison (RFC 9110, 13.1.2)."""
    bare = etag.removeprefix("W/")
    return known.strip() == "*" or any(
        each.strip().removeprefix("W/") == bare for each in known.split(",")
    )
