"""Whatever staff, the sender and the worker do at once, in any order: nothing is lost, nothing
changes without an event, and a request's state is what its events say.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Clock, Event, Inquiry, Note, ReferralAnswer, TaskState
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import OWNED, AttemptResult, State, Step, Urgency, WaitReason
from inquiries.triage import sweep
from inquiries.triage.calls import Call
from inquiries.triage.step_verbs import STEP_VERBS
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import (
    correct,
    in_days,
    make_absence,
    make_checklist,
    make_directoryentry,
    make_inquiry,
    make_staff,
    make_submission,
)

pytestmark = pytest.mark.django_db(transaction=True)

#: The arguments of each step, besides the request, its version and the person who takes it.
GIVEN: dict[Step, Callable[["Scene"], dict[str, Any]]] = {
    # With words of its own, each is another call, and none the same form sent again.
    Step.CALL: lambda scene: {
        "call": Call(method="phone", reached=AttemptResult.NOBODY, text=uuid4().hex)
    },
    Step.ATTEMPT: lambda scene: {"method": "phone", "reached": AttemptResult.NOBODY},
    Step.CONNECT: lambda scene: {"method": "phone", "identity": "reference"},
    Step.WAIT: lambda scene: {
        "until": timezone.now() + timedelta(days=2),
        "why": WaitReason.ASKED,
    },
    Step.REPLY: lambda scene: {"text": "We called you at noon."},
    Step.GRADE: lambda scene: {"urgency": Urgency.URGENT},
    Step.HANDOVER: lambda scene: {"to": "services"},
    Step.NOTE: lambda scene: {"text": "Call after five."},
    Step.CLOSE: lambda scene: {"outcome": Outcome.REFERRED},
    Step.REASSIGN: lambda scene: {"to": scene.staff[1]},
    Step.ADD_TASK: lambda scene: {"text": "Call the lab.", "due": in_days(0)},
    Step.ADD_CHECKLIST: lambda scene: {"checklist": make_checklist()},
    Step.SETTLE_TASK: lambda scene: {"task": scene.task(), "to": TaskState.DONE},
    Step.GIVE_TASK: lambda scene: {"task": scene.task(), "to": scene.staff[1]},
    Step.REFER: lambda scene: {
        "to": make_directoryentry(),
        "text": "Faxed.",
        "ask_on": in_days(0).day,
    },
    Step.ASK_REFERRAL: lambda scene: {
        "referral": scene.referral(),
        "answer": ReferralAnswer.DECLINED,
    },
    Step.LINK_DUPLICATE: lambda scene: {"of": scene.other},
    Step.ERASE: lambda scene: {"reason": "asked"},
    Step.ACCEPT: lambda scene: {"number": 1, "identity": "detail"},
    Step.USE_DETAILS: lambda scene: {"of": scene.linked()},
}


class Scene:
    """Two requests, three people who triage, one who erases, the sender and the worker."""

    staff: list[User]
    other: Inquiry

    def __init__(self) -> None:
        self.staff = [make_staff(role) for role in (Role.COORDINATOR, Role.COORDINATOR, Role.LEAD)]
        self.privacy = make_staff(Role.PRIVACY)
        self.inquiry, self.other = (
            make_inquiry(contact_method="email", email="ana@example.org") for _ in range(2)
        )

    def task(self) -> UUID:
        task = self.inquiry.tasks.filter(state=TaskState.OPEN, referral=None).first()
        return task.pk if task else uuid4()

    def referral(self) -> UUID:
        referral = self.inquiry.referrals.first()
        return referral.pk if referral else uuid4()

    def linked(self) -> str:
        """Return a duplicate that says something else, or nothing if there is none."""
        linked = self.inquiry.duplicates.filter(outcome=Outcome.DUPLICATE).first()
        return linked.reference if linked else ""

    def of_staff(self, step: Step, who: int, *, is_stale: bool) -> None:
        inquiry = self.current()
        by = self.privacy if step == Step.ERASE else self.staff[who]
        fields = GIVEN.get(step, lambda scene: {})(self)
        if not is_stale:
            STEP_VERBS[step](inquiry, version=inquiry.version, by=by, **fields)
            return
        with pytest.raises(StepRefused):
            STEP_VERBS[step](inquiry, version=inquiry.version - 1, by=by, **fields)

    def of_sender(self, what: str) -> None:
        inquiry = self.current()
        match what:
            case "write":
                correspondence.write_message(inquiry, text=f"Hello {uuid4()}")
            case "correct":
                correct(inquiry, make_submission(message=f"I mean {uuid4()}"))
            case "not answered":
                correspondence.say_whether_answered(inquiry, answered=False)
            case _:
                correspondence.withdraw_inquiry(inquiry)

    def of_worker(self) -> None:
        Inquiry.objects.filter(state=State.WAITING).update(wakes_at=timezone.now())
        Clock.objects.filter(warn_at__isnull=False).update(warn_at=timezone.now())
        sweep.wake_due()
        sweep.warn_of_deadlines()
        sweep.remind_of_tasks()
        sweep.release_orphaned()

    def of_absent(self, who: int) -> None:
        make_absence(self.staff[who])
        sweep.release_orphaned()

    def current(self) -> Inquiry:
        return Inquiry.objects.for_reading().get(pk=self.inquiry.pk)


_steps = st.builds(
    lambda step, who, stale: lambda scene: scene.of_staff(step, who, is_stale=stale),
    # Steps that end a request are drawn rarely, and early steps often.
    st.sampled_from(
        [
            *(*Step, *[Step.CLAIM] * 6, Step.WAIT, Step.WAKE, Step.CONNECT),
            *(Step.ADD_TASK, Step.SETTLE_TASK, Step.LINK_DUPLICATE, Step.UNLINK_DUPLICATE),
        ]
    ),
    st.integers(0, 2),
    st.sampled_from([False, False, False, True]),
)
_of_sender = st.sampled_from(["write", "correct", "not answered", "withdraw"]).map(
    lambda what: lambda scene: scene.of_sender(what)
)
_of_worker = st.just(lambda scene: scene.of_worker())
_of_absent = st.integers(0, 1).map(lambda who: lambda scene: scene.of_absent(who))
_scripts = st.lists(
    st.lists(st.one_of(_steps, _steps, _of_sender, _of_worker, _of_absent), max_size=8),
    min_size=3,
    max_size=3,
)


def play(scene: Scene, script: list[Callable[[Scene], None]]) -> None:
    for act in script:
        try:
            act(scene)
        except StepRefused:
            close_old_connections()


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(_scripts)
def test_nothing_is_lost_and_every_change_has_an_event(
    scripts: list[list[Callable[[Scene], None]]],
) -> None:
    scene = Scene()
    together(3, lambda number: play(scene, scripts[number]))
    inquiry, events = scene.current(), list(scene.inquiry.events.all())
    assert verify_ledger().faults == []
    changes = [event.version for event in events if event.kind not in Event.CHANGE_NOTHING]
    assert changes == list(range(1, inquiry.version + 1)), "each change has its event"
    by_itself = {event.kind for event in events if event.by is None}
    closed = [e for e in events if e.kind == Event.Kind.CLOSED and e.by is None]
    assert all(event.detail["outcome"] == Outcome.WITHDRAWN for event in closed), by_itself
    clocks = Clock.objects.filter(inquiry=inquiry, stopped_at__isnull=True)
    running = {clock.kind: clock for clock in clocks}
    if inquiry.is_open:
        assert Clock.Kind.CLOSURE in running
        owed = running.keys() & {Clock.Kind.FIRST_ATTEMPT, Clock.Kind.NEXT_REPLY}
        assert len(owed) == inquiry.awaits_answer
        first = running[owed.pop()] if owed else running[Clock.Kind.CLOSURE]
        assert inquiry.due_at == first.due_at
    else:
        assert not running
    if inquiry.state in OWNED:
        claims = {Event.Kind.CLAIMED, Event.Kind.REASSIGNED}
        assert any(event.kind in claims for event in events)
    noted = {Event.Kind.NOTED, Event.Kind.ATTEMPTED}  # a call has words as well
    told = [event for event in events if event.kind in noted and "words" in (event.bound or {})]
    notes = Note.objects.filter(event__inquiry=inquiry).count()
    assert inquiry.state == State.ERASED or notes == len(told)


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(2, 6))
def test_exactly_one_of_several_simultaneous_claims_succeeds(count: int) -> None:
    inquiry, people = make_inquiry(), [make_staff(Role.COORDINATOR) for _ in range(count)]

    def claim(number: int) -> User | None:
        try:
            STEP_VERBS[Step.CLAIM](inquiry, version=1, by=people[number])
        except StepRefused:
            return None
        return people[number]

    (winner,) = (user for user in together(count, claim) if user)
    inquiry.refresh_from_db()
    assert (inquiry.owner, inquiry.version) == (winner, 2)
