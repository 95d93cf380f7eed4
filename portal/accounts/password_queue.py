"""How many passwords a process looks at: one at a time, and few may wait for it.

A password's hash takes half a second of a processor, by intent. Without an end, a crowd at the door
would take all of them, and all threads, from readers and senders.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from portal.http.attempts import SignInUnavailable

#: Who is looked at, and who waits behind.
PLACES = 3
#: Seconds that anybody waits at most.
PATIENCE = 4.0
_RETRY_SECONDS = 10

_places = threading.BoundedSemaphore(PLACES)
_turn = threading.BoundedSemaphore(1)


@contextmanager
def turn() -> Iterator[None]:
    """Raise SignInUnavailable where too many wait, or for too long."""
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
