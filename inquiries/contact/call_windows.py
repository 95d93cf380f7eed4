"""When the patient may be reached: on their clock, in the hours they named, while we work.

Nobody is called before 8 a.m. or after 9 p.m. on their own clock. The rule is that of 47 CFR
64.1200(c)(1), https://www.ecfr.gov/current/title-47/section-64.1200, for calls that sell something,
“local time at the called party's location”. Ours sell nothing, and keep to it all the same.

Moments are aware. Hours are read on the clock of their zone and compared in UTC.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from inquiries.deadlines.business_hours import Timetable
from inquiries.models import BestTime, Inquiry

#: So far ahead a time is looked for.
LOOKAHEAD = timedelta(weeks=3)
#: Less is no time for a conversation.
MIN_SLOT = timedelta(minutes=15)
#: What each part of a day is, from and until which hour. The rest is night.
PARTS_OF_DAY = {BestTime.MORNING: (5, 12), BestTime.AFTERNOON: (12, 17), BestTime.EVENING: (17, 22)}
# Within which hours we propose an attempt: where they said when, where they did not, and where
# neither meets our hours.
_WISHED, _USUAL, _LAST_RESORT = (8, 21), (9, 20), (8, 21)


@dataclass(frozen=True)
class PatientTime:
    """What time it is for the patient, and whether that is a time to reach them."""

    # Naive: a template would turn an aware one into the clinic's time.
    at: datetime
    zone: str
    #: They told us their zone; or else the clinic's is taken.
    is_known: bool
    #: They said when to reach them, and it is then; or they did not, and people are usually up.
    is_preferred: bool
    is_night: bool
    #: By our own hours.
    is_open: bool


@dataclass(frozen=True)
class Slot:
    """A time in which they may be reached and we work, within one part of their day."""

    begins: datetime
    ends: datetime
    part: BestTime


def time_zone_of(sending: Inquiry) -> str:
    """Theirs, or the clinic's where they named none."""
    zone: str = sending.time_zone or settings.CLINIC.time_zone
    return zone


def part_of_day(at: datetime) -> BestTime | None:
    """None at night. `at` is on their clock."""
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
) -> list[tuple[BestTime, time, time]]:
    """In which part of their day, from when until when; `within`, whatever they asked for."""
    wished = {BestTime(each) for each in sending.best_time.split(",") if each}
    if within:
        wished = set()
    first, last = within or (_WISHED if wished else _USUAL)
    return [
        (part, time(max(start, first)), time(min(end, last)))
        for part, (start, end) in PARTS_OF_DAY.items()
        if not wished or part in wished
    ]


def find_slots(sending: Inquiry, timetable: Timetable, start: datetime) -> tuple[list[Slot], bool]:
    """All from `start` on, in order; and whether they lie outside what was asked for.

    None where our hours are night for them, or we have none.
    """
    zone = ZoneInfo(time_zone_of(sending))
    if slots := _slots(_windows(sending), zone, timetable, start):
        return slots, False
    return find_slots_at_any_hour(sending, timetable, start), True


def find_slots_at_any_hour(sending: Inquiry, timetable: Timetable, start: datetime) -> list[Slot]:
    """Whatever they asked for: all in which it is not night there and we work."""
    zone = ZoneInfo(time_zone_of(sending))
    return _slots(_windows(sending, _LAST_RESORT), zone, timetable, start)


def _slots(
    windows: Sequence[tuple[BestTime, time, time]],
    zone: ZoneInfo,
    timetable: Timetable,
    start: datetime,
) -> list[Slot]:
    spans = open_spans(timetable, start)
    ends_of_spans = [ends for _, ends in spans]
    first = start.astimezone(zone).date()
    slots = []
    for days in range(LOOKAHEAD.days + 1):
        for part, opens, closes in windows:
            day = first + timedelta(days=days)
            # Compared in UTC: within one zone Python would compare what clocks show.
            window = [datetime.combine(day, at, zone).astimezone(UTC) for at in (opens, closes)]
            for span in spans[bisect_right(ends_of_spans, window[0]) :]:
                if span[0] >= window[1]:
                    break
                begins, ends = max(window[0], span[0]), min(window[1], span[1])
                if ends - begins >= MIN_SLOT:
                    slots.append(Slot(begins, ends, part))
    return slots


def open_spans(timetable: Timetable, start: datetime) -> list[tuple[datetime, datetime]]:
    """When we work, in UTC, from the next whole minute on."""
    start = start.astimezone(UTC)
    start += timedelta(microseconds=-(start.second * 10**6 + start.microsecond) % (60 * 10**6))
    last = (start + LOOKAHEAD).astimezone(ZoneInfo(timetable.zone)).date()
    spans: list[tuple[datetime, datetime]] = []
    for counted in timetable.count(start, LOOKAHEAD):
        if counted.day > last:
            break
        spans += [(begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in counted.spans]
    return spans
