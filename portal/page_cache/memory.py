"""The pages that this process has at hand, as many as fit into its share of memory."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from portal.page_cache.keys import Key
from portal.page_cache.pages import Page

#: What a page costs besides its bytes: its headers, its place in the table.
_OVERHEAD = 4_000


class Memory:
    """Least lately asked for, first out. `most` in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._asked: dict[Key, int] = {}
        self._lock = Lock()

    def get(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        if page is not None:
            self._asked[key] = self._asked.get(key, 0) + 1
            with suppress(KeyError):  # another thread has just dropped it
                self._pages.move_to_end(key)
        return page

    def keep(self, key: Key, page: Page) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size + _OVERHEAD
            while self._size > self._most and self._pages:
                self._drop(next(iter(self._pages)))

    def take_asked(self) -> dict[Key, int]:
        """How often each was asked for since this was last taken."""
        asked, self._asked = self._asked, {}
        return asked

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._asked.clear()
            self._size = 0

    def _drop(self, key: Key) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size + _OVERHEAD
