"""A known year, for references that name theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def _in_a_known_year() -> Iterator[None]:
    """Shapes know next year's issues."""
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        yield
