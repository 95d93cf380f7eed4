"""Sends reports to another server, beside the answers: no visitor waits for it, and it may fail."""

import http.client
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

logger = logging.getLogger(__name__)

#: Reports that wait: with more, new ones are dropped. Reports in one message, seconds for its
#: answer, and seconds of rest after a failure.
_MOST_WAITING, _MOST_AT_ONCE = 500, 100
_ANSWER_SECONDS, _REST_SECONDS = 5.0, 30.0


class Outbound:
    """A queue, and the thread that empties it. `encode` makes the body of one message."""

    def __init__(
        self, url: str, headers: dict[str, str], encode: Callable[[list[Any]], bytes], *, most: int
    ) -> None:
        self._url, self._headers, self._encode = url, headers, encode
        self._most = min(most, _MOST_AT_ONCE)
        self._waiting: queue.Queue[Any] = queue.Queue(_MOST_WAITING)
        threading.Thread(target=self._repeat, name="reports", daemon=True).start()

    def put(self, report: Any) -> None:
        try:
            self._waiting.put_nowait(report)
        except queue.Full:
            return

    def _repeat(self) -> None:
        while True:
            reports = [self._waiting.get()]
            if self._most > 1:
                time.sleep(1)  # others will come, and one message is enough for them
            while len(reports) < self._most and not self._waiting.empty():
                reports.append(self._waiting.get())
            if not self._send(reports):
                time.sleep(_REST_SECONDS)

    def _send(self, reports: list[Any]) -> bool:
        request = Request(self._url, self._encode(reports), self._headers)  # noqa: S310 - set by the operator
        try:
            with urlopen(request, timeout=_ANSWER_SECONDS):  # noqa: S310 - as above
                return True
        except (URLError, OSError, http.client.HTTPException):
            # Without its reason, which would be reported in turn.
            logger.warning("reports could not be sent", extra={"count": len(reports)})
            return False
