"""The cache that all processes share: when it is down or slow, it acts like an empty one.

Nothing that is counted or kept there is worth waiting for: no page fails because of it, and nobody
is locked out.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache

from inquiries.circuit_breaker import CircuitBreaker

logger = logging.getLogger(__name__)
_T = TypeVar("_T")

BREAKER = CircuitBreaker(seconds=30)
#: Seconds; anything slower is a failure too.
SLOW_SECONDS = 1.0


def _call_with_fallback(fallback: _T, ask: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    if BREAKER.is_open:
        return fallback
    began = time.monotonic()
    try:
        answer = ask(*args, **kwargs)
    except Exception:  # noqa: BLE001 - refused, full, read-only, away: they have no common fault
        _trip("The cache fails: nothing is counted or kept for a while.", exc_info=True)
        return fallback
    if time.monotonic() - began > SLOW_SECONDS:
        _trip("The cache is slow: nothing is counted or kept for a while.", exc_info=False)
    return answer


def is_cache_answering() -> bool:
    """Whether it can store something now: a failure trips the breaker."""
    for name in settings.CACHES:
        caches[name].set("kept", 1)
    return not BREAKER.is_open


def _trip(message: str, *, exc_info: bool) -> None:
    BREAKER.trip()
    logger.warning(message, exc_info=exc_info, extra={"seconds": BREAKER.seconds})


class _FailSafeMixin:
    """The cache methods that the portal and its libraries call."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _call_with_fallback(True, super().add, *args, **kwargs)  # type: ignore[misc]

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _call_with_fallback(default, super().get, key, default, version)  # type: ignore[misc]

    def set(self, *args: Any, **kwargs: Any) -> None:
        _call_with_fallback(None, super().set, *args, **kwargs)  # type: ignore[misc]

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return _call_with_fallback(False, super().touch, *args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _call_with_fallback(False, super().delete, *args, **kwargs)  # type: ignore[misc]

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Raise ValueError where there is no key to increment, as any cache does."""
        count = _call_with_fallback(None, self._incr, *args, **kwargs)
        if count is None:
            raise ValueError("There is nothing to count on.")
        return count

    def _incr(self, *args: Any, **kwargs: Any) -> int | None:
        try:
            return super().incr(*args, **kwargs)  # type: ignore[misc,no-any-return]
        except ValueError:  # not a fault of the cache
            return None


class FailSafeFileCache(_FailSafeMixin, FileBasedCache):
    """A file cache, shared by the processes of one machine."""

    def _createdir(self) -> None:
        _call_with_fallback(None, super()._createdir)  # type: ignore[misc]


class FailSafeRedisCache(_FailSafeMixin, RedisCache):
    """A Redis cache, shared by several machines."""
