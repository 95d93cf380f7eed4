"""Several at once, as they come in a clinic and never in a test that runs from top to bottom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of them gave, by number; each on a connection of its own."""

    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))
