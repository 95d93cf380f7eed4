"""Running several actions at once, as happens in a clinic but never in a sequential test."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Return what each of them returned, by number; each uses its own connection."""

    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))
