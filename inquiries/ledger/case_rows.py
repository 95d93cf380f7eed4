"""Changing the tasks and referrals of a request so that its next event binds them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from inquiries.ledger.bindings import CaseRow, Written, digest_rows
from inquiries.models import Inquiry, Task, TaskState


def bind_changes(
    changed: Sequence[CaseRow] = (), *, added: Sequence[CaseRow] = (), met: dict[str, str]
) -> Written:
    """Save the rows and return them for the event. `met`: the hashes of the changed ones before."""
    for row in added:
        row.save(force_insert=True)
    for row in changed:
        row.save(force_update=True)
    return Written(rows=[*added, *changed], rows_met=met)


def cancel_tasks(inquiry: Inquiry, rows: Iterable[Task], now: datetime) -> Written:
    """Cancel these tasks of a request that ends; the caller holds it."""
    tasks = [_of(inquiry, task) for task in rows]
    met = digest_rows(tasks)
    for task in tasks:
        task.state, task.settled_at, task.tell_at = TaskState.CANCELED, now, None
    return bind_changes(tasks, met=met)


def cancel_all_tasks(inquiry: Inquiry, now: datetime) -> Written:
    return cancel_tasks(inquiry, Task.objects.open().filter(inquiry=inquiry), now)


def _of(inquiry: Inquiry, task: Task) -> Task:
    task.inquiry = inquiry  # its key opens the text
    return task
