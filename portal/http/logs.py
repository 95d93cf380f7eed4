"""Logs of requests and errors: one JSON object per line, without anything a person wrote.

The fields of a line, in this order; a field without a value is left out:

- `time`: UTC, ISO 8601; `level`; `logger`
- `request_id`: what the visitor was shown, on an error page and in `X-Request-ID`
- `message`: from our own loggers, the sentence as written in the code, without its arguments
- `at`: from all other loggers, instead of their message: file:line:function
- what a caller adds with `extra=`, if FIELDS knows the name and the value looks right
- `exception`: type and frames (file:line:function), then those of its causes. Never its message: a
  database's may hold a whole row
"""

import json
import logging
import logging.config
import re
import secrets
import sysconfig
import time
import traceback
import warnings
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: The id of the request that this thread is answering; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_OURS = ("portal", "articles", "inquiries")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_ROOTS = (
    str(Path(sysconfig.get_path("purelib"))),
    str(Path(sysconfig.get_path("stdlib"))),
    str(Path(__file__).resolve().parents[2]),
)
_MOST_FRAMES = 40
_MOST_CAUSES = 5


class Route(str):
    """The pattern of an address, never an address itself, which may lead to a person's page."""

    __slots__ = ()


def _is_number(value: object) -> bool:
    # Ten digits may be somebody's phone number.
    return isinstance(value, int | float) and abs(value) < 10**9


def _looks_like(pattern: str) -> Callable[[object], bool]:
    fits = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and fits(value) is not None


# No capitals, no spaces, no @: neither a name nor an address passes for a word of ours.
_is_word = _looks_like(r"[a-z][a-z0-9_.:-]{0,60}")

#: What `extra=` may add, in the order of the line. A value that does not match is left out.
FIELDS: dict[str, Callable[[object], bool]] = {
    "method": _looks_like("|".join([*_METHODS, "OTHER"])),
    "route": lambda value: isinstance(value, Route),
    "status": _is_number,
    "milliseconds": _is_number,
    "command": _is_word,
    "kind": _is_word,
    "mail": _is_word,
    "delivery": _is_number,
    "notice": _is_number,
    "code": _is_number,
    "count": _is_number,
    "attempt": _is_number,
    "seconds": _is_number,
    "anchor": _looks_like(r"[A-Za-z0-9+/=_:.-]{8,128}"),
    "version": _looks_like(r"[0-9]{1,4}(\.[0-9]{1,4}){2}"),
}


# --- A line ---------------------------------------------------------------------------------------


