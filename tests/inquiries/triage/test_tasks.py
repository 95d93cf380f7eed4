"""Tasks inside a request: who has them, when somebody is told, and how they end."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, Notice, Task, TaskState
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import State
from inquiries.triage import due_tasks, steps, sweep, tasks
from inquiries.triage.tasks import Due
from inquiries.worker import mailer
from inquiries.worker.jobs import JOBS
from portal.models import Role, User
from tests.factories import (
    in_days,
    make_absence,
    make_checklist,
    make_inquiry,
    make_referral,
    make_staff,
    make_task,
)

pytestmark = pytest.mark.django_db
#: A Monday morning at the clinic.
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


def settle(task: Task, to: str, by: User) -> Task:
    version = Inquiry.objects.get(pk=task.inquiry_id).version
    tasks.settle_task(task.inquiry, task=task.pk, to=to, version=version, by=by)
    task.refresh_from_db()
    return task


def notices(*users: User) -> set[tuple[str, str]]:
    rows = Notice.objects.filter(user__in=users, kind__startswith="task")
    return {(notice.user.username, notice.kind) for notice in rows.select_related("user")}


@pytest.fixture
def owner() -> User:
    return make_staff(Role.COORDINATOR, email="owner@example.org")


def test_a_task_is_sealed_and_its_changes_are_on_record(owner: User) -> None:
    task = make_task(by=owner, text="Ask about the biopsy.")
    assert task.text == "Ask about the biopsy."
    stored = Task.objects.filter(pk=task.pk).values_list("text", flat=True)
    assert b"biopsy" not in bytes(stored[0])
    for to in (TaskState.DONE, TaskState.OPEN, TaskState.CANCELED):
        assert settle(task, to, owner).state == to
    kinds = task.inquiry.events.values_list("kind", flat=True)
    assert list(kinds).count(Event.Kind.TASK_SETTLED) == 3
    assert verify_ledger().faults == []


@pytest.mark.parametrize(
    "changed",
    [
        {"state": TaskState.CANCELED, "settled_at": timezone.now(), "tell_at": None},
        {"due_at": timezone.now() + timedelta(days=9)},
        {"tell_at": None},
        {"text": b"\x01other"},
    ],
    ids=["state", "due", "reminder", "words"],
)
def test_a_task_that_is_changed_past_its_verbs_is_noticed(
    changed: dict[str, object], owner: User
) -> None:
    task = make_task(by=owner)
    Task.objects.filter(pk=task.pk).update(**changed)
    faults = verify_ledger().faults
    assert faults == [
        f"{task.inquiry.reference}: its tasks or referrals are not what its events say."
    ]


def test_a_task_that_is_deleted_is_noticed(owner: User) -> None:
    task = make_task(by=owner)
    Task.objects.filter(pk=task.pk).delete()
    assert len(verify_ledger().faults) == 1


def test_a_change_past_the_verbs_does_not_become_right_by_the_next_one(owner: User) -> None:
    task = make_task(by=owner)
    Task.objects.filter(pk=task.pk).update(due_at=task.due_at + timedelta(days=9))
    settle(task, TaskState.DONE, owner)
    assert "without an event" in verify_ledger().faults[0]


def test_a_task_belongs_to_whoever_owns_the_request_or_to_whom_it_was_given(
    owner: User, lead: User
) -> None:
    task = make_task(by=owner)
    given = make_task(task.inquiry, owner, to=lead)
    assert due_tasks.tasks_of(owner).rows == [task]
    assert due_tasks.tasks_of(lead).rows == [given]
    inquiry = Inquiry.objects.get(pk=task.inquiry_id)
    steps.take_over(inquiry, version=inquiry.version, by=lead)
    assert due_tasks.tasks_of(owner).rows == []
    assert set(due_tasks.tasks_of(lead).rows) == {task, given}


def test_a_task_of_a_released_request_is_in_the_list_of_nobody_s(owner: User) -> None:
    task = make_task(by=owner)
    inquiry = Inquiry.objects.get(pk=task.inquiry_id)
    steps.release(inquiry, version=inquiry.version, by=owner)
    assert due_tasks.tasks_of_nobody().rows == [task]


def test_only_what_is_due_today_is_on_the_start_page(owner: User) -> None:
    today = make_task(by=owner, due=in_days(0))
    make_task(today.inquiry, owner, due=in_days(1))
    assert due_tasks.tasks_due_today(owner).rows == [today]


def test_a_checklist_adds_all_its_tasks_with_their_days(owner: User) -> None:
    checklist = make_checklist("Send the form", "Ask for it", "Ask again")
    with time_machine.travel(MONDAY, tick=False):
        inquiry = make_inquiry(State.CLAIMED, owner=owner)
        inquiry = tasks.add_checklist(
            inquiry, checklist=checklist, version=inquiry.version, by=owner
        )
        found = [(task.text, timezone.localtime(task.due_at).day) for task in inquiry.tasks.all()]
    assert found == [("Send the form", 23), ("Ask for it", 24), ("Ask again", 25)]
    assert inquiry.events.filter(kind=Event.Kind.TASKS_ADDED).count() == 1


@pytest.mark.parametrize("days", [-1, 400])
def test_a_task_is_due_within_a_year(days: int, owner: User) -> None:
    with pytest.raises(StepRefused, match="a year ahead"):
        make_task(by=owner, due=in_days(days))


def test_a_person_who_left_gets_no_task(owner: User) -> None:
    gone = make_staff(Role.COORDINATOR, is_active=False)
    with pytest.raises(StepRefused, match="can’t have tasks"):
        make_task(by=owner, to=gone)


# --- Telling --------------------------------------------------------------------------------------


def test_its_person_is_told_in_the_morning_and_the_leads_a_day_late(owner: User) -> None:
    lead = make_staff(Role.LEAD, email="lead@example.org")
    with time_machine.travel(MONDAY) as clock:
        task = make_task(by=owner, due=in_days(1))
        assert sweep.remind_of_tasks() == 0
        clock.move_to(datetime(2026, 11, 24, 13, 1, tzinfo=UTC))  # 8:01 at the clinic
        assert sweep.remind_of_tasks() == 1
        assert sweep.remind_of_tasks() == 0, "told once"
        assert notices(owner, lead) == {(owner.username, "task_due")}
        clock.move_to(datetime(2026, 11, 26, 5, 0, tzinfo=UTC))
        assert sweep.remind_of_tasks() == 1
        assert (lead.username, "task_overdue") in notices(lead)
        assert sweep.remind_of_tasks() == 0
    task.refresh_from_db()
    assert task.tell_at is None
    assert verify_ledger().faults == []


def test_a_task_with_a_time_is_told_at_that_time(owner: User) -> None:
    with time_machine.travel(MONDAY) as clock:
        make_task(by=owner, due=Due(timezone.localdate(), time(14, 30)))
        clock.move_to(datetime(2026, 11, 23, 19, 29, tzinfo=UTC))
        assert sweep.remind_of_tasks() == 0
        clock.move_to(datetime(2026, 11, 23, 19, 30, tzinfo=UTC))
        assert sweep.remind_of_tasks() == 1


def test_the_leads_are_told_if_its_person_is_away_or_nobody_has_it(owner: User) -> None:
    lead = make_staff(Role.LEAD, email="lead@example.org")
    task = make_task(by=owner, due=in_days(0), to=owner)
    make_absence(owner)
    with time_machine.travel(task.due_at):
        sweep.remind_of_tasks()
    assert notices(owner, lead) == {(lead.username, "task_due")}


@pytest.mark.parametrize("ended", [TaskState.DONE, TaskState.CANCELED])
def test_nobody_is_told_of_a_task_that_ended(ended: TaskState, owner: User) -> None:
    task = settle(make_task(by=owner, due=in_days(0)), ended, owner)
    with time_machine.travel(task.due_at + timedelta(days=2)):
        assert sweep.remind_of_tasks() == 0


def test_the_mail_says_that_a_task_is_due_and_not_what(owner: User) -> None:
    task = make_task(by=owner, due=in_days(0), text="Ask about the biopsy.")
    Notice.objects.all().delete()
    with time_machine.travel(task.due_at):
        sweep.remind_of_tasks()
        mailer.send_notices(list(Notice.objects.select_related("user", "inquiry__owner")))
    body = mail.outbox[-1].body
    assert "A task is due" in body
    assert task.inquiry.reference in body
    assert "biopsy" not in body


def test_the_worker_reminds_of_tasks(owner: User) -> None:
    task = make_task(by=owner, due=in_days(0))
    with time_machine.travel(task.due_at):
        assert JOBS["rounds"].do()
    assert notices(owner) == {(owner.username, "task_due")}


# --- Closing --------------------------------------------------------------------------------------


def test_a_request_with_open_tasks_is_not_closed_silently(owner: User) -> None:
    task = make_task(by=owner)
    inquiry = Inquiry.objects.get(pk=task.inquiry_id)
    said: dict[str, Any] = {"outcome": Outcome.ANSWERED, "version": inquiry.version, "by": owner}
    with pytest.raises(StepRefused, match="1 task is still open"):
        steps.close(inquiry, **said)
    closed = steps.close(inquiry, **said, cancel_tasks=True)
    task.refresh_from_db()
    assert (closed.state, task.state) == (State.CLOSED, TaskState.CANCELED)
    assert verify_ledger().faults == []


def test_the_question_whether_a_referral_arrived_outlives_closing(owner: User) -> None:
    inquiry = make_referral(by=owner).inquiry
    closed = steps.close(inquiry, outcome=Outcome.REFERRED, version=inquiry.version, by=owner)
    assert [task.state for task in closed.tasks.all()] == [TaskState.OPEN]
    assert due_tasks.tasks_of(owner).rows == list(closed.tasks.all())
    with time_machine.travel(closed.tasks.get().due_at):
        assert sweep.remind_of_tasks() == 1
    assert (owner.username, "task_due") in notices(owner)


def test_a_task_can_be_added_to_a_closed_request(owner: User) -> None:
    inquiry = make_inquiry(State.CLOSED, owner=owner)
    assert make_task(inquiry, owner).is_open


def test_a_sender_who_withdraws_ends_all_tasks(owner: User) -> None:
    task = make_task(by=owner)
    make_referral(task.inquiry, owner)
    correspondence.withdraw_inquiry(task.inquiry)
    assert set(task.inquiry.tasks.values_list("state", flat=True)) == {TaskState.CANCELED}
    assert verify_ledger().faults == []


def test_the_leads_page_does_not_say_that_all_is_well_with_overdue_tasks(
    client: Client, owner: User
) -> None:
    task = make_task(by=owner)
    lead, page = make_staff(Role.LEAD), "/admin/inquiries/inquiry/limbo/"
    for minutes, is_late in ((-1, False), (1, True)):
        with time_machine.travel(task.due_at + timedelta(minutes=minutes)):
            client.force_login(lead)
            assert ("Overdue tasks: 1" in client.get(page).text) == is_late
