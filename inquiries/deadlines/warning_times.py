"""How much of a deadline's time has passed, and when somebody is warned of it."""

import math
from datetime import datetime, timedelta

from inquiries.deadlines import service_levels
from inquiries.models import Clock

#: Percentages of a clock's time after which someone is warned.
WARNING_PERCENTS = (50, 75, 100)


def _percent_passed(clock: Clock, now: datetime) -> int:
    """Return the highest of WARNING_PERCENTS that has passed, or 0 if none has."""
    if clock.due_at <= now:
        return WARNING_PERCENTS[-1]
    total = _total(clock)
    passed = elapsed(clock, now)
    return max((each for each in WARNING_PERCENTS[:-1] if passed >= total * each / 100), default=0)


def schedule_warning(clock: Clock, since: datetime) -> None:
    """Set when the next warning is due, as seen from `since`, when the clock is running."""
    percent = next((each for each in WARNING_PERCENTS if each > clock.warned_percent), None)
    if percent is None:
        clock.warn_at = None
    elif percent == WARNING_PERCENTS[-1]:
        clock.warn_at = clock.due_at
    else:
        needed = _total(clock) * percent / 100 - elapsed(clock, since)
        clock.warn_at = min(
            service_levels.level_for(clock.urgency).add(since, needed), clock.due_at
        )


def mark_warned(clock: Clock, now: datetime) -> int:
    """Record the warning due by now, so that only one of several workers sends it, and only once.

    Return the percentage that has passed, or 0 if there is nobody to warn.
    """
    percent = _percent_passed(clock, now)
    before = Clock.objects.filter(
        pk=clock.pk, warned_percent=clock.warned_percent, warn_at=clock.warn_at
    )
    if percent > clock.warned_percent:
        clock.warned_percent = percent
    else:
        percent = 0
    schedule_warning(clock, now)
    return (
        percent if before.update(warned_percent=clock.warned_percent, warn_at=clock.warn_at) else 0
    )


def _total(clock: Clock) -> timedelta:
    timetable = service_levels.level_for(clock.urgency).timetable
    return timetable.between(clock.started_at, clock.due_at) - clock.paused_time


def elapsed(clock: Clock, at: datetime) -> timedelta:
    """Return the working time since the clock started, without pauses."""
    until = clock.paused_at or at
    timetable = service_levels.level_for(clock.urgency).timetable
    return timetable.between(clock.started_at, until) - clock.paused_time


def in_minutes(amount: timedelta, *, up: bool = False) -> int:
    minutes = amount.total_seconds() / 60
    return math.ceil(minutes) if up else math.floor(minutes)
