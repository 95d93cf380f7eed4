"""Fixtures that fix the year, for references that state theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def _in_a_known_year() -> Iterator[None]:
    """Freeze the date in 2026, because `clean_year` accepts years up to the next one."""
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        yield
