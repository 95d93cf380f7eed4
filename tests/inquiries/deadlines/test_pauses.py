"""What pauses a deadline, and what is left when it resumes. All on a Monday in November."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from inquiries.deadlines import service_levels
from inquiries.models import Calendar, Clock, Event, Inquiry, SpecialDay
from inquiries.private_page import correspondence
from inquiries.states import State, Urgency, WaitReason
from inquiries.triage import steps, sweep
from portal.models import User
from tests.factories import make_absence, make_inquiry
from tests.inquiries.deadlines.november import at, due, ended, set_aside, try_to_call

pytestmark = pytest.mark.django_db

Kind, Verdict = Clock.Kind, Clock.Verdict


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


def test_a_pause_they_asked_for_stops_the_clock_and_keeps_the_remaining_time(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    assert due(inquiry) == at(30, 11), "two hours were left"
    assert sweep.warn_of_deadlines() == 0, "nobody is warned while it stands still"
    monday.move_to(at(30, 9))
    assert sweep.wake_due() == 1
    assert due(inquiry) == at(30, 11)
    monday.move_to(at(30, 10))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 14 * 60


def test_senders_who_write_earlier_are_owed_the_remaining_time_from_then(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(24, 9))
    correspondence.write_message(inquiry, text="You may call sooner.")
    assert due(inquiry) == at(25, 16), "of fifteen hours seven are gone with Monday's evening"


def test_a_pause_costs_no_time_when_a_day_has_since_been_closed(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert due(inquiry) == at(24, 17)
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(24, 0).date(), name="Storm")
    service_levels.clear_cache()
    monday.move_to(at(23, 17, 30))
    set_aside(inquiry, at(25, 9), WaitReason.ASKED, coordinator)
    steps.wake(latest(inquiry), version=3, by=coordinator)
    assert due(inquiry) >= at(24, 17)


def test_remaining_time_is_counted_in_the_hours_in_effect_when_it_resumes(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    calendar = Calendar.objects.get()
    SpecialDay.objects.create(calendar=calendar, day=at(25, 0).date(), name="Storm")
    SpecialDay.objects.create(calendar=calendar, day=at(30, 0).date(), name="Flood")
    service_levels.clear_cache()
    monday.move_to(at(30, 9))
    assert sweep.wake_due() == 1
    december = at(30, 0) + timedelta(days=1)
    assert due(inquiry) == december.replace(hour=11), "the two hours that were left, in open hours"
    monday.move_to(december.replace(hour=10))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 14 * 60


def test_they_may_ask_for_another_time(coordinator: User, monday: time_machine.Traveller) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(25, 15))
    set_aside(inquiry, at(27, 9), WaitReason.ASKED, coordinator)
    assert due(inquiry) == at(27, 11), "the two hours that were left at the first time"


def test_requests_judged_less_urgent_while_waiting_keep_the_remaining_time(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, message="I want to die.")
    monday.move_to(at(23, 11))
    waiting = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    steps.set_urgency(waiting, urgency=Urgency.SOON, version=waiting.version, by=coordinator)
    assert due(inquiry) == at(30, 10)


@pytest.mark.parametrize("is_away", [False, True])
def test_releasing_a_request_does_not_shorten_the_wait_they_asked_for(
    coordinator: User, monday: time_machine.Traveller, is_away: bool
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 15))
    waiting = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    asked_for = due(inquiry)
    assert asked_for == at(30, 11)
    monday.move_to(at(25, 12))
    if is_away:
        make_absence(user=coordinator)
        sweep.release_orphaned()
    else:
        steps.release(waiting, version=waiting.version, by=coordinator)
    assert latest(inquiry).state == State.NEW
    assert due(inquiry) == asked_for
    monday.move_to(at(30, 8, 59))
    assert sweep.warn_of_deadlines() == 0
    monday.move_to(at(30, 11))
    assert sweep.warn_of_deadlines() == 1
    assert inquiry.events.filter(kind=Event.Kind.ESCALATED).count() == 1


def test_a_pause_does_not_undo_a_missed_deadline(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 10))
    set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    monday.move_to(at(27, 10))
    try_to_call(steps.wake(latest(inquiry), version=3, by=coordinator), coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED


def latest(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)
