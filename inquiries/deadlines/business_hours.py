"""Business time, counted only while the clinic is open.

Datetimes are aware. Opening hours are read in the timetable's time zone and measured in elapsed
time, so an hour is an hour even on days when the clocks change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from inquiries.deadlines.public_holidays import Holidays, calculate_holidays
from inquiries.models.clock import WEEKLY_CLOSED

#: Opening and closing times on one day. Midnight as a closing time is the end of that day.
Hours = tuple[tuple[time, time], ...]
#: A timetable that stays closed this long never opens.
LONGEST_CLOSED = timedelta(days=365)
#: Counting stops here: at a minute a week, it could span centuries and tie up the process.
LONGEST_COUNTED = timedelta(days=5 * 366)
_MIDNIGHT = time(0)


class NeverOpen(ValueError):
    """There is no working time within LONGEST_CLOSED, or too little within LONGEST_COUNTED."""


@dataclass(frozen=True)
class CountedDay:
    """A day and its counted time; `why` explains missing hours, or hours unlike its weekday's."""

    day: date
    spans: tuple[tuple[datetime, datetime], ...]
    why: str = ""

    @property
    def amount(self) -> timedelta:
        return sum((end - start for start, end in self.spans), timedelta())


@dataclass(frozen=True)
class Timetable:
    """When people work: weekly hours, except on holidays and special days."""

    name: str
    #: An IANA name.
    zone: str
    #: Monday first.
    week: tuple[Hours, ...]
    #: Special days with their own hours (none if closed) and their names. They take precedence over
    #: holidays.
    days: Mapping[date, tuple[Hours, str]] = field(default_factory=dict)
    #: ISO 3166-1 and -2 codes of the public holidays to observe; empty for none.
    country: str = ""
    subdivision: str = ""
    #: Their holidays by year, as far as they are loaded.
    holidays: Mapping[int, Holidays] = field(default_factory=dict)

    # By identity, for caches: days and holidays have no hash of their own.
    __hash__ = object.__hash__

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return when this much working time has passed since `start`. Raise NeverOpen."""
        if amount <= timedelta():
            return start
        for counted in self.count(start, amount):
            if counted.spans:
                start = counted.spans[-1][1]
        return start

    def count(self, start: datetime, amount: timedelta) -> Iterator[CountedDay]:
        """Yield the days that `add` counts, each with the part that counts. Raise NeverOpen."""
        last_open, start = start, start.astimezone(UTC)
        latest = start + LONGEST_COUNTED
        day = self._local(start).date()
        while amount > timedelta():
            spans: list[tuple[datetime, datetime]] = []
            hours, why = self._hours(day)
            for opens, closes in self._spans(day, hours):
                begins = max(opens, start)
                ends = min(closes, begins + amount)
                if begins < ends:
                    spans.append((self._local(begins), self._local(ends)))
                    amount -= ends - begins
                    last_open = ends
            yield CountedDay(day, tuple(spans), why)
            day += timedelta(days=1)
            if amount and self._start_of(day) > min(last_open + LONGEST_CLOSED, latest):
                raise NeverOpen(f"{self.name}: too little working time follows.")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; zero unless `end` is after `start`."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        day, passed = self._local(start).date(), timedelta()
        while self._start_of(day) < end:
            for opens, closes in self._spans(day, self._hours(day)[0]):
                passed += max(min(closes, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return passed

    def closing(self, at: datetime) -> datetime:
        """Return when the working day of `at` ends, or `at` itself if none of that day is left."""
        day = self._local(at).date()
        ends = [end for _, end in self._spans(day, self._hours(day)[0])]
        return self._local(max([at.astimezone(UTC), *ends]))

    def opening(self, at: datetime) -> datetime | None:
        """Return when the working day of `at` begins; None if nobody works that day."""
        day = self._local(at).date()
        spans = self._spans(day, self._hours(day)[0])
        return self._local(spans[0][0]) if spans else None

    def is_open(self, at: datetime) -> bool:
        day = self._local(at).date()
        return any(start <= at < end for start, end in self._spans(day, self._hours(day)[0]))

    # --- Days -------------------------------------------------------------------------------------

    def _hours(self, day: date) -> tuple[Hours, str]:
        if day in self.days:
            return self.days[day]
        if self.country and (name := self._holidays(day.year).get(day)):
            return (), name
        hours = self.week[day.weekday()]
        return hours, "" if hours else WEEKLY_CLOSED

    def _holidays(self, year: int) -> Holidays:
        at_hand = self.holidays.get(year)
        if at_hand is not None:
            return at_hand
        try:
            return calculate_holidays(self.country, self.subdivision, year)
        except NotImplementedError:  # never turn a sender away for this; `health` reports it
            return {}

    @cached_property
    def _known_spans(self) -> dict[tuple[date, Hours], list[tuple[datetime, datetime]]]:
        """Cached by day and hours, because every deadline is counted over the same few days."""
        return {}

    def _spans(self, day: date, hours: Hours) -> list[tuple[datetime, datetime]]:
        """Return spans in order and without overlap, however entered, even if the clocks change."""
        known = self._known_spans.get((day, hours))
        if known is None:
            known = self._known_spans[day, hours] = self._lay_out(day, hours)
        return known

    def _lay_out(self, day: date, hours: Hours) -> list[tuple[datetime, datetime]]:
        spans: list[tuple[datetime, datetime]] = []
        for opens, closes in sorted(hours):
            start = self._at(day, opens)
            end = self._at(day + timedelta(days=closes == _MIDNIGHT), closes)
            if spans and start <= spans[-1][1]:
                start = spans[-1][1]
            if start < end:
                spans.append((start, end))
        return spans

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)

    def _start_of(self, day: date) -> datetime:
        return self._at(day, _MIDNIGHT)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))
