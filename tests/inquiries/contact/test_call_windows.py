"""When a sender may be called, in their time zone: 47 CFR 64.1200(c)(1) and our narrower hours.

Every limit is written out as a local clock time, so that no number changes unnoticed.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from inquiries.contact import call_windows
from inquiries.deadlines.business_hours import Hours, Timetable
from inquiries.models import BestTime, Inquiry
from tests.factories import make_submission

#: A time zone far from the clinic's, without daylight saving time.
THERE = "Pacific/Honolulu"
MONDAY = date(2026, 11, 2)
ALWAYS: Hours = ((time(0), time(0)),)


def sent(best_time: str = "", time_zone: str = THERE) -> Inquiry:
    """Return an unsaved request with the fields that decide when to call."""
    submission = make_submission(best_time=best_time, time_zone=time_zone)
    return Inquiry(**submission.inquiry_fields())


def there(clock: str) -> datetime:
    """Return a time on that Monday, in the time zone of the person called."""
    return datetime.combine(MONDAY, time.fromisoformat(clock), ZoneInfo(THERE))


def clinic(*hours: str, zone: str = THERE) -> Timetable:
    """Open daily during `hours`, such as “06:00-08:30”, or around the clock if there are none."""
    spans = [each.split("-") for each in hours]
    day = tuple((time.fromisoformat(opens), time.fromisoformat(ends)) for opens, ends in spans)
    return Timetable(name="Clinic", zone=zone, week=(day or ALWAYS,) * 7)


def proposed(sending: Inquiry, timetable: Timetable) -> tuple[list[str], bool]:
    """Return Monday's slots in the sender's time, and whether they are outside what was asked."""
    slots, is_outside = call_windows.find_slots(sending, timetable, there("00:00"))
    zone = ZoneInfo(call_windows.time_zone_of(sending))
    spans = [(slot.begins.astimezone(zone), slot.ends.astimezone(zone)) for slot in slots]
    return [
        f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in spans if begins.date() == MONDAY
    ], is_outside


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("04:59", None),
        ("05:00", BestTime.MORNING),
        ("11:59", BestTime.MORNING),
        ("12:00", BestTime.AFTERNOON),
        ("16:59", BestTime.AFTERNOON),
        ("17:00", BestTime.EVENING),
        ("21:59", BestTime.EVENING),
        ("22:00", None),
    ],
)
def test_parts_of_the_day_have_the_right_boundaries(clock: str, part: BestTime | None) -> None:
    assert call_windows.part_of_day(there(clock)) == part
    assert call_windows.patient_time(sent(), clinic(), there(clock)).is_night is (part is None)


@pytest.mark.parametrize(
    ("best_time", "expected"),
    [
        pytest.param("morning", ["08:00-12:00"], id="nobody is called before 8 a.m."),
        pytest.param("afternoon", ["12:00-17:00"], id="the afternoon whole"),
        pytest.param("evening", ["17:00-21:00"], id="nobody is called after 9 p.m."),
        pytest.param("morning,evening", ["08:00-12:00", "17:00-21:00"], id="both that were named"),
        pytest.param(
            "", ["09:00-12:00", "12:00-17:00", "17:00-20:00"], id="from 9 to 8 where none was"
        ),
    ],
)
def test_proposed_times_respect_the_law_and_the_patient(
    best_time: str, expected: list[str]
) -> None:
    assert proposed(sent(best_time), clinic()) == (expected, False)


@pytest.mark.parametrize("best_time", ["", "afternoon"])
@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("06:00-08:30", ["08:00-08:30"]),
        ("20:30-23:00", ["20:30-21:00"]),
        ("05:00-08:00", []),
        ("21:00-23:00", []),
    ],
)
def test_when_our_hours_miss_the_usual_times_the_legal_limits_still_apply(
    best_time: str, hours: str, expected: list[str]
) -> None:
    assert proposed(sent(best_time), clinic(hours)) == (expected, True)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Manila", "Europe/Madrid"])
def test_times_follow_the_clock_of_the_person_being_called(zone: str) -> None:
    slots, _ = call_windows.find_slots(
        sent("morning,evening", zone), clinic(zone=zone), there("00:00")
    )
    clocks = {
        (slot.part, *(each.astimezone(ZoneInfo(zone)).time() for each in (slot.begins, slot.ends)))
        for slot in slots[1:-1]  # the first may have begun, and the last is cut off
    }
    assert clocks == {
        (BestTime.MORNING, time(8), time(12)),
        (BestTime.EVENING, time(17), time(21)),
    }


@pytest.mark.parametrize(
    ("best_time", "first", "last"),
    [
        ("", "09:00", "19:59"),
        ("morning", "08:00", "11:59"),
        ("afternoon", "12:00", "16:59"),
        ("evening", "17:00", "20:59"),
    ],
)
def test_staff_are_told_whether_now_is_a_preferred_time_to_call(
    best_time: str, first: str, last: str
) -> None:
    minute = timedelta(minutes=1)
    for now, is_preferred in (
        (there(first) - minute, False),
        (there(first), True),
        (there(last), True),
        (there(last) + minute, False),
    ):
        told = call_windows.patient_time(sent(best_time), clinic(), now.astimezone(UTC))
        assert told.is_preferred is is_preferred, f"{told.at:%H:%M}"


@pytest.mark.parametrize(
    ("hours", "expected"), [("10:00-10:15", ["10:00-10:15"]), ("10:00-10:14", [])]
)
def test_less_than_a_quarter_of_an_hour_is_too_short_for_a_call(
    hours: str, expected: list[str]
) -> None:
    assert proposed(sent(), clinic(hours))[0] == expected


@pytest.mark.parametrize(("days", "is_found"), [(21, True), (22, False)])
def test_times_are_searched_three_weeks_ahead(days: int, is_found: bool) -> None:
    only = {MONDAY + timedelta(days=days): (((time(10), time(11)),), "The one day")}
    timetable = Timetable(name="Clinic", zone=THERE, week=((),) * 7, days=only)
    slots, _ = call_windows.find_slots(sent(), timetable, there("00:00"))
    assert bool(slots) is is_found
