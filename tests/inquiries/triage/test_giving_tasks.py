"""Giving a task to someone else: who has it then, who is told, and what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, Notice, Task, TaskState
from inquiries.triage import due_tasks, steps, tasks
from portal.models import Role, User
from tests.factories import in_days, make_staff, make_task
from tests.inquiries.triage.test_tasks import notices, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_staff(Role.COORDINATOR, email="owner@example.org")


def give(task: Task, to: User | None, by: User) -> Task:
    version = Inquiry.objects.get(pk=task.inquiry_id).version
    tasks.give_task(task.inquiry, task=task.pk, to=to, version=version, by=by)
    task.refresh_from_db()
    return task


def test_a_task_can_be_given_to_someone_else_who_is_told(owner: User) -> None:
    helper = make_staff(Role.COORDINATOR, email="helper@example.org")
    task = make_task(by=owner, due=in_days(3))
    give(task, helper, owner)
    assert (task.assignee, notices(helper, owner)) == (helper, {(helper.username, "task_given")})
    assert due_tasks.tasks_of(owner).rows == []
    given = task.inquiry.events.filter(kind=Event.Kind.TASK_GIVEN).get()
    assert given.detail == {"to": str(helper.pk)}
    assert verify_ledger().faults == []


def test_a_task_can_be_given_back_to_whoever_owns_the_request(owner: User) -> None:
    helper = make_staff(Role.COORDINATOR)
    task = make_task(by=owner, to=helper)
    give(task, None, helper)
    assert task.assignee is None
    assert notices(owner) == {(owner.username, "task_given")}
    assert verify_ledger().faults == []


def test_a_task_of_nobody_s_request_may_be_given_back_to_nobody(owner: User) -> None:
    helper = make_staff(Role.COORDINATOR, email="helper@example.org")
    task = make_task(by=owner, to=helper)
    inquiry = Inquiry.objects.get(pk=task.inquiry_id)
    steps.release(inquiry, version=inquiry.version, by=owner)
    give(task, None, helper)
    assert task.assignee is None
    assert notices(owner, helper) == set()


def test_the_owner_hears_when_a_colleague_gives_their_task_away(owner: User, lead: User) -> None:
    helper = make_staff(Role.COORDINATOR, email="helper@example.org")
    task = make_task(by=owner)
    give(task, helper, lead)
    told = Notice.objects.values_list("user__username", "kind")
    assert {(owner.username, "logged"), (helper.username, "task_given")} <= set(told)


def test_whoever_gets_a_late_task_is_reminded_of_it(owner: User) -> None:
    helper = make_staff(Role.COORDINATOR, email="helper@example.org")
    task = make_task(by=owner)
    later = task.due_at + timedelta(days=2)
    with time_machine.travel(later, tick=False):
        for found in due_tasks.to_tell(timezone.now()):
            due_tasks.tell(found, timezone.now())
        assert Task.objects.filter(pk=task.pk, tell_at=None).exists()
        give(task, helper, owner)
        assert [*due_tasks.to_tell(timezone.now())] == [task]


def test_what_cannot_be_given_is_refused(owner: User) -> None:
    helper = make_staff(Role.COORDINATOR)
    gone = make_staff(Role.COORDINATOR, is_active=False)
    task = make_task(by=owner)
    with pytest.raises(StepRefused, match="theirs already"):
        give(task, None, owner)
    with pytest.raises(StepRefused, match="can’t have tasks"):
        give(task, gone, owner)
    settle(task, TaskState.DONE, owner)
    with pytest.raises(StepRefused, match="is finished"):
        give(task, helper, owner)


def test_a_task_is_given_on_the_page(client: Client, owner: User) -> None:
    helper = make_staff(Role.COORDINATOR, first_name="Luz", last_name="Lee")
    task = make_task(by=owner, text="Call the lab.")
    other = make_task(task.inquiry, owner, text="Ask for the form.")
    client.force_login(owner)
    address = f"/admin/inquiries/inquiry/{task.inquiry_id}"
    page = client.get(f"{address}/change/").text
    for each in (task, other):
        assert f'id="do-give_task-{each.pk}"' in page
    version = Inquiry.objects.get(pk=task.inquiry_id).version
    typed = {"give_task-version": version, "give_task-task": task.pk, "give_task-to": helper.pk}
    refused = client.post(f"{address}/give_task/", {**typed, "give_task-to": "nobody"})
    assert refused.status_code == 422
    assert "Choose a colleague who works here" in refused.text
    assert client.post(f"{address}/give_task/", typed).status_code == 302
    task.refresh_from_db()
    assert task.assignee == helper
    assert "For Luz Lee" in client.get(f"{address}/change/").text
