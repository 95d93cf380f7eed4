"""Values from the database that each process keeps for a while, because they change rarely."""

import math
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import Error

Value = TypeVar("Value")
#: For how long a value is kept, in seconds, unless its cache says otherwise.
MINUTE = 60.0

_all: list["ProcessCache[Any]"] = []


class ProcessCache(Generic[Value]):
    """Holds the last `value` that was read, and keeps it while it cannot be read again.

    `unread` is the value as long as none could be read; with `is_needed`, whoever asks then gets
    the database's error instead. Two threads may read at the same time.
    """

    def __init__(
        self,
        read: Callable[[], Value],
        unread: Value,
        *,
        seconds: float = MINUTE,
        is_needed: bool = False,
    ) -> None:
        self._read = read
        self._unread = self.value = unread
        self._seconds = seconds
        self._is_needed = is_needed
        self._read_at = -math.inf
        _all.append(self)

    def get(self) -> Value:
        if time.monotonic() - self._read_at > self._seconds:
            self._refresh(may_fail=not self._is_needed or self.value is not self._unread)
        return self.value

    def refresh(self) -> bool:
        """Read it now; return False if the database cannot be reached."""
        return self._refresh(may_fail=True)

    def _refresh(self, *, may_fail: bool) -> bool:
        began = time.monotonic()
        try:
            value = self._read()
        except Error:
            if may_fail:
                return False
            raise
        if began >= self._read_at:  # else a thread that asked later has set a newer value
            self.value, self._read_at = value, began
        return True

    def expire(self) -> None:
        """Read it again the next time it is needed."""
        self._read_at = -math.inf

    def clear(self) -> None:
        """Expire it, and forget the value until then."""
        self.expire()
        self.value = self._unread


def expire_all() -> None:
    """Read all of them again the next time they are needed."""
    for each in _all:
        each.expire()
