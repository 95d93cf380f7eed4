"""By when we promise an answer. 2026 in New York: 26 November is Thanksgiving."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiries import deadlines
from inquiries.deadlines import answer_by

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        pytest.param((2026, 11, 23, 10), (2026, 11, 24), id="Monday: Tuesday"),
        pytest.param((2026, 11, 23, 23), (2026, 11, 24), id="late on Monday: still Tuesday"),
        pytest.param((2026, 11, 20, 10), (2026, 11, 23), id="Friday: Monday"),
        pytest.param((2026, 11, 21, 10), (2026, 11, 23), id="Saturday: Monday"),
        pytest.param((2026, 11, 22, 10), (2026, 11, 23), id="Sunday: Monday"),
        pytest.param((2026, 11, 25, 10), (2026, 11, 27), id="before Thanksgiving: the day after"),
        pytest.param((2026, 12, 31, 10), (2027, 1, 4), id="New Year's Eve: the Monday after"),
        pytest.param((2026, 3, 6, 10), (2026, 3, 9), id="across the change of the clocks"),
    ],
)
def test_the_end_of_the_next_working_day(
    received: tuple[int, ...], promised: tuple[int, ...]
) -> None:
    due_at = answer_by(datetime(*received, tzinfo=NEW_YORK))  # type: ignore[arg-type, misc]
    assert due_at == datetime(*promised, 17, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


def test_the_day_is_the_clinics_own_not_utcs() -> None:
    # Monday evening in New York is Tuesday in UTC.
    assert answer_by(datetime(2026, 11, 24, 2, tzinfo=UTC)) == datetime(
        2026, 11, 24, 17, tzinfo=NEW_YORK
    )


_moments = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(_moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10)))
def test_who_writes_later_is_never_due_earlier(received_at: datetime, later: timedelta) -> None:
    assert received_at < answer_by(received_at) <= answer_by(received_at + later)


def test_a_year_without_a_working_day_is_an_error_and_no_endless_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "_is_working_day", lambda day: False)
    with pytest.raises(ValueError, match="No working day follows 2026-11-23"):
        answer_by(datetime(2026, 11, 23, 12, tzinfo=NEW_YORK))
