"""Referring a patient to somebody, and asking until we know whether it arrived."""

from datetime import date
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
from inquiries.models import (
    DirectoryEntry,
    Event,
    Inquiry,
    Notice,
    Referral,
    ReferralAnswer,
    Task,
    TaskState,
)
from inquiries.states import Step
from inquiries.triage import words
from inquiries.triage.tasks import Due, new_task, set_state

if TYPE_CHECKING:
    from portal.models import User

#: In days: when we ask whether a referral arrived, unless another day is chosen.
ASK_AFTER_DAYS = 5


@transaction.atomic
def refer(  # noqa: PLR0913 - what a referral says
    inquiry: Inquiry, *, to: DirectoryEntry, text: str, ask_on: date, version: int, by: "User"
) -> Inquiry:
    """Record a referral; `text`: what was sent. A task asks on that day whether it arrived."""
    inquiry = transitions.start_transition(inquiry, Step.REFER, version=version, by=by)
    referral = Referral(inquiry=inquiry, to=to, text=text, by=by, at=timezone.now())
    asks = str(words.DID_IT_ARRIVE % {"to": to.name})
    task = new_task(inquiry, asks, Due(ask_on), referral=referral)
    inquiry.save()
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    added = bind_changes(added=[referral, task], met={})
    record_event(inquiry, Event.Kind.REFERRED, by=by, wrote=added)
    return inquiry


@transaction.atomic
def log_answer(  # noqa: PLR0913 - what an answer says
    inquiry: Inquiry,
    *,
    referral: UUID,
    answer: str,
    ask_on: date | None = None,
    version: int,
    by: "User",
) -> Inquiry:
    """Record whether a referral arrived; “not yet” asks again on `ask_on`.

    If they declined, a task for today asks what to do next, because nobody looks after the patient.
    """
    inquiry = transitions.start_transition(inquiry, Step.ASK_REFERRAL, version=version, by=by)
    row = Referral.objects.select_related("to").filter(inquiry=inquiry, pk=referral).first()
    if row is None:
        raise StepRefused(words.REFERRAL_GONE)
    if row.is_settled:
        raise StepRefused(words.NO_CHANGE)
    inquiry.save()
    task = row.tasks.latest("due_at", "id")
    row.inquiry = task.inquiry = inquiry
    met = digest_rows([row, task])
    row.answer = answer
    added: list[Task] = []
    if answer == ReferralAnswer.NOT_YET:
        _ask_again(inquiry, task, Due(ask_on or timezone.localdate()))
    else:
        set_state(task, TaskState.DONE)
    if answer == ReferralAnswer.DECLINED:
        asks = str(words.WHAT_NEXT % {"to": row.to.name})
        added = [new_task(inquiry, asks, Due(timezone.localdate()))]
    staff_notices.notify_owner(inquiry, Notice.Kind.LOGGED, by=by)
    changed = bind_changes([row, task], added=added, met=met)
    record_event(inquiry, Event.Kind.REFERRAL_ANSWERED, by=by, wrote=changed, answer=answer)
    return inquiry


def _ask_again(inquiry: Inquiry, task: Task, due: Due) -> None:
    asked = new_task(inquiry, task.text, due)  # refuses a day that has passed
    task.due_at, task.has_time = asked.due_at, False
    set_state(task, TaskState.OPEN)
