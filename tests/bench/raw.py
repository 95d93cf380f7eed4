"""The minimum that Python can do for a page of 15 kB: a WSGI application without a framework."""

from collections.abc import Callable, Iterable
from typing import Any

_PAGE = b"<p>Nothing but words to be sent. </p>\n" * 405
_HEADERS = [("Content-Type", "text/html"), ("Content-Length", str(len(_PAGE)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", _HEADERS)
    return [_PAGE]
