"""Reports errors to a server that speaks Sentry's protocol (https://develop.sentry.dev/sdk/).

Each report is made from the finished log line and nothing else, so it has what `portal.http.logs`
lets through: types and places of exceptions, our own sentences, the request's id. The vendor's
library is not used: it collects headers, bodies, users, queries, and local variables unless each is
turned off, and a new version may collect more.
"""

import json
import logging
import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from portal import __version__
from portal.http.logs import JsonFormatter
from portal.watch.outbound import Outbound

#: Fields of a log line that become tags, by which reports can be searched.
_TAGS = ("request_id", "kind", "command", "mail", "delivery", "code", "attempt", "status", "at")


class ErrorReports(logging.Handler):
    """Sends each line of level ERROR."""

    def __init__(self, dsn: str, part: str) -> None:
        super().__init__(logging.ERROR)
        url = urlsplit(dsn)
        host = f"{url.hostname}:{url.port}" if url.port else str(url.hostname)
        folder, _, project = url.path.strip("/").rpartition("/")
        prefix = f"/{folder}" if folder else ""
        self._part, self._formatter = part, JsonFormatter()
        client = f"sentry_version=7, sentry_client=portal/{__version__}"
        auth = f"Sentry {client}, sentry_key={url.username}"
        self._outbound = Outbound(
            f"{url.scheme}://{host}{prefix}/api/{project}/envelope/",
            {"Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": auth},
            lambda lines: _envelope(lines[0]),
            most=1,
        )

    def emit(self, record: logging.LogRecord) -> None:
        self._outbound.put(make_event(json.loads(self._formatter.format(record)), self._part))


def make_event(line: dict[str, Any], part: str) -> dict[str, Any]:
    """Make a report from a log line that has been parsed again."""
    event: dict[str, Any] = {
        "event_id": secrets.token_hex(16),
        "timestamp": line["time"],
        "platform": "python",
        "level": line["level"].lower(),
        "logger": line["logger"],
        "release": __version__,
        "tags": {"part": part, **{name: str(line[name]) for name in _TAGS if name in line}},
        "logentry": {"message": line.get("message") or line["at"]},
    }
    if "exception" in line:  # the last one last, as are its frames
        event["exception"] = {"values": [_exception(each) for each in reversed(line["exception"])]}
    return event


def _exception(told: dict[str, Any]) -> dict[str, Any]:
    module, _, name = told["type"].rpartition(".")
    frames = [frame.rsplit(":", 2) for frame in told["frames"]]
    return {
        "type": name,
        "module": module,
        "stacktrace": {
            "frames": [
                {"filename": file, "lineno": int(line), "function": function}
                for file, line, function in frames
                if line.isdigit()
            ]
        },
    }


def _envelope(event: dict[str, Any]) -> bytes:
    sent_at = datetime.now(UTC).isoformat(timespec="seconds")
    head = {"event_id": event["event_id"], "sent_at": sent_at}
    return "\n".join(json.dumps(each) for each in (head, {"type": "event"}, event)).encode()


def start(dsn: str, part: str) -> None:
    logging.getLogger().addHandler(ErrorReports(dsn, part))
