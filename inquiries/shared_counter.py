"""Counters that all processes share, each for a limited time."""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

# A cache of its own, so that counts from strangers evict only each other.
cache = ConnectionProxy(caches, "counters")


def increment(key: str, seconds: int) -> int:
    """Add one to this counter and return the total. It expires `seconds` after the last increment.

    Not atomic with file storage: two at the same moment may count as one, which refuses nobody.
    """
    if cache.add(key, 1, seconds):
        return 1
    try:
        total: int = cache.incr(key)
    except ValueError:  # evicted for lack of space since then
        return 1
    # The file cache resets the timeout to the default when it increments.
    cache.touch(key, seconds)
    return total
