"""One answer of a service on the internet, within bounds: time, size, and where it comes from."""

import json
import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from articles.library import words
from articles.library.lookup.findings import LookupFailed, NotFound

#: A record is a few thousand bytes; one with a thousand references a few hundred thousand.
MOST_BYTES = 1_000_000
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK, _GONE = 200, frozenset({404, 410})


def fetch_json(url: str, *, until: float) -> dict[str, Any]:
    """Return the object that the answer holds. Raise NotFound or LookupFailed."""
    try:
        found = json.loads(fetch(url, until=until))
    except (ValueError, RecursionError):
        raise LookupFailed(words.NOT_UNDERSTOOD) from None
    if not isinstance(found, dict):
        raise LookupFailed(words.NOT_UNDERSTOOD)
    return found


def fetch(url: str, *, until: float) -> bytes:
    """Return the body of the answer; follow redirects on the same host. Raise as `fetch_json`.

    `until` is when to give up, by `time.monotonic`, however slowly the answer comes.
    """
    for _ in range(1 + _MOST_REDIRECTS):
        status, location, body = _ask(urlsplit(url), until)
        if status in _REDIRECTS:
            url = _follow(url, location)
        elif status in _GONE:
            raise NotFound
        elif status != _OK:
            raise LookupFailed(words.REFUSED % {"status": status})
        else:
            return body
    raise LookupFailed(words.LED_AWAY)


def _follow(url: str, location: str) -> str:
    """Return where a redirect leads, which has to be on the same host. Raise LookupFailed."""
    with suppress(ValueError):
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            return there.geturl()
    raise LookupFailed(words.LED_AWAY)


def _ask(url: SplitResult, until: float) -> tuple[int, str, bytes]:
    """Return status, target of a redirect, and body. Raise LookupFailed."""
    left = until - time.monotonic()
    if left <= 0:
        raise LookupFailed(words.TOO_SLOW)
    connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
    is_cut = threading.Event()
    line = connect(url.hostname or "", url.port, timeout=left)
    timer: threading.Timer | None = None
    try:
        line.connect()
        # A timeout of the socket starts over with each byte; this one doesn't.
        timer = threading.Timer(max(until - time.monotonic(), 0), _cut, (line.sock, is_cut))
        timer.daemon = True
        timer.start()
        path = f"{url.path}?{url.query}" if url.query else url.path
        line.request("GET", path, headers=_headers())
        answer = line.getresponse()
        body = _read(answer)
    except (OSError, HTTPException, ValueError):
        raise LookupFailed(words.TOO_SLOW if is_cut.is_set() else words.NO_ANSWER) from None
    finally:
        if timer is not None:
            timer.cancel()
        line.close()
    if is_cut.is_set():
        raise LookupFailed(words.TOO_SLOW)
    return answer.status, answer.getheader("Location", ""), body


def _read(answer: HTTPResponse) -> bytes:
    """Raise LookupFailed if it is too large or packed, and ValueError if its end is missing."""
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise LookupFailed(words.NOT_UNDERSTOOD)  # unpacked, it could be of any size
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise LookupFailed(words.TOO_LARGE)
    if answer.length:
        raise ValueError
    return body


def _cut(line: socket.socket, is_cut: threading.Event) -> None:
    is_cut.set()
    with suppress(OSError):  # the answer has just ended
        line.shutdown(socket.SHUT_RDWR)


def _headers() -> dict[str, str]:
    """Say who asks, as Crossref and NCBI want it (https://api.crossref.org, “Etiquette”)."""
    contact = f"{settings.PORTAL_URL}; mailto:{settings.LOOKUP_CONTACT}"
    return {
        "User-Agent": f"CarePortal ({contact})",
        "Accept": "application/json, text/plain",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
