"""Days that people usually wait until, each at the start of our working day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format

from inquiries.deadlines.business_hours import Timetable
from inquiries.triage import words

_MONDAY = 0
_THREE_DAYS = 3
#: How many days after the wished one we look for a working day.
_LOOKAHEAD = 14


def suggest_waits(timetable: Timetable, now: datetime) -> list[tuple[datetime, str]]:
    """Return times to wait until, with their words: tomorrow, in three days, and next Monday.

    If we are closed on such a day, it is our next working day. A day is suggested once.
    """
    today = now.astimezone(ZoneInfo(settings.CLINIC.time_zone))
    until_monday = (_MONDAY - today.weekday()) % 7 or 7
    found: dict[datetime, str] = {}
    for days in (1, _THREE_DAYS, until_monday):
        if at := next(_openings(timetable, today, days), None):
            found.setdefault(at, _words(at, days, today))
    return sorted(found.items())


def _openings(timetable: Timetable, today: datetime, days: int) -> Iterator[datetime]:
    """Yield when our working days begin, from that many days ahead."""
    for ahead in range(days, days + _LOOKAHEAD):
        noon = (today + timedelta(days=ahead)).replace(hour=12, minute=0, second=0, microsecond=0)
        if opening := timetable.opening(noon):
            yield opening


def _words(at: datetime, wished: int, today: datetime) -> str:
    local = at.astimezone(today.tzinfo)
    ahead = (local.date() - today.date()).days
    said = {"when": date_format(local, "WEEKDAY_TIME_FORMAT"), "days": ahead}
    if ahead == 1:
        return words.TOMORROW % said
    if wished == 1:
        return words.NEXT_WORKING_DAY % said
    if local.weekday() == _MONDAY and wished != _THREE_DAYS:
        return words.NEXT_MONDAY % said
    return words.IN_DAYS % said
