"""Tasks inside a request: added one by one or as a checklist, done, canceled, or to do again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.ledger.bindings import digest_rows
from inquiries.ledger.case_rows import bind_changes
from inquiries.ledger.events import record_event
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Checklist, Event, Inquiry, Notice, Referral, Task, TaskState
from inquiries.states import Step
from inquiries.team import availability
from inquiries.triage import words

if TYPE_CHECKING:
    from portal.models import User

#: How far ahead a task may be due.
LONGEST = timedelta(days=366)
#: For a day without a time: when its person is told, on the clinic's clock.
_MORNING = time(8)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True)
class Due:
    """When a task is due: on a day at the clinic, or at a time of it."""

    day: date
    at: time | None = None

    @property
    def due_at(self) -> datetime:
        return _at_clinic(self.day, self.at or _LAST_MINUTE)

    @property
    def tell_at(self) -> datetime:
        return _at_clinic(self.day, self.at or _MORNING)


def _at_clinic(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def new_task(
    inquiry: Inquiry,
    text: str,
    due: Due,
    *,
    assignee: "User | None" = None,
    referral: Referral | None = None,
) -> Task:
    """Return a task that is not saved yet. Raise StepRefused if nobody could do it in time."""
    now = timezone.now()
    if not now <= due.due_at <= now + LONGEST:
        raise StepRefused(words.CHOOSE_A_LATER_DAY)
    if assignee and availability.unavailable_reason(assignee, set()):
        raise StepRefused(words.CANNOT_BE_GIVEN % {"who": assignee})
    return Task(
        inquiry=inquiry,
        text=text,
        due_at=due.due_at,
        has_time=due.at is not None,
        tell_at=due.tell_at,
        assignee=assignee,
        referral=referral,
    )


@transaction.atomic
def add_task(  # noqa: PLR0913 - what a task says
    inquiry: Inquiry, *, text: str, due: Due, version: int, by: "User", to: "User | None" = None
) -> Inquiry:
    """Add something to do; `to` does it, or else whoever owns the request then."""
    inquiry = transitions.start_transition(inquiry, Step.ADD_TASK, version=version, by=by)
    return _add(inquiry, [new_task(inquiry, text, due, assignee=to)], by)


@transaction.atomic
def add_checklist(inquiry: Inquiry, *, checklist: Checklist, version: int, by: "User") -> Inquiry:
    """Add every task of a checklist for the owner, each due some days from today."""
    inquiry = transitions.start_transition(inquiry, Step.ADD_CHECKLIST, version=version, by=by)
    today = timezone.localdate()
    tasks = [
        new_task(inquiry, item.text, Due(today + timedelta(days=item.days)))
        for item in checklist.items.all()
    ]
    if not tasks:
        raise StepRefused(words.EMPTY_CHECKLIST)
    return _add(inquiry, tasks, by)


def _add(inquiry: Inquiry, tasks: list[Task], by: "User") -> Inquiry:
    inquiry.save()
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    added = bind_changes(added=tasks, met={})
    record_event(inquiry, Event.Kind.TASKS_ADDED, by=by, wrote=added, count=len(tasks))
    return inquiry


@transaction.atomic
def settle_task(inquiry: Inquiry, *, task: UUID, to: str, version: int, by: "User") -> Inquiry:
    """Set a task to done, canceled, or to do again; `to`: see TaskState.

    A question about a referral ends with its answer: see `referrals`.
    """
    inquiry = transitions.start_transition(inquiry, Step.SETTLE_TASK, version=version, by=by)
    row = _find_task(inquiry, task)
    if row.referral_id:
        raise StepRefused(words.ASKS_ABOUT_REFERRAL)
    if row.state == to:
        raise StepRefused(words.NO_CHANGE)
    inquiry.save()
    met = digest_rows([row])
    set_state(row, to)
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    changed = bind_changes([row], met=met)
    record_event(inquiry, Event.Kind.TASK_SETTLED, by=by, wrote=changed, to=to)
    return inquiry


@transaction.atomic
def give_task(
    inquiry: Inquiry, *, task: UUID, to: "User | None", version: int, by: "User"
) -> Inquiry:
    """Give an open task to someone, or to whoever owns the request. Who has it now is told.

    Its reminder starts over, because it may have gone to somebody else.
    """
    inquiry = transitions.start_transition(inquiry, Step.GIVE_TASK, version=version, by=by)
    row = _find_task(inquiry, task)
    if not row.is_open:
        raise StepRefused(words.TASK_IS_SETTLED)
    if row.assignee_id == (to.pk if to else None):
        raise StepRefused(words.HAS_IT_ALREADY)
    if to and availability.unavailable_reason(to, set()):
        raise StepRefused(words.CANNOT_BE_GIVEN % {"who": to})
    inquiry.save()
    met = digest_rows([row])
    row.assignee = to
    set_state(row, TaskState.OPEN)
    has_it = to or inquiry.owner
    if has_it:
        staff_notices.queue_notice(Notice.Kind.TASK_GIVEN, inquiry, [has_it], by=by)
    if has_it != inquiry.owner:
        staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    changed = bind_changes([row], met=met)
    to_whom = str(to.pk) if to else ""
    record_event(inquiry, Event.Kind.TASK_GIVEN, by=by, wrote=changed, to=to_whom)
    return inquiry


def _find_task(inquiry: Inquiry, pk: UUID) -> Task:
    """Return a task of a request that is locked, able to open its text, or raise StepRefused."""
    row = Task.objects.filter(inquiry=inquiry, pk=pk).first()
    if row is None:
        raise StepRefused(words.TASK_GONE)
    row.inquiry = inquiry
    return row


def set_state(task: Task, state: str) -> None:
    """Set it. A task to do again is told about at its time, or at once if that has passed."""
    task.state = state
    is_open = state == TaskState.OPEN
    task.settled_at = None if is_open else timezone.now()
    local = timezone.localtime(task.due_at)
    due = Due(local.date(), local.time() if task.has_time else None)
    task.tell_at = due.tell_at if is_open else None
