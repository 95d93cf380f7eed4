"""The numbers that the worker counts: right, bounded, and without anything about a person."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries.models import Inquiry, Job
from inquiries.states import OPEN, State, Urgency
from inquiries.worker import numbers
from tests.factories import make_inquiry, make_task

pytestmark = pytest.mark.django_db


def counted() -> dict[tuple[str, ...], float]:
    return {(each.name, *each.labels.values()): each.value for each in numbers.count_all()}


def test_nothing_waits_in_an_empty_portal() -> None:
    found = counted()
    assert set(found.values()) == {0}
    assert {("requests", state.value) for state in OPEN} <= found.keys()


def test_requests_are_counted_by_state_and_lateness() -> None:
    inquiry, other = make_inquiry(), make_inquiry(email="person@example.org")
    assert counted()["requests", "new"] == 2
    Inquiry.objects.filter(pk=other.pk).update(urgency=Urgency.URGENT)
    late = max(inquiry.due_at, Inquiry.objects.get(pk=other.pk).due_at) + timedelta(seconds=1)
    with time_machine.travel(late):
        found = counted()
        assert found["overdue_requests", "routine"] == 1
        assert found["overdue_requests", "urgent"] == 1
        assert found["overdue_requests", "soon"] == 0
        assert found["unseen_urgent_requests",] == 1
        assert found["oldest_mail_due_timestamp_seconds", "sender"] > 0
    Inquiry.objects.filter(pk=other.pk).update(undelivered_at=timezone.now())
    assert counted()["undelivered_requests",] == 1
    assert State.CLOSED.value not in {key[-1] for key in counted()}


def test_tasks_jobs_and_backups_have_their_times(settings: Any, tmp_path: Path) -> None:
    task = make_task()
    done = timezone.now()
    Job.objects.create(name="anchor", due_at=done, done_at=done, went_well=False)
    mark = tmp_path / "mark"
    settings.BACKUP_MARK = str(mark)
    assert counted()["backup_timestamp_seconds",] == 0
    mark.touch()
    os.utime(mark, (1_000_000, 1_000_000))
    found = counted()
    assert found["backup_timestamp_seconds",] == 1_000_000
    assert found["oldest_task_due_timestamp_seconds",] == task.due_at.timestamp()
    assert found["job_done_timestamp_seconds", "anchor"] == done.timestamp()
    assert found["job_went_well", "anchor"] == 0


def test_counting_stops_at_the_limit_in_the_same_number_of_queries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        counted()
    for _ in range(3):
        make_inquiry()
    monkeypatch.setattr(numbers, "MOST", 2)
    with CaptureQueriesContext(connection) as many:
        assert counted()["requests", "new"] == 2
    assert len(many) == len(few)
    assert len(many) <= 12
