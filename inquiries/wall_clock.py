"""Whether the clock can be believed: what is erased or mailed by a wrong one stays so.

Where the database is a server, its clock and ours have to agree. With SQLite both are one: there,
and where both jump together, a jump ahead looks like a worker that has rested since its last sign
of life. After a rest of more than LONGEST_REST nothing is done by the clock for HOLD, and nothing
is erased for a day: by then a wrong clock has been noticed, or the rest was one.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from inquiries.models import Job

#: By so much the clocks of two machines may differ.
TOLERANCE = timedelta(minutes=1)
LONGEST_REST = timedelta(days=1)
HOLD = timedelta(minutes=10)
#: The job that is well while the clock can be believed; the worker's own sign of life.
CLOCK, HEARTBEAT = "clock", "worker"


class ClockInDoubt(Exception):
    """Its text is a sentence for operators."""


def database_now() -> datetime:
    """By the clock of the database server; SQLite has none of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now: datetime = cursor.fetchone()[0]
            return now
    return timezone.now()


def is_off() -> bool:
    """Whether our clock and that of the database differ."""
    return abs(database_now() - timezone.now()) > TOLERANCE


def is_from_the_future(at: datetime | None, now: datetime) -> bool:
    """Whether a clock that ran ahead wrote this."""
    return at is not None and at - now > TOLERANCE


def hold_jobs(until: datetime) -> None:
    """Do nothing by the clock until then, and say in the health check that it is so."""
    Job.objects.update_or_create(name=CLOCK, defaults={"due_at": until, "went_well": False})


def may_work() -> bool:
    """Whether the worker may do what is due by the clock. Keeps on record where it may not."""
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
    """Before something is erased by the clock. Raise ClockInDoubt."""
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
