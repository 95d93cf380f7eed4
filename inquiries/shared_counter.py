"""Counts that all processes share, each for a while."""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

# Of its own: strangers' counts push out nothing but each other.
cache = ConnectionProxy(caches, "counters")


def increment(key: str, seconds: int) -> int:
    """One more under this key, and how many that makes. It ends `seconds` after the last one.

    Not atomic in files: two at the same moment may count as one, which refuses nobody.
    """
    if cache.add(key, 1, seconds):
        return 1
    try:
        total: int = cache.incr(key)
    except ValueError:  # thrown out for want of room since it was seen
        return 1
    # In files, counting on gives it the time of all others.
    cache.touch(key, seconds)
    return total
