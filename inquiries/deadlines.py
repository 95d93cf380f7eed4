"""By when we promise a first answer: the end of the next working day, on the clinic's clock."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils import timezone

CLOSING_TIME = time(17)
#: By then somebody has looked at what came into quarantine the working day before.
QUARANTINE_TIME = time(12)
_A_YEAR = 366


def answer_by(received_at: datetime) -> datetime:
    """Aware; 17:00 at the clinic on the first working day after the day of receipt there.

    Working days are Monday to Friday but for the public holidays of the clinic's country. Raise
    ValueError where no working day follows within a year.
    """
    return _on_working_day(received_at, CLOSING_TIME, after=1)


def clear_by(received_at: datetime) -> datetime:
    """Aware; noon at the clinic on the same day as `answer_by`: there is time left to answer."""
    return _on_working_day(received_at, QUARANTINE_TIME, after=1)


def urgent_by(received_at: datetime) -> datetime:
    """Aware; 17:00 at the clinic on the day of receipt, or noon on the next working day after."""
    zone = ZoneInfo(settings.CLINIC.time_zone)
    today = _on_working_day(received_at, CLOSING_TIME, after=0)
    is_today = today.date() == received_at.astimezone(zone).date()
    if is_today and received_at < today:
        return today
    return _on_working_day(received_at, QUARANTINE_TIME, after=1)


def due_by(at: datetime, *, urgent: bool) -> datetime:
    """By when somebody who writes now has to be answered."""
    return urgent_by(at) if urgent else answer_by(at)


def _on_working_day(received_at: datetime, at: time, *, after: int) -> datetime:
    """At this time of the first working day, so many days after receipt at the earliest."""
    zone = ZoneInfo(settings.CLINIC.time_zone)
    received_on = received_at.astimezone(zone).date()
    for days in range(after, _A_YEAR + 1):
        day = received_on + timedelta(days=days)
        if _is_working_day(day):
            return datetime.combine(day, at, tzinfo=zone)
    raise ValueError(f"No working day follows {received_on:%Y-%m-%d} within a year.")


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(settings.CLINIC.country)  # noqa: PLR2004


@lru_cache(maxsize=8)
def _holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def next_answer_by() -> datetime:
    """What we promise to somebody who writes now."""
    return answer_by(timezone.now())
