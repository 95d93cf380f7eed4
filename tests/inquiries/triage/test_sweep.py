"""No request is in limbo: a waiting one wakes, and one that lost its owner returns to the queue."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Inquiry, Job
from inquiries.private_page import correspondence
from inquiries.states import OWNED, State, WaitReason
from inquiries.triage import steps, sweep
from inquiries.worker import worker
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_absence, make_inquiry, make_staff

pytestmark = pytest.mark.django_db


def latest(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def last_event(inquiry: Inquiry) -> Event:
    event = inquiry.events.order_by("number").last()
    assert event
    return event


def test_a_request_wakes_at_its_time_and_not_before(coordinator: User) -> None:
    inquiry = make_inquiry(State.WAITING, owner=coordinator)
    assert sweep.wake_due() == 0
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert sweep.wake_due() == 1
        assert sweep.wake_due() == 0
    woken = latest(inquiry)
    assert (woken.state, woken.owner, woken.wakes_at) == (State.CLAIMED, coordinator, None)
    assert (last_event(woken).kind, last_event(woken).by) == (Event.Kind.WOKEN, None)
    assert verify_ledger().faults == []


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_workers_wakes_a_request(coordinator: User) -> None:
    inquiry = make_inquiry(State.WAITING, owner=coordinator)
    Inquiry.objects.update(wakes_at=timezone.now())
    assert sum(together(4, lambda number: sweep.wake_due())) == 1
    assert inquiry.events.filter(kind=Event.Kind.WOKEN).count() == 1


def test_a_failing_request_does_not_hold_up_the_others(
    coordinator: User, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    first, *others = [make_inquiry(State.WAITING, owner=coordinator) for _ in range(3)]
    gone = make_staff(Role.COORDINATOR)
    orphan = make_inquiry(State.CLAIMED, owner=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Inquiry.objects.filter(state=State.WAITING).update(wakes_at=timezone.now())

    def fail(inquiry: Inquiry, wake: Any = steps.wake, **how: Any) -> Inquiry:
        if inquiry == first:
            raise ValueError
        return cast("Inquiry", wake(inquiry, **how))

    monkeypatch.setattr(steps, "wake", fail)
    worker.work_once()
    assert {latest(each).state for each in others} == {State.CLAIMED}
    assert latest(orphan).state == State.NEW
    assert latest(first).state == State.WAITING
    assert not Job.objects.get(name="rounds").went_well


def test_a_long_round_continues_in_the_next_one(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much there is to wake, even ten thousand requests, mail is not kept waiting."""
    for _ in range(5):
        make_inquiry(State.WAITING, owner=coordinator)
    Inquiry.objects.update(wakes_at=timezone.now())
    slow = (2.0 * second for second in count())  # each reading of the clock is 2 seconds later
    monkeypatch.setattr(sweep, "time", SimpleNamespace(monotonic=lambda: next(slow)))
    assert [sweep.wake_due() for _ in range(4)] == [2, 2, 1, 0]


