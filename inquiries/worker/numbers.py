"""Numbers for whoever watches the portal: how much waits, since when, and what the worker did.

The worker counts them once a minute. Each query reads one index and stops at MOST, so that a flood
of requests makes no query slow. No number and no label says anything about a person.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from inquiries.intake import spool
from inquiries.mail import outbox
from inquiries.models import Delivery, Inquiry, Job, Notice, Task
from inquiries.states import OPEN, State, Urgency

#: Counting stops here: more is as alarming.
MOST = 10_000


@dataclass(frozen=True)
class Number:
    """One number. Times are in seconds since 1970 (UTC), and 0 where there is none."""

    name: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def count_all() -> Iterator[Number]:
    """Yield every number, each label's value included even where it is zero. Raise Error."""
    now = timezone.now()
    yield from _count_requests(now)
    tasks = Task.objects.open().values_list("due_at", flat=True)
    yield Number("oldest_task_due_timestamp_seconds", _seconds(tasks.first()))
    yield from _count_mails()
    waiting, since = spool.waiting_since()
    yield Number("spooled_requests", waiting)
    yield Number("oldest_spooled_timestamp_seconds", _seconds(since))
    for job in Job.objects.all():
        yield Number("job_done_timestamp_seconds", _seconds(job.done_at), {"job": job.name})
        yield Number("job_went_well", job.went_well, {"job": job.name})
    yield Number("backup_timestamp_seconds", _backup_time())


def _count_requests(now: datetime) -> Iterator[Number]:
    """Closed requests are left out: their number grows forever, and reports have it."""
    by_state = Counter(_first(Inquiry.objects.open(), "state"))
    by_state.update(_first(Inquiry.objects.quarantined(), "state"))
    for state in (State.QUARANTINED, *OPEN):
        yield Number("requests", by_state[state], {"state": state.value})
    overdue = Counter(_first(Inquiry.objects.overdue(now), "urgency"))
    for urgency in Urgency:
        yield Number("overdue_requests", overdue[urgency], {"urgency": urgency.value})
    unclaimed = Inquiry.objects.unclaimed().filter(due_at__lt=now, urgency=Urgency.URGENT)
    yield Number("unseen_urgent_requests", len(_first(unclaimed, "pk")))
    yield Number("undelivered_requests", len(_first(Inquiry.objects.undelivered(), "pk")))


def _count_mails() -> Iterator[Number]:
    for to, model in (("sender", Delivery), ("staff", Notice)):
        waiting = _first(outbox.waiting_mails(model), "pk")
        yield Number("waiting_mails", len(waiting), {"to": to})
        due_at = outbox.due_mails(model).values_list("due_at", flat=True).first()
        yield Number("oldest_mail_due_timestamp_seconds", _seconds(due_at), {"to": to})


def _first(rows: QuerySet[Any], column: str) -> list[Any]:
    return list(rows.values_list(column, flat=True)[:MOST])


def _seconds(at: datetime | None) -> float:
    return at.astimezone(UTC).timestamp() if at else 0.0


def _backup_time() -> float:
    """Return when the backup job last touched its mark, if it leaves one."""
    if not settings.BACKUP_MARK:
        return 0.0
    try:
        return Path(settings.BACKUP_MARK).stat().st_mtime
    except OSError:
        return 0.0
