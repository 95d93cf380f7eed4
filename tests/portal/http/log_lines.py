"""Log lines, as they are written and parsed again."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from portal.http import logs

KEYS = ["time", "level", "logger", "request_id", "message", "at", *logs.FIELDS, "exception"]


def lines(text: str) -> list[dict[str, Any]]:
    """Parse each line as JSON, and check that it has only known keys, in order."""
    found = [json.loads(line) for line in text.splitlines()]
    for line in found:
        assert [key for key in KEYS if key in line] == list(line)
    return found


def written(record: logging.LogRecord) -> str:
    return logs.JsonFormatter().format(record)


@contextmanager
def heard() -> Iterator[StringIO]:
    """Capture what is logged in the block."""
    told = StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)
