"""The arguments that each step needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.models import ContactMethod, Event, Inquiry, ReferralAnswer, TaskState
from inquiries.outcomes import Outcome
from inquiries.states import (
    AttemptResult,
    EmergencyHelp,
    ErasureReason,
    IdentityCheck,
    State,
    Step,
    Urgency,
    WaitReason,
)
from inquiries.triage.calls import Call
from inquiries.triage.step_verbs import STEP_VERBS
from inquiries.triage.steps import save_and_record
from portal.models import Role, User
from tests.factories import (
    in_days,
    make_checklist,
    make_directoryentry,
    make_inquiry,
    make_referral,
    make_staff,
    make_task,
)

#: They are made again for each try, because some of them are database rows.
ARGUMENTS: dict[Step, Callable[[], dict[str, Any]]] = {
    Step.REASSIGN: lambda: {"to": make_staff(Role.COORDINATOR)},
    Step.CALL: lambda: {"call": Call(method=ContactMethod.PHONE, reached=AttemptResult.NOBODY)},
    Step.CONNECT: lambda: {"method": ContactMethod.PHONE, "identity": IdentityCheck.REFERENCE},
    Step.WAIT: lambda: {"until": timezone.now() + timedelta(days=2), "why": WaitReason.OTHERS},
    Step.LINK_DUPLICATE: lambda: {"of": make_inquiry()},
    Step.ADD_TASK: lambda: {"text": "Call the hospital.", "due": in_days(1)},
    Step.ADD_CHECKLIST: lambda: {"checklist": make_checklist()},
    Step.SETTLE_TASK: lambda: {"task": make_task().pk, "to": TaskState.DONE},
    Step.GIVE_TASK: lambda: {"task": make_task().pk, "to": make_staff(Role.COORDINATOR)},
    Step.REFER: lambda: {
        "to": make_directoryentry(),
        "text": "Faxed the records.",
        "ask_on": in_days(5).day,
    },
    Step.ASK_REFERRAL: lambda: {
        "referral": make_referral().pk,
        "answer": ReferralAnswer.ARRIVED,
    },
    Step.ATTEMPT: lambda: {"method": ContactMethod.PHONE, "reached": AttemptResult.NOBODY},
    Step.REPLY: lambda: {"text": "We called you at noon."},
    Step.GRADE: lambda: {"urgency": Urgency.SOON},
    Step.HANDOVER: lambda: {"to": EmergencyHelp.SERVICES},
    Step.NOTE: lambda: {"text": "Call after five."},
    Step.CLOSE: lambda: {"outcome": Outcome.REFERRED},
    Step.ERASE: lambda: {"reason": ErasureReason.ASKED},
    Step.ACCEPT: lambda: {"number": 1, "identity": IdentityCheck.DETAIL},
    Step.USE_DETAILS: lambda: {"of": ""},
}


def make_linked(of: Inquiry, **fields: Any) -> Inquiry:
    """Make a duplicate of a request that changes nothing in it."""
    held = transitions.lock_inquiry(make_inquiry(**fields))
    held.state, held.outcome, held.closed_at = State.CLOSED, Outcome.DUPLICATE, timezone.now()
    held.duplicate_of = of
    said = {"reference": of.reference, "outcome": held.outcome}
    return save_and_record(held, Event.Kind.DUPLICATE_MARKED, by=make_staff(), **said)


def take(step: Step, inquiry: Inquiry, by: User, version: int | None = None) -> Inquiry:
    version = inquiry.version if version is None else version
    said = ARGUMENTS.get(step, dict)() | _of_request(step, inquiry)
    return STEP_VERBS[step](inquiry, version=version, by=by, **said)


def _of_request(step: Step, inquiry: Inquiry) -> dict[str, Any]:
    """Return the task or referral of the request itself, if it has one."""
    if step in {Step.SETTLE_TASK, Step.GIVE_TASK} and (task := inquiry.tasks.first()):
        return {"task": task.pk}
    if step is Step.USE_DETAILS and inquiry.state != State.ERASED:
        return {"of": make_linked(inquiry, phone="(202) 555-0177").reference}
    if step is Step.ASK_REFERRAL and (referral := inquiry.referrals.first()):
        return {"referral": referral.pk}
    return {}
