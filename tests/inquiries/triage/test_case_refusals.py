"""Tasks, referrals, offers, and absences that are no longer what a page showed."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.models import AuditEntry, Checklist, Inquiry
from inquiries.models.task import TaskState
from inquiries.outcomes import Outcome
from inquiries.privacy import erase_inquiry
from inquiries.states import ErasureReason, State
from inquiries.triage import absences, due_tasks, duplicates, offers, referrals, steps, tasks
from portal.models import Role, User
from tests.factories import (
    make_absence,
    make_inquiry,
    make_referral,
    make_staff,
    make_task,
)

pytestmark = pytest.mark.django_db


def of(inquiry: Inquiry, by: User) -> dict[str, Any]:
    inquiry.refresh_from_db()
    return {"version": inquiry.version, "by": by}


def test_a_task_that_is_gone_or_settled_already_is_refused(coordinator: User) -> None:
    task = make_task(by=coordinator)
    inquiry = task.inquiry
    with pytest.raises(StepRefused):
        tasks.settle_task(inquiry, task=uuid4(), to=TaskState.DONE, **of(inquiry, coordinator))
    tasks.settle_task(inquiry, task=task.pk, to=TaskState.DONE, **of(inquiry, coordinator))
    with pytest.raises(StepRefused):
        tasks.settle_task(inquiry, task=task.pk, to=TaskState.DONE, **of(inquiry, coordinator))


def test_a_question_about_a_referral_is_settled_by_its_answer_alone(coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    task, inquiry = referral.tasks.get(), referral.inquiry
    with pytest.raises(StepRefused):
        tasks.settle_task(inquiry, task=task.pk, to=TaskState.DONE, **of(inquiry, coordinator))
    said: dict[str, Any] = {"answer": "arrived", "ask_on": None}
    with pytest.raises(StepRefused):
        referrals.log_answer(inquiry, referral=uuid4(), **said, **of(inquiry, coordinator))
    referrals.log_answer(inquiry, referral=referral.pk, **said, **of(inquiry, coordinator))
    with pytest.raises(StepRefused):
        referrals.log_answer(inquiry, referral=referral.pk, **said, **of(inquiry, coordinator))


def test_an_empty_checklist_is_refused(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    empty = Checklist.objects.create(title="Nothing yet")
    with pytest.raises(StepRefused):
        tasks.add_checklist(inquiry, checklist=empty, **of(inquiry, coordinator))


def test_a_task_is_told_of_once(coordinator: User) -> None:
    task = make_task(by=coordinator)
    later = timezone.now() + timedelta(days=2)
    assert due_tasks.tell(task, later)
    assert not due_tasks.tell(task, later), "it was late already, so nobody is told again"


def test_a_duplicate_of_an_erased_request_can_be_undone(coordinator: User, privacy: User) -> None:
    first = make_inquiry(State.CLAIMED, owner=coordinator)
    second = make_inquiry(State.CLAIMED, owner=coordinator)
    duplicates.link_duplicate(second, of=first, **of(second, coordinator))
    steps.close(first, outcome=Outcome.ANSWERED, **of(first, coordinator))
    first.refresh_from_db()
    erase_inquiry(first, reason=ErasureReason.ASKED, version=first.version, by=privacy)
    events = first.events.count()
    second = duplicates.unlink_duplicate(second, **of(second, coordinator))
    assert second.is_open
    assert first.events.count() == events, "an erased request is told nothing"


def test_an_offer_is_refused_to_oneself_and_for_a_request_that_changed(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    amy = make_staff(Role.COORDINATOR)
    asked: dict[str, Any] = {
        "word": "",
        "answer_by": timezone.now() + timedelta(hours=1),
        "by": coordinator,
    }
    with pytest.raises(StepRefused):
        offers.offer_request(inquiry, to=coordinator, version=inquiry.version, **asked)
    with pytest.raises(StepRefused):
        offers.offer_request(inquiry, to=amy, version=inquiry.version + 1, **asked)
    late = asked | {"answer_by": timezone.now() - timedelta(minutes=1)}
    with pytest.raises(StepRefused):
        offers.offer_request(inquiry, to=amy, version=inquiry.version, **late)
    offer = offers.offer_request(inquiry, to=amy, version=inquiry.version, **asked)
    make_absence(amy, first_day=timezone.localdate(), last_day=timezone.localdate())
    with pytest.raises(StepRefused):
        offers.accept_offer(offer, by=amy)
    with pytest.raises(StepRefused):
        offers.offer_request(inquiry, to=amy, **asked | of(inquiry, coordinator))


def test_an_absence_removed_twice_is_removed_once(coordinator: User) -> None:
    absence = make_absence(coordinator, first_day=date(2099, 1, 4), last_day=date(2099, 1, 8))
    for _ in range(2):
        absences.remove_absence(absence, by=coordinator)
    kind = AuditEntry.Kind.ABSENCES_CHANGED
    assert AuditEntry.objects.filter(kind=kind, about=coordinator).count() == 1
