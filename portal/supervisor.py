"""Keeps programs running: restarts each one when it ends, with growing pauses.

`python -m portal.supervisor [--watch ADDRESS] COMMAND…` keeps one running until it is told to stop,
where nothing else on the machine does so; `make demo` keeps the site and its worker running in the
same way. With `--watch`, it tells systemd that the program is alive as long as ADDRESS answers.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType
from urllib.parse import urlsplit

from inquiries.service_manager import ALIVE, READY, notify_manager

#: Seconds before a program is restarted: doubled after each quick end, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A program that ran for this long did not end because of its start.
_STEADY_SECONDS = 60
_STOP_SECONDS = 5
#: Seconds between two looks at what is watched, and seconds for its answer.
_LOOK_SECONDS, _ANSWER_SECONDS = 5.0, 5.0
#: The site has several processes, and each connection finds one of them: if one hangs, a single
#: look would often find the other.
_LOOKS_AT_ONCE = 4


class Program:
    """A program in a session of its own, so that Ctrl-C reaches it through us, once."""

    def __init__(self, words: list[str]) -> None:
        self.words, self._pause = words, FIRST_PAUSE
        self._start()

    def _start(self) -> None:
        self.began = time.monotonic()
        self.starts_at: float | None = None
        self.process = subprocess.Popen(self.words, start_new_session=True)  # noqa: S603 - our own

    def keep_up(self) -> None:
        """Restart it when its time has come. Call this again and again."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if self.starts_at is None:
            if now - self.began > _STEADY_SECONDS:
                self._pause = FIRST_PAUSE
            self.starts_at = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            _write_line("a program ended and is started again")
            end_group(self.process.pid)
        elif now >= self.starts_at:
            self._start()

    def stop(self) -> None:
        """Ask it to stop; if it does not, kill it and everything that it started."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            end_group(self.process.pid)
            self.process.wait()


class Watch:
    """Looks at an address every few seconds, and tells systemd only while it answers.

    `WatchdogSec=` of the unit then ends a site that runs but no longer answers.
    """

    def __init__(self, address: str) -> None:
        self.address = urlsplit(address)
        self._looks_at, self._state = 0.0, READY

    def keep_up(self) -> None:
        """Look if it is time to. Call this again and again."""
        if time.monotonic() < self._looks_at:
            return
        if all(self._is_answering() for _ in range(_LOOKS_AT_ONCE)):
            notify_manager(self._state)
            self._state = ALIVE
            self._looks_at = time.monotonic() + _LOOK_SECONDS
        else:
            self._looks_at = time.monotonic() + FIRST_PAUSE

    def _is_answering(self) -> bool:
        line = http.client.HTTPConnection(
            self.address.hostname or "", self.address.port or 80, timeout=_ANSWER_SECONDS
        )
        try:
            line.request("GET", self.address.path or "/")
            return line.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()


def _write_line(message: str) -> None:
    """Log in the form of `portal.http.logs`, which needs settings that this process has not."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "WARNING",
        "logger": "portal.supervisor",
        "message": message,
    }
    sys.stderr.write(f"{json.dumps(line)}\n")


def end_group(leader: int) -> None:
    """Kill what a killed program leaves behind, which would hold its port."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def stop_at_signals() -> None:
    """Exit through every `finally`, which a second signal must not cut short."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        sys.exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def keep_running(programs: Sequence[Program | Watch]) -> None:
    """Keep them running, and looked at, until this program is ended."""
    while True:
        for each in programs:
            each.keep_up()
        time.sleep(0.25)


def main(words: list[str]) -> None:
    stop_at_signals()
    watches = []
    if words[:1] == ["--watch"]:
        watches, words = [Watch(words[1])], words[2:]
    program = Program(words)
    try:
        keep_running([program, *watches])
    finally:
        program.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
