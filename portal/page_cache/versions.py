"""Which readers' pages are current: a number that changes with anything that they show.

Database triggers change it (migration 0004_page_cache), so that no way to change a row can forget
it. It is read at most once a second; a page made under another number is no longer served.
"""

import logging
import time
from dataclasses import dataclass
from threading import Lock

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError

from inquiries.circuit_breaker import DATABASE_BREAKER, is_outage
from portal.models import ReaderVersion

logger = logging.getLogger(__name__)

#: Seconds for which a number counts as just read: with the time for an answer, within a second.
FRESH = 0.8
#: Seconds without a reading after which an answer says that it may be stale.
TOLD_AFTER = 5.0
#: Seconds without a reading after which only the pages on how to get help are shown.
CARE_ONLY_AFTER = 2 * 60 * 60
#: Key in the page cache: the number last read by any process here, and when.
_LAST_READ = "reader-version"
_REMEMBERED_EACH = 30.0
_REMEMBERED_FOR = 7 * 24 * 60 * 60
#: Seconds that a reader waits while another one of this process asks the database.
_LONGEST_WAIT = 2.0


@dataclass(frozen=True)
class Version:
    number: int | None
    #: Seconds since it was read; infinite if it never was.
    age: float

    @property
    def is_fresh(self) -> bool:
        return self.age < FRESH


class Versions:
    """The version as one process knows it."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._read_at = self._tried_at = self._remembered_at = float("-inf")
        self._lock = Lock()

    def known(self) -> Version | None:
        """Return the version without asking anyone; None if it has to be read."""
        age = time.monotonic() - self._read_at
        return Version(self._number, age) if age < FRESH else None

    def read(self) -> Version:
        if known := self.known():
            return known
        # One asks. The others wait for the answer unless they have read it a moment ago: a process
        # that was idle must not serve what was withdrawn meanwhile.
        is_recent = time.monotonic() - self._read_at < TOLD_AFTER
        if self._lock.acquire(timeout=0 if is_recent else _LONGEST_WAIT):
            try:
                if known := self.known():
                    return known
                now = time.monotonic()
                if now - self._tried_at >= FRESH and not DATABASE_BREAKER.is_open:
                    self._tried_at = now
                    self._ask(now)
            finally:
                self._lock.release()
        if not self.known():
            self._recall()
        return Version(self._number, time.monotonic() - self._read_at)

    def forget(self) -> None:
        """Start over, like a process that has just started."""
        self._number = None
        self._read_at = self._tried_at = self._remembered_at = float("-inf")

    def _ask(self, now: float) -> None:
        try:
            number = ReaderVersion.objects.values_list("number", flat=True).first() or 0
        except (DatabaseError, InterfaceError) as error:
            if is_outage(error):
                DATABASE_BREAKER.trip()
            logger.warning("the version of readers' pages cannot be read")
            return
        if number != self._number or now - self._remembered_at > _REMEMBERED_EACH:
            caches["pages"].set(_LAST_READ, (number, time.time()), _REMEMBERED_FOR)
            self._remembered_at = now
        self._number, self._read_at = number, now

    def _recall(self) -> None:
        """What another process read later, or this one before it was started anew."""
        if kept := caches["pages"].get(_LAST_READ):
            number, wall_time = kept
            read_at = time.monotonic() - max(0.0, time.time() - wall_time)
            if read_at > self._read_at:
                self._number, self._read_at = number, read_at


versions = Versions()
