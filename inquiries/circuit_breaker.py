"""A circuit breaker: what just failed is not tried again for a while, so nobody waits for it."""

import math
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError


@dataclass
class CircuitBreaker:
    """Open for that many seconds after it is tripped."""

    seconds: float
    #: A file in the data folder that shares the state among the processes of a machine. Without
    #: one, or if it cannot be written, each process has its own breaker.
    shared_as: str = ""
    _tripped_at: float = field(default=-math.inf, init=False)

    @property
    def is_open(self) -> bool:
        return self._age() < self.seconds

    @property
    def is_tripped(self) -> bool:
        """Whether nothing has succeeded since it was tripped."""
        return self._age() < math.inf

    def trip(self) -> None:
        """Open it. Failures while it is open don't extend that, or nothing would be retried."""
        if self.is_open:
            return
        with suppress(OSError):
            if self.shared_as:
                self._path.touch(mode=0o600)
                return
        self._tripped_at = time.monotonic()

    def reset(self) -> None:
        self._tripped_at = -math.inf
        if self.shared_as:
            with suppress(OSError):
                self._path.unlink()

    def _age(self) -> float:
        age = time.monotonic() - self._tripped_at
        if self.shared_as and age >= self.seconds:
            with suppress(OSError):
                shared = time.time() - os.stat(self._path).st_mtime  # noqa: PTH116 - half the time
                # A clock that was set back must not keep it open.
                age = min(age, shared if shared > -1 else self.seconds)
        return age

    @property
    def _path(self) -> Path:
        return Path(settings.DATA_DIR, self.shared_as)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database itself is unreachable, as opposed to refusing one statement."""
    return isinstance(error, OperationalError | InterfaceError)


#: For what works without the database: the form, the spool, and recently read pages.
DATABASE_BREAKER = CircuitBreaker(seconds=5, shared_as="database-is-down")

#: While it is open, commits don't wait for a synchronous standby: see `portal.database.standby`.
STANDBY_BREAKER = CircuitBreaker(seconds=30, shared_as="standby-is-away")
