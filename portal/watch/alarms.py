"""Tells somebody outside when something is wrong: a web address gets a message.

Email cannot say that email fails, and a worker that is dead cannot say so. A process of the site
looks once a minute at what the health check says, and whether an urgent request waits unseen. The
message has words of ours and the name of the machine, and nothing about a request.
"""

import fcntl
import http.client
import json
import logging
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.states import Urgency
from portal import health

logger = logging.getLogger(__name__)

#: Seconds between two looks; until an alarm that goes on is repeated; for the receiver to answer.
LOOK_SECONDS, REPEAT_SECONDS, _ANSWER_SECONDS = 60.0, 3600.0, 10.0
#: A trouble counts when it is there this many times in a row: a restart is no alarm.
_LOOKS = 2
UNSEEN = "urgent request unseen"


def find_troubles() -> list[str]:
    """Return what is wrong now, in the words of the health check."""
    status, text = health.describe_readiness()
    if status != http.client.OK:
        return [text]
    troubles = text.removeprefix("degraded: ").split(", ") if text != "ok" else []
    with suppress(Error):
        late = Inquiry.objects.unclaimed().filter(due_at__lt=timezone.now())
        if late.filter(urgency=Urgency.URGENT).exists():
            troubles.insert(0, UNSEEN)
    return troubles


@dataclass
class Alarm:
    """What was last said, and what was seen since."""

    url: str
    _said: list[str] = field(default_factory=list)
    _said_at: float = 0.0
    _seen: list[list[str]] = field(default_factory=list)

    def consider(self, troubles: list[str]) -> None:
        """Send a message if what is wrong has changed for good, or has lasted for an hour."""
        self._seen = [*self._seen, troubles][-_LOOKS:]
        lasting = [each for each in troubles if all(each in seen for seen in self._seen)]
        if len(self._seen) < _LOOKS or (not lasting and any(self._seen)):
            return
        is_old = time.monotonic() - self._said_at > REPEAT_SECONDS
        if (lasting != self._said or (lasting and is_old)) and self._send(lasting):
            self._said, self._said_at = lasting, time.monotonic()

    def _send(self, troubles: list[str]) -> bool:
        """Return whether it arrived; if not, the next look tries again."""
        machine = socket.gethostname()
        said = ", ".join(troubles) if troubles else "all is well again"
        body = {
            # What chat programs show of a message to their web address.
            "text": f"{settings.CLINIC.name} on {machine}: {said}",
            "state": "alarm" if troubles else "over",
            "troubles": troubles,
            "machine": machine,
            "at": timezone.now().isoformat(timespec="seconds"),
        }
        headers = {"Content-Type": "application/json"}
        request = Request(self.url, json.dumps(body).encode(), headers)  # noqa: S310 - set by the operator
        try:
            with urlopen(request, timeout=_ANSWER_SECONDS):  # noqa: S310 - as above
                logger.warning("an alarm was sent", extra={"count": len(troubles)})
        except (URLError, OSError, http.client.HTTPException):
            logger.exception("an alarm could not be sent")
            return False
        return True


def start(url: str) -> None:
    threading.Thread(target=_repeat, args=(url,), name="alarms", daemon=True).start()


def _repeat(url: str) -> None:
    """Look again and again, if no other process of this machine does."""
    lock = os.open(Path(settings.DATA_DIR, "alarms.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)  # free when the process that has it ends
    alarm = Alarm(url)
    while True:
        try:
            alarm.consider(find_troubles())
        except Exception:
            logger.exception("nobody looks for alarms")
        finally:
            connection.close()
        time.sleep(LOOK_SECONDS)
