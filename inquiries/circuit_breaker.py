"""A circuit breaker: what has just failed is left alone for a while: nobody waits for it."""

import math
import time
from dataclasses import dataclass


@dataclass
class CircuitBreaker:
    """Open for so many seconds after it was tripped; each process has its own."""

    seconds: float
    closes_at: float = -math.inf

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.closes_at

    def trip(self) -> None:
        self.closes_at = time.monotonic() + self.seconds

    def reset(self) -> None:
        self.closes_at = -math.inf


#: For what can do without the database: the form, the spool, the pages that were read lately.
DATABASE_BREAKER = CircuitBreaker(seconds=5)
