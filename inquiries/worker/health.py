"""The health of what runs beside the site: worker, jobs, mails, notices, calendars, spool.

The health check names each problem in a word; leads see the numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from inquiries import wall_clock
from inquiries.deadlines import service_levels
from inquiries.mail import outbox
from inquiries.models import Delivery, Inquiry, Job, Notice, Outgoing, Restoration
from inquiries.worker import schedule, words

#: The worker's heartbeat is every ten seconds.
WORKER_QUIET = timedelta(minutes=5)
#: Whatever has waited longer than this is stuck.
MAIL_WAITS = timedelta(minutes=15)
SPOOL_WAITS = timedelta(minutes=1)
#: How long a permanently failed notice to staff counts as a problem: an account's address is wrong.
NOTICE_FAILED = timedelta(days=1)
#: Undelivered mails are counted up to this number.
CAP = 99


@dataclass(frozen=True)
class HealthReport:
    """The state of each part. Times are aware; None means that there is nothing of that kind."""

    now: datetime
    worker_seen_at: datetime | None
    #: Jobs whose last run failed.
    failed_jobs: list[str]
    #: When the oldest mail still waiting was due.
    mail_due_since: datetime | None
    #: Requests with a mail that could not be delivered and that nobody has dealt with.
    undelivered: int
    #: Whether the last attempt to send some waiting mail failed.
    mail_fails: bool
    #: The same for notices to staff; `notices_failed` counts permanent failures within
    #: NOTICE_FAILED.
    notice_due_since: datetime | None
    notices_failed: int
    notice_fails: bool
    #: Whether every calendar used to count deadlines has working time ahead.
    has_working_time: bool
    #: Whether their public holidays are stored; if not, each process gets them from the library.
    has_holidays: bool
    #: Whether a request held as possible spam should have been reviewed by now.
    quarantine_overdue: bool
    #: Whether our clock differs from the database's, or the worker's clock is ahead or was.
    is_clock_off: bool = False
    #: Whether a backup was restored, and mails are held until a person releases them.
    is_restored: bool = False

    @property
    def troubles(self) -> Iterator[str]:
        if self.is_clock_off:
            yield "clock"
        if self.is_restored:
            yield "restored"
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
        """The same problems, worded for people."""
        return [str(words.TROUBLES.get(each, each)) for each in self.troubles]

    def _is_late(self, due_since: datetime | None) -> bool:
        return due_since is not None and self.now - due_since > MAIL_WAITS


def check_health() -> HealthReport:
    """Run a handful of indexed queries, each of a few rows. Raise Error if the database is down."""
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
        is_restored=Restoration.objects.open().exists(),
        is_clock_off=is_ahead or is_held or wall_clock.is_off(),
    )


def _due_since(model: type[Outgoing]) -> datetime | None:
    """Return when the oldest mail still waiting was due."""
    return outbox.due_mails(model).values_list("due_at", flat=True).first()


def _is_failing(model: type[Outgoing]) -> bool:
    """Whether the last attempt at some waiting mail failed, and was not its first."""
    return outbox.waiting_mails(model).filter(attempts__gt=1).exclude(failure="").exists()


def last_verification() -> Job | None:
    """Return the job row that says when the ledger was last verified, and with what result."""
    return Job.objects.filter(name=schedule.VERIFY, done_at__isnull=False).first()


def _has_failed(job: Job, now: datetime) -> bool:
    """Whether the last run failed, or is overdue."""
    if job.name not in schedule.INTERVALS or job.done_at is None:
        return not job.went_well
    latest = job.done_at + 2 * schedule.INTERVALS[job.name] + schedule.LEASE
    return not job.went_well or latest < now
