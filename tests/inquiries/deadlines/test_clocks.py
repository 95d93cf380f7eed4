"""What we owe a sender and by when, from a request's first moment to its last. All times are in the
week of Monday, 2026-11-23, in New York: the clinic is open nine to five, Thursday is Thanksgiving.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from inquiries import submission_history
from inquiries.models import Calendar, Clock, Delivery, Inquiry, ServiceLevel
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import State, Urgency, WaitReason
from inquiries.triage import steps, sweep
from inquiries.worker import mailer
from portal.models import User
from tests.factories import correct, make_absence, make_calendar, make_inquiry
from tests.inquiries.deadlines.november import at, due, ended, running, set_aside, try_to_call

pytestmark = pytest.mark.django_db

Kind, Verdict = Clock.Kind, Clock.Verdict


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


def test_a_new_request_has_deadlines_for_a_first_attempt_and_closure() -> None:
    inquiry = make_inquiry()
    in_ten_working_days = at(24, 17) + timedelta(days=14)  # one of them is Thanksgiving
    assert running(inquiry) == {Kind.FIRST_ATTEMPT: at(24, 17), Kind.CLOSURE: in_ten_working_days}
    assert due(inquiry) == at(24, 17), "what comes first is what it is due for"


def test_an_automatic_email_is_not_an_attempt(settings: object) -> None:
    inquiry = make_inquiry(contact_method="email", email="ana@example.org")
    mailer.send_delivery(Delivery.objects.get())
    assert running(inquiry)[Kind.FIRST_ATTEMPT] == at(24, 17)


def test_senders_who_were_not_reached_are_owed_another_attempt(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(24, 11))
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MET
    assert ended(inquiry, Kind.FIRST_ATTEMPT).spent_minutes == 9 * 60
    assert due(inquiry) == running(inquiry)[Kind.NEXT_REPLY] == at(25, 17)


def test_after_a_conversation_only_closure_is_due(coordinator: User) -> None:
    inquiry = make_inquiry(State.CONNECTED, owner=coordinator)
    assert running(inquiry).keys() == {Kind.CLOSURE}
    correspondence.write_message(inquiry, text="One more question.")
    correspondence.write_message(inquiry, text="And another.")
    assert running(inquiry).keys() == {Kind.CLOSURE, Kind.NEXT_REPLY}
    assert due(inquiry) == at(24, 17), "the first of the two promises stands"


def test_a_finished_clock_is_judged_once_and_for_all(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    monday.move_to(at(25, 10))
    inquiry = try_to_call(inquiry, coordinator)
    steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    verdicts = {Kind.FIRST_ATTEMPT: Verdict.MISSED, Kind.CLOSURE: Verdict.MET}
    assert dict(inquiry.clocks.filter(kind__in=verdicts).values_list("kind", "verdict")) == verdicts
    before = list(inquiry.clocks.order_by("pk").values())
    ServiceLevel.objects.update(first_attempt_minutes=1, calendar=make_calendar())
    Calendar.objects.exclude(levels__isnull=False).delete()
    coordinator.is_active = False
    coordinator.save()
    assert list(inquiry.clocks.order_by("pk").values()) == before


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.NOT_A_REQUEST])
def test_clocks_are_void_when_no_answer_was_needed(coordinator: User, outcome: Outcome) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    steps.close(inquiry, outcome=outcome, version=inquiry.version, by=coordinator)
    assert set(inquiry.clocks.values_list("verdict", flat=True)) == {Verdict.VOID}


def test_quarantine_has_its_own_clock(coordinator: User, monday: time_machine.Traveller) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    assert running(inquiry) == {Kind.LOOK: at(23, 17)}
    monday.move_to(at(24, 9))
    steps.clear_from_quarantine(inquiry, version=1, by=coordinator)
    assert ended(inquiry, Kind.LOOK).verdict == Verdict.MISSED
    assert due(inquiry) == at(24, 17), "they wait since the beginning"


def test_clocks_keep_running_through_release_handover_and_absence(
    coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    before = running(inquiry)
    inquiry = steps.reassign(inquiry, to=lead, version=inquiry.version, by=coordinator)
    make_absence(lead)
    sweep.release_orphaned()
    assert running(inquiry) == before
    assert Inquiry.objects.get().state == State.NEW


def test_urgent_requests_are_due_sooner_counted_from_when_they_are_judged(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry()
    monday.move_to(at(24, 9))
    inquiry = steps.set_urgency(inquiry, urgency=Urgency.URGENT, version=1, by=coordinator)
    assert (inquiry.urgency, inquiry.is_graded) == (Urgency.URGENT, True)
    assert due(inquiry) == at(24, 11)


def test_requests_judged_urgent_while_waiting_are_due_soon_afterward(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    inquiry = set_aside(inquiry, at(30, 9), WaitReason.ASKED, coordinator)
    steps.set_urgency(inquiry, urgency=Urgency.URGENT, version=inquiry.version, by=coordinator)
    assert due(inquiry) == at(30, 11)


def test_a_higher_urgency_never_gives_more_time(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry()
    monday.move_to(at(24, 16, 30))
    steps.set_urgency(inquiry, urgency=Urgency.SOON, version=1, by=coordinator)
    assert due(inquiry) == at(24, 17)


def test_requests_judged_less_urgent_get_that_levels_time_from_the_start(
    coordinator: User, monday: time_machine.Traveller
) -> None:
    inquiry = make_inquiry(message="I want to die.")
    assert due(inquiry) == at(23, 12)
    monday.move_to(at(23, 13))
    steps.set_urgency(inquiry, urgency=Urgency.ROUTINE, version=1, by=coordinator)
    assert due(inquiry) == at(24, 17)
    steps.claim(inquiry, version=2, by=coordinator)
    try_to_call(inquiry, coordinator)
    assert ended(inquiry, Kind.FIRST_ATTEMPT).verdict == Verdict.MISSED, "it was too late before"


def test_new_danger_words_need_a_new_judgment(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    steps.set_urgency(inquiry, urgency=Urgency.ROUTINE, version=2, by=coordinator)
    correspondence.write_message(inquiry, text="I have chest pain.")
    inquiry.refresh_from_db()
    assert (inquiry.urgency, inquiry.is_graded, inquiry.due_at) == ("urgent", False, at(23, 12))


def test_a_corrected_message_is_owed_an_answer_but_a_corrected_number_is_not(
    coordinator: User,
) -> None:
    inquiry = make_inquiry(State.CONNECTED, owner=coordinator)
    said = submission_history.current_submission(inquiry)
    correct(inquiry, type(said)(**{**vars(said), "phone": "(202) 555-0199"}))
    assert Kind.NEXT_REPLY not in running(inquiry)
    correct(inquiry, type(said)(**{**vars(said), "message": "I meant something else."}))
    assert Kind.NEXT_REPLY in running(inquiry)
