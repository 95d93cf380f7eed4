"""Business time: an hour is an hour, whatever the calendar, holidays and clock changes do."""

from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from holidays import HolidayBase
from hypothesis import given
from hypothesis import strategies as st

from inquiries.deadlines.business_hours import Hours, NeverOpen, Timetable
from tests.concurrency import together

ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)
NINE_TO_FIVE: Hours = ((time(9), time(17)),)
WEEK: tuple[Hours, ...] = (*(NINE_TO_FIVE,) * 5, (), ())
OFFICE = Timetable("Office", ZONE, WEEK, country="US")
NIGHT: Timetable = Timetable("Night", ZONE, (((time(0), time(4)), (time(22), time(0))),) * 7)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param(at(23, 10), 2, at(23, 12), id="within a day"),
        pytest.param(at(23, 16), 2, at(24, 10), id="over the evening"),
        pytest.param(at(23, 3), 8, at(23, 17), id="to the very end of a day"),
        pytest.param(at(20, 16), 2, at(23, 10), id="over the weekend"),
        pytest.param(at(25, 16), 2, at(27, 10), id="over Thanksgiving"),
        pytest.param(at(23, 10), 0, at(23, 10), id="nothing at all"),
    ],
)
def test_only_working_time_counts(start: datetime, hours: int, end: datetime) -> None:
    assert OFFICE.add(start, timedelta(hours=hours)) == end


def test_a_special_day_overrides_holidays_and_the_week() -> None:
    open_on_thanksgiving = Timetable(
        "Open", ZONE, WEEK, {date(2026, 11, 26): (((time(10), time(12)),), "Flu clinic")}, "US"
    )
    assert open_on_thanksgiving.add(at(25, 16), timedelta(hours=2)) == at(26, 11)
    closed_on_friday = Timetable("Shut", ZONE, WEEK, {date(2026, 11, 27): ((), "Repairs")}, "US")
    assert closed_on_friday.add(at(25, 16), timedelta(hours=2)) == at(30, 10)


def test_a_night_when_the_clocks_change_is_an_hour_longer_or_shorter() -> None:
    spring, autumn = at(8, 0, month=3), at(1, 0, month=11)
    four_hours_on_the_clock = timedelta(hours=4)
    assert NIGHT.between(spring, spring.replace(hour=4)) == four_hours_on_the_clock - _HOUR
    assert NIGHT.between(autumn, autumn.replace(hour=4)) == four_hours_on_the_clock + _HOUR


def test_midnight_as_closing_time_is_the_end_of_the_day() -> None:
    assert NIGHT.between(at(23, 21), at(24, 1)) == timedelta(hours=3)
    assert NIGHT.closing(at(23, 23)) == at(24, 0)


def test_the_calculation_names_the_days_that_do_not_count_and_why() -> None:
    days = list(OFFICE.count(at(25, 16), timedelta(hours=2)))
    assert [(day.day.day, day.amount, day.why) for day in days] == [
        (25, _HOUR, ""),
        (26, timedelta(), "Thanksgiving Day"),
        (27, _HOUR, ""),
    ]


@pytest.mark.parametrize("closed", [366, 10_000])
def test_a_year_without_open_hours_is_an_error_not_an_endless_loop(closed: int) -> None:
    first = date(2026, 11, 24)
    shut = {first + timedelta(days=days): ((), "Shut") for days in range(closed)}
    with pytest.raises(NeverOpen):
        Timetable("Shut", ZONE, WEEK, shut).add(at(23, 16), timedelta(hours=2))
    with pytest.raises(NeverOpen):
        Timetable("Empty", ZONE, ((),) * 7).add(at(23, 16), timedelta(hours=2))


def test_a_calendar_closed_for_less_than_a_year_opens_again() -> None:
    shut = {date(2026, 11, 24) + timedelta(days=days): ((), "Shut") for days in range(360)}
    assert Timetable("Shut", ZONE, WEEK, shut).add(at(23, 16), timedelta(hours=2)) > at(23, 17)


def test_too_few_hours_are_an_error_and_not_counted_for_centuries() -> None:
    brief = Timetable("Brief", ZONE, (((time(9), time(9, 1)),), *((),) * 6))
    with pytest.raises(NeverOpen):
        brief.add(at(23, 16), timedelta(days=60))


def test_concurrent_callers_all_see_the_holiday(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slowly(kept: HolidayBase, year: int, populate: Any = HolidayBase._populate) -> None:
        sleep(0.02)
        populate(kept, year)

    monkeypatch.setattr(HolidayBase, "_populate", slowly)
    christmas = datetime(2041, 12, 25, 11, tzinfo=NEW_YORK)
    assert not any(together(4, lambda number: OFFICE.is_open(christmas)))


# --- Whatever the calendar ------------------------------------------------------------------------

_HOUR = timedelta(hours=1)
_clock = st.times().map(lambda each: each.replace(second=0, microsecond=0))
_hours = st.lists(
    st.tuples(_clock, _clock).filter(lambda each: each[0] < each[1] or each[1] == time(0)),
    max_size=2,
).map(tuple)
_days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
_timetables = st.builds(
    Timetable,
    name=st.just("Any"),
    zone=st.sampled_from([ZONE, "Europe/Madrid", "Australia/Lord_Howe", "UTC"]),
    # At least one long day, or the calendar is refused with the error above.
    week=st.lists(_hours, min_size=6, max_size=6).map(lambda week: (NINE_TO_FIVE, *week)),
    days=st.dictionaries(_days, _hours.map(lambda hours: (hours, "Special")), max_size=3),
    country=st.sampled_from(["", "US", "ES"]),
)
_moments = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - made aware
    lambda each: each.replace(microsecond=0, tzinfo=UTC)
)
_amounts = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(_timetables, _moments, _amounts, _amounts)
def test_times_add_up(hours: Timetable, start: datetime, one: timedelta, two: timedelta) -> None:
    assert hours.add(hours.add(start, one), two) == hours.add(start, one + two)
    assert hours.between(start, hours.add(start, one)) == one


@given(_timetables, _moments, _amounts, st.timedeltas(timedelta(), timedelta(days=9)), _amounts)
def test_a_later_start_or_more_time_never_ends_earlier(
    hours: Timetable, start: datetime, amount: timedelta, later: timedelta, more: timedelta
) -> None:
    assert start <= hours.add(start, amount) <= hours.add(start + later, amount)
    assert hours.add(start, amount) <= hours.add(start, amount + more)


@given(_timetables, _moments, _amounts, _days)
def test_a_holiday_never_makes_a_deadline_earlier(
    hours: Timetable, start: datetime, amount: timedelta, holiday: date
) -> None:
    kept = Timetable(
        hours.name, hours.zone, hours.week, {**hours.days, holiday: ((), "Holiday")}, hours.country
    )
    assert kept.add(start, amount) >= hours.add(start, amount)


@given(_timetables, _moments, _amounts, _amounts)
def test_intervals_add_up(
    hours: Timetable, start: datetime, one: timedelta, two: timedelta
) -> None:
    middle, end = start + one, start + one + two
    whole = hours.between(start, middle) + hours.between(middle, end)
    assert hours.between(start, end) == whole <= one + two
