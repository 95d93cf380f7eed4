"""The pages that this process keeps in memory, as many as fit into its share."""

import time
from collections import Counter, OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    @property
    def size(self) -> int:
        """Size in bytes."""


K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Kept)

#: Bytes that a page costs besides its own: its headers, its place in the table.
_OVERHEAD = 4_000
#: Seconds between two reports of what was requested, and how many pages each one covers.
_COUNTED_FOR = 60.0
_MOST_COUNTED = 100


class Memory(Generic[K, P]):
    """Drops the least recently requested page first. `most` is in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[K, P] = OrderedDict()
        self._asked: Counter[K] = Counter()
        self._counted_since = time.monotonic()
        self._lock = Lock()

    def get(self, key: K) -> P | None:
        """Return the page and count it, for `take_asked`."""
        page = self._pages.get(key)
        if page is not None:
            self._asked[key] += 1
            with suppress(KeyError):  # another thread has just dropped it
                self._pages.move_to_end(key)
        return page

    def keep(self, key: K, page: P) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size + _OVERHEAD
            while self._size > self._most and self._pages:
                # At one go: another thread may move a page to the end meanwhile.
                self._size -= self._pages.popitem(last=False)[1].size + _OVERHEAD

    def take_asked(self) -> dict[K, int]:
        """Return how often the most read were requested since the last report; once a minute."""
        now = time.monotonic()
        if now - self._counted_since < _COUNTED_FOR:
            return {}
        asked, self._asked, self._counted_since = self._asked, Counter(), now
        return dict(asked.most_common(_MOST_COUNTED))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._asked.clear()
            self._size = 0

    def _drop(self, key: K) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size + _OVERHEAD