def test_a_round_ends_early_when_the_database_is_down(
    coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inquiry(State.WAITING, owner=coordinator)
    Inquiry.objects.update(wakes_at=timezone.now())

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(steps, "wake", down)
    with pytest.raises(OperationalError):
        sweep.wake_due()


def test_a_message_from_the_sender_wakes_the_request_at_once(coordinator: User) -> None:
    inquiry = make_inquiry(State.WAITING, owner=coordinator)
    correspondence.write_message(inquiry, text="I found the papers.")
    woken = latest(inquiry)
    assert (woken.state, woken.owner) == (State.CLAIMED, coordinator)
    assert verify_ledger().faults == []


def test_the_worker_sweeps_every_minute(coordinator: User, settings: Any, tmp_path: Path) -> None:
    settings.ANCHORS_FILE = str(tmp_path / "anchors.jsonl")
    inquiry = make_inquiry(State.WAITING, owner=coordinator)
    worker.work_once()
    # After more than a day of rest, it waits ten minutes to see whether the clock can be trusted.
    for later in (timedelta(days=3), timedelta(days=3, minutes=11)):
        with time_machine.travel(timezone.now() + later):
            worker.work_once()
    assert latest(inquiry).state == State.CLAIMED


@pytest.mark.parametrize("state", OWNED)
def test_requests_of_absent_owners_return_to_the_queue_with_the_same_deadline(
    state: State, coordinator: User
) -> None:
    inquiry = make_inquiry(state, owner=coordinator)
    due_at = inquiry.due_at
    make_absence(coordinator)
    assert sweep.release_orphaned() == 1
    back = latest(inquiry)
    assert (back.state, back.owner, back.wakes_at) == (State.NEW, None, None)
    assert back.due_at == due_at
    assert last_event(back).result_words == "its owner is away"
    assert sweep.release_orphaned() == 0
    assert verify_ledger().faults == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": ""}, {"role": Role.EDITOR}])
def test_former_coordinators_keep_no_open_requests(
    change: dict[str, Any], coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    closed = make_inquiry(State.CLOSED, owner=coordinator)
    User.objects.filter(pk=coordinator.pk).update(**change)
    sweep.release_orphaned()
    assert latest(inquiry).owner is None
    assert latest(closed).owner == coordinator, "who closed it stays known"


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_an_absence_counts_only_on_its_days(coordinator: User, first: int, last: int) -> None:
    today = timezone.localdate()
    make_absence(
        coordinator,
        first_day=today + timedelta(days=first),
        last_day=today + timedelta(days=last),
    )
    make_inquiry(State.CLAIMED, owner=coordinator)
    assert sweep.release_orphaned() == 0


def test_owners_hand_over_their_requests_and_leads_hand_over_unclaimed_ones(
    coordinator: User, lead: User
) -> None:
    colleague = make_staff(Role.COORDINATOR)
    theirs = make_inquiry(State.CONNECTED, owner=coordinator)
    given = steps.reassign(theirs, to=colleague, version=theirs.version, by=coordinator)
    assert (given.state, given.owner) == (State.CONNECTED, colleague)
    new = make_inquiry()
    with pytest.raises(StepRefused, match="Claim it first, or ask a lead"):
        steps.reassign(new, to=colleague, version=new.version, by=coordinator)
    given = steps.reassign(new, to=colleague, version=new.version, by=lead)
    assert (given.state, given.owner) == (State.CLAIMED, colleague)
    assert verify_ledger().faults == []


def test_requests_cannot_be_handed_to_people_who_cannot_take_them(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    absent = make_absence().user
    for to, why in (
        (absent, "away today"),
        (make_staff(Role.EDITOR), "not a coordinator"),
        (make_staff(Role.COORDINATOR, is_active=False), "not a coordinator"),
        (coordinator, "has already claimed it"),
    ):
        with pytest.raises(StepRefused, match=why):
            steps.reassign(inquiry, to=to, version=inquiry.version, by=coordinator)
    assert latest(inquiry).version == inquiry.version


@pytest.mark.parametrize(
    ("why", "moves"),
    [(WaitReason.ASKED, True), (WaitReason.OTHERS, False), (WaitReason.PAPERS, False)],
)
def test_only_the_senders_own_wish_moves_the_deadline(
    coordinator: User, why: WaitReason, moves: bool
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    until = timezone.now() + timedelta(days=20)
    waiting = steps.set_aside(
        inquiry, until=until, why=why, version=inquiry.version, by=coordinator
    )
    assert (waiting.due_at > until) is moves
    assert moves or waiting.due_at == inquiry.due_at


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_requests_cannot_wait_for_the_past_or_forever(coordinator: User, days: int) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    until = timezone.now() + timedelta(days=days)
    with pytest.raises(StepRefused, match="within the next 90 days"):
        steps.set_aside(inquiry, until=until, why="asked", version=inquiry.version, by=coordinator)
    assert latest(inquiry).state == State.CLAIMED
