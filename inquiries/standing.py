"""How the parts beside the site stand: the worker, its jobs, the mails, the spool.

Asked by the health check, which says the troubles in a word each, and shown to leads in numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from inquiries import working
from inquiries.models import Delivery, Inquiry, Job

#: The worker gives a sign of life every ten seconds, but not while it recounts the ledger.
WORKER_QUIET = timedelta(minutes=5)
#: What waits longer than this is not on its way any more.
MAIL_WAITS = timedelta(minutes=15)
SPOOL_WAITS = timedelta(minutes=1)
#: Undelivered mails are counted up to here.
CAP = 99


@dataclass(frozen=True)
class Standing:
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
    #: Somebody held for a machine's should have been looked at by now.
    quarantine_overdue: bool

    @property
    def troubles(self) -> Iterator[str]:
        if self.worker_seen_at is None or self.now - self.worker_seen_at > WORKER_QUIET:
            yield "worker"
        if self.mail_due_since and not settings.EMAIL_IS_SET:
            yield "mail is not set"
        is_late = self.mail_due_since and self.now - self.mail_due_since > MAIL_WAITS
        if is_late or self.undelivered or self.mail_fails:
            yield "mail"
        if self.quarantine_overdue:
            yield "quarantine"
        yield from self.failed_jobs


def ask() -> Standing:
    """A handful of queries, each of a few rows by an index. Raise Error where it is down."""
    now = timezone.now()
    jobs = {job.name: job for job in Job.objects.all()}
    worker = jobs.pop(working.HEARTBEAT, None)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    undelivered = Inquiry.objects.undelivered().values_list("pk")[:CAP]
    return Standing(
        now=now,
        worker_seen_at=worker.done_at if worker else None,
        failed_jobs=[job.name for job in jobs.values() if _is_amiss(job, now)],
        mail_due_since=waiting.filter(due_at__lte=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first(),
        undelivered=len(undelivered),
        mail_fails=waiting.filter(attempts__gt=1).exclude(failure="").exists(),
        quarantine_overdue=Inquiry.objects.quarantined().filter(due_at__lt=now).exists(),
    )


def last_recount() -> Job | None:
    """When the worker last recounted the ledger, and whether it was whole."""
    return Job.objects.filter(name="verify", done_at__isnull=False).first()


def _is_amiss(job: Job, now: datetime) -> bool:
    """It went wrong the last time, or was not done when it should have been."""
    if job.name not in working.WORK or job.done_at is None:
        return not job.went_well
    latest = job.done_at + 2 * working.WORK[job.name].every + working.LEASE
    return not job.went_well or latest < now
