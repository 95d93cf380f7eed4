"""Each deadline that is near or has passed is announced once."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inquiries.deadlines import clocks
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Clock, Event, Inquiry, Notice
from inquiries.states import State
from inquiries.triage import sweep
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import make_absence, make_inquiry, make_staff
from tests.inquiries.deadlines.november import at, ended, try_to_call

pytestmark = pytest.mark.django_db

Kind, Verdict = Clock.Kind, Clock.Verdict


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.order_by("pk").values_list("kind", "user__username")
    return list(rows)


def test_warnings_are_sent_once_each_at_half_three_quarters_and_the_end(
    monday: time_machine.Traveller,
) -> None:
    owner = make_staff(Role.COORDINATOR, email="coordinator@example.org")
    boss = make_staff(Role.LEAD, email="lead@example.org")
    inquiry = make_inquiry(State.CLAIMED, owner=owner)
    for moment, kind, people in (
        (at(23, 16), "", []),
        (at(24, 9, 30), "due_soon", [owner]),
        (at(24, 13, 15), "due_soon", [owner]),
        (at(24, 17), "overdue", [owner, boss]),
        (at(27, 17), "", []),
    ):
        monday.move_to(moment)
        Notice.objects.all().delete()
        sweep.warn_of_deadlines()
        assert sweep.warn_of_deadlines() == 0
        assert sorted(told()) == sorted((kind, user.username) for user in people), moment
    (event,) = inquiry.events.filter(kind=Event.Kind.ESCALATED)
    assert event.detail == {"clock": "first_attempt"}


def test_unclaimed_requests_are_reported_to_everyone_who_is_here(
    monday: time_machine.Traveller,
) -> None:
    here, away = (
        make_staff(Role.COORDINATOR, email=f"{name}@example.org") for name in ("here", "away")
    )
    make_absence(away, last_day=at(30, 0).date())
    make_inquiry()
    monday.move_to(at(24, 9, 30))
    sweep.warn_of_deadlines()
    assert told() == [("due_soon", here.username)]


def test_after_a_night_without_a_worker_only_the_last_warning_is_sent(
    monday: time_machine.Traveller, lead: User
) -> None:
    User.objects.update(email="lead@example.org")
    make_inquiry()
    monday.move_to(at(25, 9))
    sweep.warn_of_deadlines()
    assert told() == [("overdue", lead.username)]


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_workers_sends_the_warning(monday: time_machine.Traveller) -> None:
    make_staff(Role.LEAD, email="lead@example.org")
    make_inquiry()
    monday.move_to(at(25, 9))
    assert sorted(together(4, lambda number: sweep.warn_of_deadlines())) == [0, 0, 0, 1]
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_and_a_step_on_one_request_do_not_block_each_other(
    coordinator: User, monday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 9))
    has_begun = threading.Event()

    follow = clocks.update_clocks

    def slowly(inquiry: Inquiry, event: Event, **how: Any) -> list[Clock]:
        if event.kind == Event.Kind.ATTEMPTED:
            has_begun.set()
            threading.Event().wait(0.5)
        return follow(inquiry, event, **how)

    monkeypatch.setattr(clocks, "update_clocks", slowly)

    def act(number: int) -> None:
        if number:
            try_to_call(inquiry, coordinator)
        else:
            has_begun.wait(5)
            sweep.warn_of_deadlines()

    together(2, act)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED
    assert verify_ledger().faults == []


def test_requests_answered_in_time_cause_no_warning(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    make_inquiry(State.CLOSED, owner=coordinator)
    monday.move_to(at(30, 17))
    assert sweep.warn_of_deadlines() == 0
    assert timezone.now() > at(30, 16)
    assert not told()
