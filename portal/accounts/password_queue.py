"""How many passwords a process checks at once: one, with only a few waiting.

Hashing a password takes half a second of CPU time, by design. Without a limit, a crowd signing in
would take all CPUs and all threads away from readers and senders.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from portal.http.attempts import SignInUnavailable

#: The one being checked, and those waiting behind it.
PLACES = 3
#: The longest that anyone waits, in seconds.
PATIENCE = 4.0
_RETRY_SECONDS = 10

_places = threading.BoundedSemaphore(PLACES)
_turn = threading.BoundedSemaphore(1)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn. Raise SignInUnavailable where too many wait, or for too long."""
    if not _places.acquire(blocking=False):
        raise SignInUnavailable(_RETRY_SECONDS, is_busy=True)
    try:
        if not _turn.acquire(timeout=PATIENCE):
            raise SignInUnavailable(_RETRY_SECONDS, is_busy=True)
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()
