"""The cache that counts failed sign-ins: where it is down, nobody is locked out."""

import logging
import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache

_logger = logging.getLogger(__name__)
_T = TypeVar("_T")


class _Pause:
    """After a failure the cache is left alone for a while: nobody waits for it again and again."""

    SECONDS = 30
    ends_at = -math.inf


def _or_else(fallback: _T, ask: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    if time.monotonic() < _Pause.ends_at:
        return fallback
    try:
        return ask(*args, **kwargs)
    except Exception:  # Refused, full, read-only, away: caches have no common fault.
        _Pause.ends_at = time.monotonic() + _Pause.SECONDS
        _logger.warning("The cache fails: for a while, sign-ins go uncounted.", exc_info=True)
        return fallback


class _NeverFails:
    """Answers as an empty cache where it cannot ask the real one."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return _or_else(True, super().add, *args, **kwargs)  # type: ignore[misc]

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or_else(default, super().get, key, default, version)  # type: ignore[misc]

    def set(self, *args: Any, **kwargs: Any) -> None:
        _or_else(None, super().set, *args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return _or_else(False, super().delete, *args, **kwargs)  # type: ignore[misc]


class SharedFiles(_NeverFails, FileBasedCache):
    """Shared by the processes of one machine."""

    def _createdir(self) -> None:
        _or_else(None, super()._createdir)  # type: ignore[misc]


class SharedRedis(_NeverFails, RedisCache):
    """Shared by several machines."""
