"""A value from the database that a process caches for a minute."""

import math
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error

Value = TypeVar("Value")
_SECONDS = 60


class MinuteCache(Generic[Value]):
    """Holds the last `value` that was read, and keeps it while it cannot be read again."""

    def __init__(self, read: Callable[[], Value], unread: Value) -> None:
        self._read = read
        self._unread = self.value = unread
        self._read_at = -math.inf

    def get(self) -> Value:
        if time.monotonic() - self._read_at > _SECONDS:
            self.refresh()
        return self.value

    def refresh(self) -> bool:
        """Read it now; return False if the database cannot be reached."""
        began = time.monotonic()
        try:
            value = self._read()
        except Error:
            return False
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
