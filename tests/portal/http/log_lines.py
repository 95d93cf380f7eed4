"""Lines of the log, as they are written and read again."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from portal.http import logs

KEYS = ["time", "level", "logger", "request_id", "message", "at", *logs.FIELDS, "exception"]


def lines(text: str) -> list[dict[str, Any]]:
    """Each of them JSON, with none but the known keys, in their order."""
    found = [json.loads(line) for line in text.splitlines()]
    for line in found:
        assert [key for key in KEYS if key in line] == list(line)
    return found


def written(record: logging.LogRecord) -> str:
    return logs.JsonFormatter().format(record)


@contextmanager
def heard() -> Iterator[StringIO]:
    """What is written meanwhile."""
    told = StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)
