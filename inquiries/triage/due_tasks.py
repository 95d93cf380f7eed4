"""Which tasks are due, for whom, and who is told when: nothing that was promised is forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.ledger.bindings import Written, digest_rows
from inquiries.ledger.events import record_event
from inquiries.mail import staff_notices
from inquiries.models import Event, Notice, Task
from inquiries.models.task import TaskQuerySet
from inquiries.team import availability
from inquiries.triage import words

if TYPE_CHECKING:
    from portal.models import User

#: The most tasks in a list; more are shown as “99+”.
CAP = 99
#: After it was due for this long, the leads are told as well.
_PATIENCE = timedelta(days=1)


@dataclass(frozen=True)
class TaskList:
    """Tasks in order of time; one row beyond the cap shows that there are more."""

    found: list[Task]

    @property
    def rows(self) -> list[Task]:
        return self.found[:CAP]

    @property
    def count(self) -> str:
        return f"{CAP}+" if self.has_more else str(len(self.found))

    @property
    def has_more(self) -> bool:
        return len(self.found) > CAP


def tasks_of(user: "User", *, until: datetime | None = None) -> TaskList:
    """Return their open tasks without what they say; `until`: only those due by then."""
    rows = Task.objects.of(user)
    return _listed(rows if until is None else rows.filter(due_at__lte=until))


def tasks_due_today(user: "User") -> TaskList:
    """Return their open tasks that are due by the end of the clinic's day, for a start page."""
    end = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999_999)
    return tasks_of(user, until=end)


def tasks_of_nobody() -> TaskList:
    """Return open tasks of requests that nobody owns, for anyone to take."""
    return _listed(Task.objects.of_nobody())


def overdue_tasks(now: datetime) -> TaskList:
    """Return everyone's overdue tasks, for the leads."""
    return _listed(Task.objects.open().filter(due_at__lt=now))


def _listed(rows: TaskQuerySet) -> TaskList:
    return TaskList(list(rows.for_list()[: CAP + 1]))


def kind_in_words(task: Task) -> str:
    """Return what kind of task it is. What it says is read on the request, on record."""
    return str(words.REFERRAL_TASK if task.referral_id else words.TASK)


# --- The worker's part ----------------------------------------------------------------------------


def to_tell(now: datetime) -> TaskQuerySet:
    """Return tasks that somebody has to be told of by now."""
    return Task.objects.to_tell(now).select_related("inquiry").defer("text")


@transaction.atomic
def tell(found: Task, now: datetime) -> bool:
    """Tell of one task, on record. Its request is locked first, as every step does."""
    transitions.hold(found.inquiry_id)
    task = (
        Task.objects.to_tell(now)
        .select_related("inquiry__owner", "inquiry__data_key", "assignee")
        .filter(pk=found.pk)
        .first()
    )
    if task is None:
        return False
    met, is_late = digest_rows([task]), now >= task.due_at + _PATIENCE
    task.tell_at = None if is_late else task.due_at + _PATIENCE
    task.save(update_fields=["tell_at"])
    kind = Notice.Kind.TASK_OVERDUE if is_late else Notice.Kind.TASK_DUE
    staff_notices.queue_notice(kind, task.inquiry, _whom_to_tell(task, is_late=is_late))
    told = Written(rows=[task], rows_met=met)
    record_event(task.inquiry, Event.Kind.TASK_DUE, by=None, wrote=told)
    return True


def _whom_to_tell(task: Task, *, is_late: bool) -> "set[User]":
    who = task.who
    is_here = who and who.email and not availability.unavailable_reason(who)
    concerned = {who} if is_here else set(availability.leads_to_notify())
    return concerned | set(availability.leads_to_notify() if is_late else [])
