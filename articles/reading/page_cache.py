"""Article pages as this process made them within the last minute: most readers come for a few.

What a page is kept by is asked of the database for each reader, so that what was changed or taken
down is seen at once. Only what other rows lend to it (the name of a category, the title of a
related article) may be as old as in a browser, which keeps a page for a minute too.
"""

import time
from collections.abc import Callable, Hashable

SECONDS = 60
#: About 60 kB each.
_MOST = 200
_pages: dict[Hashable, tuple[float, bytes]] = {}


def get_or_make(key: Hashable, make: Callable[[], bytes]) -> bytes:
    now = time.monotonic()
    made_at, content = _pages.get(key, (0.0, b""))
    if content and now - made_at < SECONDS:
        return content
    content = make()
    if len(_pages) >= _MOST:
        _pages.clear()
    _pages[key] = (now, content)
    return content


def clear() -> None:
    """Make each page anew when it is next asked for."""
    _pages.clear()
