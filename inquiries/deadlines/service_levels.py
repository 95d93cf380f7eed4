"""When senders must be contacted: the clinic's service levels, counted in its working time.

The clinic can edit the levels and calendars. Promises already made do not change: an edited
calendar applies only to what starts later.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.process_cache import ProcessCache
from inquiries.deadlines import public_holidays
from inquiries.deadlines.business_hours import Hours, NeverOpen, Timetable
from inquiries.deadlines.public_holidays import Holidays
from inquiries.models import Calendar, Clock, ServiceLevel
from inquiries.models.clock import BUILT_IN_CALENDAR
from inquiries.states import Urgency

logger = logging.getLogger(__name__)

Kind = Clock.Kind
#: A page that says when we will answer is rebuilt at least this often.
_LONGEST_PROMISE_MINUTES = 24 * 60
_NINE_TO_FIVE: Hours = ((clock_time(9), clock_time(17)),)
#: Shipped with the portal, and used while the database is unavailable. In working minutes.
SHIPPED_WEEK: tuple[Hours, ...] = (*(_NINE_TO_FIVE,) * 5, (), ())
SHIPPED_LEVELS: dict[str, dict[str, Any]] = {
    Urgency.URGENT: {
        "look_minutes": 60,
        "first_attempt_minutes": 120,
        "next_reply_minutes": 120,
        "closure_minutes": 2 * 480,
        "until_closing": False,
        "attempts": 5,
        "hours_apart": 2,
        "parts_of_day": 2,
        "channels": 2,
    },
    Urgency.SOON: {
        "look_minutes": 240,
        "first_attempt_minutes": 240,
        "next_reply_minutes": 240,
        "closure_minutes": 5 * 480,
        "until_closing": False,
        "attempts": 4,
        "hours_apart": 3,
        "parts_of_day": 2,
        "channels": 2,
    },
    Urgency.ROUTINE: {
        "look_minutes": 240,
        "first_attempt_minutes": 480,
        "next_reply_minutes": 480,
        "closure_minutes": 10 * 480,
        "until_closing": True,
        "attempts": 3,
        "hours_apart": 4,
        "parts_of_day": 2,
        "channels": 2,
    },
}


@dataclass(frozen=True)
class Level:
    """What a request of one urgency is entitled to."""

    timetable: Timetable
    #: In working time.
    targets: Mapping[str, timedelta]
    #: Whether a target that ends during a day is due only when that day closes.
    until_closing: bool
    # The contact policy.
    attempts: int
    apart: timedelta
    parts_of_day: int
    channels: int

    def due(self, kind: str, at: datetime) -> datetime:
        """Return when something that starts `at` is due, as an aware datetime. If the calendar
        never opens, the shipped one is used, so that no sender is turned away.
        """
        return self.due_after(at, self.targets[kind])

    def due_after(self, at: datetime, amount: timedelta) -> datetime:
        end, timetable = self._add(at, amount)
        return timetable.closing(end) if self.until_closing else end

    def add(self, at: datetime, amount: timedelta) -> datetime:
        """Like Timetable.add, but with the shipped hours if this calendar never opens."""
        return self._add(at, amount)[0]

    def _add(self, at: datetime, amount: timedelta) -> tuple[datetime, Timetable]:
        try:
            return self.timetable.add(at, amount), self.timetable
        except NeverOpen:
            logger.exception("a calendar has no working time left; the shipped one counts")
            shipped = _shipped_timetable()
            return shipped.add(at, amount), shipped


# --- Promises -------------------------------------------------------------------------------------


def answer_due_at(received_at: datetime) -> datetime:
    """Return when we will try to reach someone who writes then, unless it is more urgent. Aware."""
    return deadline_for(received_at, Urgency.ROUTINE)


def deadline_for(at: datetime, urgency: str, kind: str = Kind.FIRST_ATTEMPT) -> datetime:
    """Return when something that starts `at` is due."""
    return level_for(urgency).due(kind, at)


def promise_now() -> tuple[datetime, datetime]:
    """Return what we promise someone who writes now, and until which minute it stays the same.

    By the levels as they stand now, not as they were read a minute ago: a page keeps it for longer.
    While they cannot be read, it is promised for no time at all.
    """
    is_certain = _levels.refresh()
    now = timezone.now().replace(second=0, microsecond=0)
    promised = answer_due_at(now)
    if not is_certain:
        return promised, now
    # It never goes back as time goes on, so that the last minute of the same can be halved for.
    same, other = 0, _LONGEST_PROMISE_MINUTES
    while other - same > 1:
        middle = (same + other) // 2
        if answer_due_at(now + timedelta(minutes=middle)) == promised:
            same = middle
        else:
            other = middle
    return promised, now + timedelta(minutes=other)


def explain_deadline(urgency: str, at: datetime, until: datetime) -> list[list[Any]]:
    """Return how a deadline was counted, day by day: [ISO date, minutes, from, until, why].

    `from` and `until` are local times at the clinic; `why` explains why a day has no hours.
    """
    timetable = level_for(urgency).timetable
    amount = timetable.between(at, until)
    try:
        days = list(timetable.count(at, amount))
    except NeverOpen:
        return []
    return [
        [
            day.day.isoformat(),
            round(day.amount.total_seconds() / 60),
            f"{day.spans[0][0]:%H:%M}" if day.spans else "",
            f"{day.spans[-1][1]:%H:%M}" if day.spans else "",
            day.why,
        ]
        for day in days
    ]


def has_working_time() -> bool:
    """Return whether every calendar in use has enough working time for what we promise."""
    now = timezone.now()
    try:
        for each in map(level_for, Urgency):
            each.timetable.add(now, max(each.targets.values()))
    except NeverOpen:
        return False
    return True


def has_holidays() -> bool:
    """Return whether this year's and next year's holidays are loaded for all calendars in use."""
    this_year = timezone.localdate().year
    timetables = [level_for(each).timetable for each in Urgency]
    return all(
        year in timetable.holidays
        for timetable in timetables
        if timetable.country
        for year in (this_year, this_year + 1)
    )


# --- What the clinic has set ----------------------------------------------------------------------


def level_for(urgency: str) -> Level:
    return _levels.get().get(urgency) or _shipped(urgency)


def _read() -> Mapping[str, Level]:
    """Raise django.db.Error: those known before count."""
    return _load_levels() or _levels.value


_levels: ProcessCache[Mapping[str, Level]] = ProcessCache(_read, {})
#: Reread the levels, because someone edited them in this process.
clear_cache = _levels.clear


def _load_levels() -> dict[str, Level]:
    levels = ServiceLevel.objects.select_related("calendar").prefetch_related(
        "calendar__week", "calendar__special_days"
    )
    holidays = public_holidays.load_holidays()
    return {each.urgency: _level(each, _timetable_of(each.calendar, holidays)) for each in levels}


def _timetable_of(
    calendar: Calendar, holidays: Mapping[tuple[str, str], Mapping[int, Holidays]]
) -> Timetable:
    week: list[list[tuple[clock_time, clock_time]]] = [[] for _ in range(7)]
    for row in calendar.week.all():
        week[row.weekday].append((row.opens, row.closes))
    days: dict[date, tuple[Hours, str]] = {
        row.day: (
            ((row.opens, row.closes),) if row.opens and row.closes is not None else (),
            row.name,
        )
        for row in calendar.special_days.all()
    }
    return Timetable(
        name=calendar.name,
        zone=settings.CLINIC.time_zone,
        week=tuple(tuple(hours) for hours in week),
        days=days,
        country=calendar.country,
        subdivision=calendar.subdivision,
        holidays=holidays.get((calendar.country, calendar.subdivision), {}),
    )


def _level(row: ServiceLevel, timetable: Timetable) -> Level:
    return Level(
        timetable=timetable,
        targets={kind: timedelta(minutes=getattr(row, f"{kind}_minutes")) for kind in Kind.values},
        until_closing=row.until_closing,
        attempts=row.attempts,
        apart=timedelta(hours=row.hours_apart),
        parts_of_day=row.parts_of_day,
        channels=row.channels,
    )


def _shipped(urgency: str) -> Level:
    return _level(ServiceLevel(urgency=urgency, **SHIPPED_LEVELS[urgency]), _shipped_timetable())


def _shipped_timetable() -> Timetable:
    clinic = settings.CLINIC
    return Timetable(BUILT_IN_CALENDAR, clinic.time_zone, SHIPPED_WEEK, country=clinic.country)
