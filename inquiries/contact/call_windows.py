"""When the patient may be contacted: in their time zone, at times they chose, while we are open.

Nobody is called before 8 a.m. or after 9 p.m. in their own time zone. The rule comes from 47 CFR
64.1200(c)(1), https://www.ecfr.gov/current/title-47/section-64.1200, for calls that sell something:
“local time at the called party's location”. Our calls sell nothing, but we follow it anyway.

Datetimes are aware. Hours are read in the zone they belong to and compared in UTC.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from inquiries.deadlines.business_hours import Timetable
from inquiries.models import BestTime, Inquiry

#: How far ahead we look for a time.
LOOKAHEAD = timedelta(weeks=3)
#: Anything shorter is too short for a conversation.
MIN_SLOT = timedelta(minutes=15)
#: The start and end hour of each part of the day. All other hours are night.
PARTS_OF_DAY = {BestTime.MORNING: (5, 12), BestTime.AFTERNOON: (12, 17), BestTime.EVENING: (17, 22)}
# The hours in which we propose an attempt: if they chose times, if they did not, and if neither
# overlaps our hours.
_WISHED, _USUAL, _LAST_RESORT = (8, 21), (9, 20), (8, 21)


@dataclass(frozen=True)
class PatientTime:
    """The patient's local time, and whether it is a good time to contact them."""

    # Naive, because a template would convert an aware datetime to the clinic's time zone.
    at: datetime
    zone: str
    #: Whether they told us their time zone; if not, we assume the clinic's.
    is_known: bool
    #: Whether it is a time they chose or, if they chose none, a time when people are usually up.
    is_preferred: bool
    is_night: bool
    #: Whether the clinic is open.
    is_open: bool


@dataclass(frozen=True)
class Slot:
    """A time when they may be contacted and we are open, within one part of their day."""

    begins: datetime
    ends: datetime
    part: BestTime


def time_zone_of(sending: Inquiry) -> str:
    """Return the sender's time zone, or the clinic's if they gave none."""
    zone: str = sending.time_zone or settings.CLINIC.time_zone
    return zone


def part_of_day(at: datetime) -> BestTime | None:
    """Return the part of the day, or None at night. `at` is in the patient's local time."""
    return next(
        (part for part, (start, end) in PARTS_OF_DAY.items() if start <= at.hour < end), None
    )


def patient_time(sending: Inquiry, timetable: Timetable, now: datetime) -> PatientTime:
    zone = time_zone_of(sending)
    at = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return PatientTime(
        at=at,
        zone=zone,
        is_known=bool(sending.time_zone),
        is_preferred=any(start <= at.time() < end for _, start, end in _windows(sending)),
        is_night=part_of_day(at) is None,
        is_open=timetable.is_open(now),
    )


def _windows(
    sending: Inquiry, within: tuple[int, int] | None = None
) -> tuple[tuple[BestTime, time, time], ...]:
    """Return the part, start, and end of each window. `within` overrides the times they chose."""
    wished = {BestTime(each) for each in sending.best_time.split(",") if each}
    if within:
        wished = set()
    first, last = within or (_WISHED if wished else _USUAL)
    return tuple(
        (part, time(max(start, first)), time(min(end, last)))
        for part, (start, end) in PARTS_OF_DAY.items()
        if not wished or part in wished
    )


def find_slots(sending: Inquiry, timetable: Timetable, start: datetime) -> tuple[list[Slot], bool]:
    """Return all slots from `start` on, in order, and whether they are outside the requested times.

    There are none if it is night for them during all our hours, or if we have no open hours.
    """
    zone, start = time_zone_of(sending), _whole_minute(start)
    if slots := _slots(_windows(sending), zone, timetable, start):
        return [*slots], False
    return find_slots_at_any_hour(sending, timetable, start), True


def find_slots_at_any_hour(sending: Inquiry, timetable: Timetable, start: datetime) -> list[Slot]:
    """Return all slots when we are open and it is not night for them, whatever times they chose."""
    zone, start = time_zone_of(sending), _whole_minute(start)
    return [*_slots(_windows(sending, _LAST_RESORT), zone, timetable, start)]


# Kept, because requests of one minute ask for the same few: their windows and zones hardly differ.
@lru_cache(maxsize=512)
def _slots(
    windows: tuple[tuple[BestTime, time, time], ...],
    zone_name: str,
    timetable: Timetable,
    start: datetime,
) -> tuple[Slot, ...]:
    zone, spans = ZoneInfo(zone_name), open_spans(timetable, start)
    ends_of_spans = [ends for _, ends in spans]
    first = start.astimezone(zone).date()
    slots = []
    for days in range(LOOKAHEAD.days + 1):
        for part, opens, closes in windows:
            day = first + timedelta(days=days)
            # Convert to UTC: within one zone, Python would compare wall-clock times.
            window = [datetime.combine(day, at, zone).astimezone(UTC) for at in (opens, closes)]
            for span in spans[bisect_right(ends_of_spans, window[0]) :]:
                if span[0] >= window[1]:
                    break
                begins, ends = max(window[0], span[0]), min(window[1], span[1])
                if ends - begins >= MIN_SLOT:
                    slots.append(Slot(begins, ends, part))
    return tuple(slots)


def _whole_minute(at: datetime) -> datetime:
    """Return the same time in UTC, or the next whole minute."""
    at = at.astimezone(UTC)
    return at + timedelta(microseconds=-(at.second * 10**6 + at.microsecond) % (60 * 10**6))


def open_spans(timetable: Timetable, start: datetime) -> list[tuple[datetime, datetime]]:
    """Return our open hours in UTC, starting from the next whole minute."""
    start = _whole_minute(start)
    last = (start + LOOKAHEAD).astimezone(ZoneInfo(timetable.zone)).date()
    spans: list[tuple[datetime, datetime]] = []
    for counted in timetable.count(start, LOOKAHEAD):
        if counted.day > last:
            break
        spans += [(begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in counted.spans]
    return spans
