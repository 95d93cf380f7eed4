"""How the parts beside the site stand: worker, jobs, mails, notices, calendars, spool.

Asked by the health check, which says the troubles in a word each, and shown to leads in numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from inquiries import wall_clock
from inquiries.deadlines import service_levels
from inquiries.mail import outbox
from inquiries.models import Delivery, Inquiry, Job, Notice, Outgoing
from inquiries.worker import schedule, words

#: The worker gives a sign of life every ten seconds.
WORKER_QUIET = timedelta(minutes=5)
#: What waits longer than this is not on its way any more.
MAIL_WAITS = timedelta(minutes=15)
SPOOL_WAITS = timedelta(minutes=1)
#: For so long a notice to staff that failed for good is a trouble: an account's address is wrong.
NOTICE_FAILED = timedelta(days=1)
#: Undelivered mails are counted up to here.
CAP = 99


@dataclass(frozen=True)
class HealthReport:
    """Times are aware; None where there is nothing of the kind."""

    now: datetime
    worker_seen_at: datetime | None
    #: Jobs that went wrong the last time.
    failed_jobs: list[str]
    #: Since when the oldest mail waits that should have been sent.
    mail_due_since: datetime | None
    #: Requests with a mail that could not be delivered, and that nobody has seen to.
    undelivered: int
    #: The last attempt at some mail that waits has failed.
    mail_fails: bool
    #: The same of notices to staff; `notices_failed` for good within NOTICE_FAILED.
    notice_due_since: datetime | None
    notices_failed: int
    notice_fails: bool
    #: Every calendar that deadlines are counted by has working time ahead.
    has_working_time: bool
    #: Its public holidays are at hand; else each process asks the library for them.
    has_holidays: bool
    #: Somebody held for a machine's should have been looked at by now.
    quarantine_overdue: bool
    #: Our clock is not that of the database, or the worker's is ahead or was.
    is_clock_off: bool = False

    @property
    def troubles(self) -> Iterator[str]:
        if self.is_clock_off:
            yield "clock"
        if self.worker_seen_at is None or self.now - self.worker_seen_at > WORKER_QUIET:
            yield "worker"
        if (self.mail_due_since or self.notice_due_since) and not settings.EMAIL_IS_SET:
            yield "mail is not set"
        if self._is_late(self.mail_due_since) or self.undelivered or self.mail_fails:
            yield "mail"
        if self._is_late(self.notice_due_since) or self.notices_failed or self.notice_fails:
            yield "notices"
        if not self.has_working_time:
            yield "calendar"
        if not self.has_holidays and "holidays" not in self.failed_jobs:
            yield "holidays"
        if self.quarantine_overdue:
            yield "quarantine"
        yield from self.failed_jobs

    @property
    def trouble_labels(self) -> list[str]:
        """The same for people."""
        return [str(words.TROUBLES.get(each, each)) for each in self.troubles]

    def _is_late(self, due_since: datetime | None) -> bool:
        return due_since is not None and self.now - due_since > MAIL_WAITS


def check_health() -> HealthReport:
    """A handful of queries, each of a few rows by an index. Raise Error where it is down."""
    now = timezone.now()
    jobs = {job.name: job for job in Job.objects.all()}
    worker, clock = jobs.pop(schedule.HEARTBEAT, None), jobs.pop(wall_clock.CLOCK, None)
    is_ahead = worker is not None and wall_clock.is_from_the_future(worker.done_at, now)
    is_held = clock is not None and not clock.went_well
    failed = Notice.objects.filter(
        state=Notice.State.FAILED, settled_at__gt=now - NOTICE_FAILED
    ).values_list("pk")[:CAP]
    undelivered = Inquiry.objects.undelivered().values_list("pk")[:CAP]
    return HealthReport(
        now=now,
        worker_seen_at=worker.done_at if worker else None,
        failed_jobs=[job.name for job in jobs.values() if _has_failed(job, now)],
        mail_due_since=_due_since(Delivery),
        undelivered=len(undelivered),
        mail_fails=_is_failing(Delivery),
        notice_due_since=_due_since(Notice),
        notices_failed=len(failed),
        notice_fails=_is_failing(Notice),
        has_working_time=service_levels.has_working_time(),
        has_holidays=service_levels.has_holidays(),
        quarantine_overdue=Inquiry.objects.quarantined().filter(due_at__lt=now).exists(),
        is_clock_off=is_ahead or is_held or wall_clock.is_off(),
    )


def _due_since(model: type[Outgoing]) -> datetime | None:
    """Since when the oldest waits that should have been sent."""
    return outbox.due_mails(model).values_list("due_at", flat=True).first()


def _is_failing(model: type[Outgoing]) -> bool:
    """Whether the last attempt at some mail that waits has failed, and not only the first."""
    return outbox.waiting_mails(model).filter(attempts__gt=1).exclude(failure="").exists()


def last_verification() -> Job | None:
    """When the worker last recounted the ledger, and whether it was whole."""
    return Job.objects.filter(name=schedule.VERIFY, done_at__isnull=False).first()


def _has_failed(job: Job, now: datetime) -> bool:
    """It went wrong the last time, or was not done when it should have been."""
    if job.name not in schedule.INTERVALS or job.done_at is None:
        return not job.went_well
    latest = job.done_at + 2 * schedule.INTERVALS[job.name] + schedule.LEASE
    return not job.went_well or latest < now