class JsonFormatter(logging.Formatter):
    """Formats a record as the module's docstring says. Never fails and never spans two lines."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == _access.name:
            return _access_line(vars(record))
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if number := request_id.get():
            line["request_id"] = number
        if record.name.partition(".")[0] in _OURS and isinstance(record.msg, str):
            line["message"] = record.msg
        else:
            line["at"] = _place(record.pathname, record.lineno, record.funcName)
        for name, fits in FIELDS.items():
            value = vars(record).get(name)
            if value is not None and fits(value):
                line[name] = value
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _describe_exception(record.exc_info[1])
        # ASCII only, so that no character of any script ends the line for a program that reads it.
        return json.dumps(line, ensure_ascii=True, allow_nan=False)


def _place(path: str, line: int | None, function: str | None) -> str:
    for root in _ROOTS:
        if path.startswith(f"{root}/"):
            path = path[len(root) + 1 :]
            break
    else:
        path = Path(path).name
    return f"{path}:{line}:{function}"


def _describe_exception(exception: BaseException) -> list[dict[str, Any]]:
    """Describe an exception and what led to it, the last one first."""
    told: list[dict[str, Any]] = []
    each: BaseException | None = exception
    while each is not None and len(told) < _MOST_CAUSES:
        frames = traceback.StackSummary.extract(
            traceback.walk_tb(each.__traceback__), lookup_lines=False
        )
        told.append(
            {
                "type": f"{type(each).__module__}.{type(each).__qualname__}",
                "frames": [
                    _place(frame.filename, frame.lineno, frame.name)
                    for frame in frames[-_MOST_FRAMES:]
                ],
            }
        )
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return told


# --- Setting up -----------------------------------------------------------------------------------


_TO_THE_ROOT: dict[str, Any] = {"handlers": [], "propagate": True}


def configure_logging(chosen: dict[str, Any]) -> None:
    """Set up logging (LOGGING_CONFIG), and close other outputs, which would print raw messages."""
    level = chosen["level"]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["console"], "level": level},
            # Some of these have handlers of their own, which print messages in full or mail them.
            "loggers": {
                "django": {**_TO_THE_ROOT, "level": level},
                # A page that was not found or not allowed already has its line as a request.
                "django.request": {**_TO_THE_ROOT, "level": "ERROR"},
                "django.server": _TO_THE_ROOT,
                "django.security": _TO_THE_ROOT,
                "allauth": _TO_THE_ROOT,
                # The server's own, at the level that its --log-level sets.
                "_granian": _TO_THE_ROOT,
                # Logs paths with their queries; ours is portal.access.
                "granian.access": {**_TO_THE_ROOT, "level": "CRITICAL"},
            },
        }
    )
    # A failing handler would print the record with all its arguments.
    logging.raiseExceptions = False
    # No line names a thread, a process or a task, so no record needs to look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    vars(logging)["logAsyncioTasks"] = False  # Python 3.12 and later
    warnings.showwarning = _log_warning


def _log_warning(  # noqa: PLR0913, PLR0917 - as the module `warnings` calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    """Log a warning by its place and kind: its text may quote a value."""
    logger = logging.getLogger("py.warnings")
    logger.handle(
        logger.makeRecord(
            logger.name, logging.WARNING, filename, lineno, "", (), None, category.__name__
        )
    )


# --- A request ------------------------------------------------------------------------------------

_access = logging.getLogger("portal.access")
#: What all access records share. Building each from scratch would take as long as the whole page.
_ANSWERED = vars(logging.LogRecord(_access.name, logging.INFO, __file__, 0, "answered", None, None))


#: Load balancers and the supervisor ask every few seconds; that all is well needs no line.
_ASKED_ALL_DAY = frozenset({"healthz/live", "healthz/ready"})
#: Called with route, status, seconds, and whether the page was a kept one, by who counts answers.
listeners: list[Callable[[Route, int, float, bool], None]] = []


def write_access_line(  # noqa: PLR0913 - all that is said of an answer
    number: str, *, method: str, route: Route, status: int, began: float, is_kept: bool = False
) -> None:
    """Log one request; `began` is from `time.perf_counter`."""
    for listen in listeners:
        listen(route, int(status), time.perf_counter() - began, is_kept)
    if not _access.isEnabledFor(logging.INFO) or (
        route in _ASKED_ALL_DAY and status == HTTPStatus.OK
    ):
        return
    record = logging.LogRecord.__new__(logging.LogRecord)
    record.__dict__ = {
        **_ANSWERED,
        "created": time.time(),
        "method": method if method in _METHODS else "OTHER",
        "route": route,
        "status": int(status),
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        "request_id": number,
    }
    _access.handle(record)


def _access_line(said: dict[str, Any]) -> str:
    """Format an access line as `JsonFormatter` would; no value comes from a stranger.

    Every answer has one, and the general formatter would be half of what a reader's page costs.
    """
    second, part = divmod(int(said["created"] * 1000), 1000)
    return (
        f'{{"time": "{_as_second(second)}.{part:03}+00:00", "level": "INFO", '
        f'"logger": "portal.access", '
        f'"request_id": "{said["request_id"]}", "message": "answered", '
        f'"method": "{said["method"]}", "route": {_as_json(said["route"])}, '
        f'"status": {said["status"]}, "milliseconds": {said["milliseconds"]}}}'
    )


@lru_cache(8)
def _as_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(512)
def _as_json(route: str) -> str:
    return json.dumps(route)


class RequestLogMiddleware:
    """Gives a request its id and logs one line about it: no address, no path, no query.

    The id is ours: one sent by a visitor would let them write into our log and mix up two
    requests. Outermost, so that every answer has it; the header is added after the ETag.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = secrets.token_hex(8)
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            write_access_line(
                number,
                method=request.method or "",
                route=_route(request),
                status=response.status_code,
                began=began,
            )
            return response
        finally:
            request_id.reset(token)


def _route(request: HttpRequest) -> Route:
    if request.resolver_match:
        return Route(request.resolver_match.route or "/")
    # WhiteNoise answers before any route is looked up.
    return Route("static" if request.path.startswith(settings.STATIC_URL) else "unmatched")
