"""Referring a patient to somebody, and asking until we know whether it arrived."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Inquiry, Referral, ReferralAnswer, TaskState
from inquiries.states import State, Step
from inquiries.triage import referrals
from portal.models import User
from tests.factories import make_inquiry, make_referral
from tests.inquiries.triage.step_arguments import take

pytestmark = pytest.mark.django_db


def answer(referral: Referral, said: str, by: User, days: int | None = None) -> None:
    inquiry = Inquiry.objects.get(pk=referral.inquiry_id)
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    referrals.log_answer(
        inquiry,
        referral=referral.pk,
        answer=said,
        ask_on=day,
        version=inquiry.version,
        by=by,
    )
    referral.refresh_from_db()


def open_tasks(referral: Referral) -> list[str]:
    rows = referral.inquiry.tasks.open()
    return [task.text for task in rows]


def test_a_referral_asks_after_five_days_whether_it_arrived(coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    task = referral.tasks.get()
    due = timezone.localtime(task.due_at).date()
    assert due == timezone.localdate() + timedelta(days=5)
    assert task.text == f"Did the referral to {referral.to.name} arrive?"
    stored = Referral.objects.values_list("text", flat=True).get()
    assert b"records" not in bytes(stored)
    assert verify_ledger().faults == []


@pytest.mark.parametrize("said", [ReferralAnswer.ARRIVED, ReferralAnswer.APPOINTMENT])
def test_an_answer_ends_the_question(said: str, coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    answer(referral, said, coordinator)
    assert referral.answer == said
    assert referral.tasks.get().state == TaskState.DONE
    with pytest.raises(StepRefused, match="already"):
        answer(referral, said, coordinator)
    assert verify_ledger().faults == []


def test_not_heard_yet_asks_again_on_another_day(coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    answer(referral, ReferralAnswer.NOT_YET, coordinator, days=9)
    task = referral.tasks.get()
    assert task.is_open
    assert timezone.localtime(task.due_at).date() == timezone.localdate() + timedelta(days=9)
    assert task.tell_at
    with pytest.raises(StepRefused, match="a year ahead"):
        answer(referral, ReferralAnswer.NOT_YET, coordinator, days=-1)
    assert verify_ledger().faults == []


def test_a_referral_that_was_declined_is_a_task_for_today(coordinator: User) -> None:
    referral = make_referral(make_inquiry(State.CLOSED, owner=coordinator), coordinator)
    answer(referral, ReferralAnswer.DECLINED, coordinator)
    said = f"The referral to {referral.to.name} was declined or never arrived."
    assert open_tasks(referral) == [f"{said} Decide what to do next."]
    assert verify_ledger().faults == []


def test_its_task_ends_only_by_an_answer(coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    with pytest.raises(StepRefused, match="log the answer"):
        take(Step.SETTLE_TASK, Inquiry.objects.get(pk=referral.inquiry_id), coordinator)


def test_an_entry_that_a_referral_names_stays_in_the_directory(coordinator: User) -> None:
    with pytest.raises(ProtectedError):
        make_referral(by=coordinator).to.delete()


def test_a_referral_that_is_changed_past_its_verbs_is_noticed(coordinator: User) -> None:
    referral = make_referral(by=coordinator)
    Referral.objects.filter(pk=referral.pk).update(answer=ReferralAnswer.ARRIVED)
    assert len(verify_ledger().faults) == 1


def test_an_erasure_leaves_no_task_and_no_referral(coordinator: User, privacy: User) -> None:
    referral = make_referral(by=coordinator)
    inquiry = take(Step.ERASE, Inquiry.objects.get(pk=referral.inquiry_id), privacy)
    assert not inquiry.tasks.exists()
    assert not inquiry.referrals.exists()
    assert verify_ledger().faults == []
