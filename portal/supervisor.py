"""Keeps programs running: restarts each one when it ends, with growing pauses.

`python -m portal.supervisor COMMAND…` keeps one running until it is told to stop, where nothing
else on the machine does so; `make demo` keeps the site and its worker running in the same way.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

#: Seconds before a program is restarted: doubled after each quick end, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A program that ran for this long did not end because of its start.
_STEADY_SECONDS = 60
_STOP_SECONDS = 5


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
            sys.stderr.write(f"{self.words[0]} ended. Restarting it.\n")
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


def keep_running(programs: list[Program]) -> None:
    """Keep them running until this program is ended."""
    while True:
        for each in programs:
            each.keep_up()
        time.sleep(0.25)


def main(words: list[str]) -> None:
    stop_at_signals()
    program = Program(words)
    try:
        keep_running([program])
    finally:
        program.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
