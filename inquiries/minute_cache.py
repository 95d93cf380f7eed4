"""What a process read from the database, kept by it for a minute."""

import math
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import Error

Value = TypeVar("Value")
_SECONDS = 60


class MinuteCache(Generic[Value]):
    """`value` as it was last read. While it cannot be read anew, it stays."""

    def __init__(self, read: Callable[[], Value], unread: Value) -> None:
        self._read = read
        self._unread = self.value = unread
        self._read_at = -math.inf

    def get(self) -> Value:
        if time.monotonic() - self._read_at > _SECONDS:
            self.refresh()
        return self.value

    def refresh(self) -> bool:
        """Read it now; False where the database cannot be asked."""
        began = time.monotonic()
        try:
            value = self._read()
        except Error:
            return False
        if began >= self._read_at:  # or another thread has asked later, and may know better
            self.value, self._read_at = value, began
        return True

    def expire(self) -> None:
        """Read it anew when it is next asked for."""
        self._read_at = -math.inf

    def clear(self) -> None:
        """The same, and know nothing until then."""
        self.expire()
        self.value = self._unread
