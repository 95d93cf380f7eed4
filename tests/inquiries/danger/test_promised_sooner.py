"""Danger words bring an earlier deadline, and they keep a request out of quarantine."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from inquiries.danger import phrases
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.private_page import correspondence
from inquiries.states import SpamSignal, State, Urgency
from inquiries.submission import PROSE
from inquiries.triage import steps
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    phrases.clear_cache()


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        # On a Monday: within two hours.
        (datetime(2026, 11, 23, 9, tzinfo=NEW_YORK), datetime(2026, 11, 23, 11, tzinfo=NEW_YORK)),
        # In the evening: within the first two hours of the next day.
        (datetime(2026, 11, 23, 19, tzinfo=NEW_YORK), datetime(2026, 11, 24, 11, tzinfo=NEW_YORK)),
        # On the Wednesday evening before Thanksgiving: on Friday.
        (datetime(2026, 11, 25, 19, tzinfo=NEW_YORK), datetime(2026, 11, 27, 11, tzinfo=NEW_YORK)),
    ],
)
def test_an_urgent_request_is_promised_sooner(received_at: datetime, due_at: datetime) -> None:
    with time_machine.travel(received_at, tick=False):
        inquiry = make_inquiry(message="I have chest pain.")
    assert inquiry.urgent
    assert inquiry.due_at == due_at


def test_people_who_may_be_in_danger_are_not_kept_waiting_as_suspected_bots() -> None:

    submission = make_submission(message="I want to die.")
    told = reception.receive_inquiry(
        submission, Arrival(key="flooded-form-number-1", signals={SpamSignal.FLOOD})
    )
    trapped = reception.receive_inquiry(
        submission, Arrival(key="flooded-form-number-2", signals={SpamSignal.TRAP})
    )
    assert (told.state, trapped.state) == (State.NEW, State.QUARANTINED)
    assert trapped.urgent, "and is seen there"


def test_later_danger_words_bring_the_deadline_forward() -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=NEW_YORK)
    with time_machine.travel(at, tick=False):
        written, corrected = make_inquiry(), make_inquiry()
        correspondence.write_message(written, text="I want to die.")
        correct(corrected, make_submission(message="I have chest pain."))
    for inquiry in (written, corrected):
        inquiry.refresh_from_db()
        assert (inquiry.urgent, inquiry.due_at) == (True, at.replace(hour=11))


BEATEN = "Not on weekends. My husband beats me and says he will kill me."
#: Where people may say it besides the message.
ELSEWHERE: dict[str, Any] = {
    "never_contact": BEATEN,
    "phone": "202-555-0143 I want to die tonight",
    "interpreter_language": "Spanish, I want to die",
}


def test_each_answer_in_words_of_their_own_is_searched_for_danger() -> None:
    assert {*ELSEWHERE, "message"} == {*PROSE}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_danger_words_count_wherever_they_are_said(name: str) -> None:
    calm = make_submission(phone="202-555-0143", never_contact="Not after 6 p.m.")
    said = replace(calm, **{name: ELSEWHERE[name]})
    assert make_inquiry(never_contact="Not after 6 p.m.").urgent is False
    received = reception.receive_inquiry(said, Arrival(key="danger-beside-the-message"))
    corrected = correct(reception.receive_inquiry(calm, Arrival(key="a-calm-request")), said)
    for inquiry in (received, corrected):
        assert (inquiry.urgent, inquiry.urgency) == (True, Urgency.URGENT)


def test_another_change_is_not_danger_again_once_it_was_judged(coordinator: User) -> None:
    inquiry = make_inquiry(never_contact=BEATEN)
    steps.set_urgency(inquiry, urgency=Urgency.ROUTINE, version=inquiry.version, by=coordinator)
    correct(inquiry, make_submission(never_contact=BEATEN, phone="202-555-0199"))
    inquiry.refresh_from_db()
    assert (inquiry.is_graded, inquiry.urgency) == (True, Urgency.ROUTINE)
