"""Whether the clock can be trusted: what a wrong clock erases or mails cannot be undone.

If the database is a server, its clock and ours have to agree. With SQLite they are the same clock.
There, and if both jump together, a jump ahead looks as if the worker had rested since its last
heartbeat. After a rest of more than LONGEST_REST, no scheduled job runs for HOLD, and nothing is
erased for a day: by then somebody has noticed the wrong clock, or it was a real rest.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from inquiries.models import Job

#: How far the clocks of two machines may differ.
TOLERANCE = timedelta(minutes=1)
LONGEST_REST = timedelta(days=1)
HOLD = timedelta(minutes=10)
#: Names of two jobs: one that is well while the clock can be trusted, and the worker's heartbeat.
CLOCK, HEARTBEAT = "clock", "worker"


class ClockInDoubt(Exception):
    """Its text is a sentence for operators."""


def database_now() -> datetime:
    """Return the time on the clock of the database server; SQLite has none of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now: datetime = cursor.fetchone()[0]
            return now
    return timezone.now()


def is_off() -> bool:
    """Whether our clock and the database's differ."""
    return abs(database_now() - timezone.now()) > TOLERANCE


def is_from_the_future(at: datetime | None, now: datetime) -> bool:
    """Whether a clock that ran ahead wrote this."""
    return at is not None and at - now > TOLERANCE


def hold_jobs(until: datetime) -> None:
    """Run no scheduled jobs until then, and say so in the health check."""
    Job.objects.update_or_create(name=CLOCK, defaults={"due_at": until, "went_well": False})


def may_work() -> bool:
    """Whether the worker may run scheduled jobs. If not, this is recorded."""
    now = timezone.now()
    jobs = Job.objects.in_bulk([CLOCK, HEARTBEAT])
    held, seen_at = jobs.get(CLOCK), jobs[HEARTBEAT].done_at if HEARTBEAT in jobs else None
    if is_off():
        hold_jobs(database_now())
        return False
    if seen_at and now - seen_at > LONGEST_REST:
        hold_jobs(now + HOLD)
        Job.objects.filter(name="purge").update(due_at=now + timedelta(days=1))
        return False
    if held and not held.went_well:
        if now < held.due_at <= now + HOLD:
            return False
        Job.objects.filter(name=CLOCK).update(went_well=True, done_at=now)
    return True


def check_clock() -> None:
    """Check the clock before a scheduled erasure. Raise ClockInDoubt."""
    now = timezone.now()
    jobs = Job.objects.in_bulk([CLOCK, HEARTBEAT])
    seen_at = jobs[HEARTBEAT].done_at if HEARTBEAT in jobs else None
    if is_off():
        raise ClockInDoubt("The clocks of this machine and of the database differ.")
    if is_from_the_future(seen_at, now):
        raise ClockInDoubt("The worker's last sign of life is from the future.")
    if seen_at and now - seen_at > LONGEST_REST:
        raise ClockInDoubt(
            f"By this clock, nothing was heard of the worker since {seen_at:%Y-%m-%d}."
        )
    if CLOCK in jobs and not jobs[CLOCK].went_well:
        raise ClockInDoubt("The worker waits for a clock that it can believe.")
