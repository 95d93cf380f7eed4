"""What each process keeps for a while of what changes rarely."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")


_all: list["KeptForAWhile[Any]"] = []


class KeptForAWhile(Generic[Kept]):
    """Loads it anew when it is old; two threads may load it at the same time, which is no harm."""

    def __init__(self, load: Callable[[], Kept], *, seconds: float) -> None:
        self._load = load
        self._seconds = seconds
        _all.append(self)
        self._kept: tuple[float, Kept] | None = None

    def get(self) -> Kept:
        kept = self._kept
        if kept is None or time.monotonic() - kept[0] >= self._seconds:
            kept = self._kept = (time.monotonic(), self._load())
        return kept[1]

    def forget(self) -> None:
        self._kept = None


def forget_all() -> None:
    """Start over, like a process that has just started."""
    for each in _all:
        each.forget()
