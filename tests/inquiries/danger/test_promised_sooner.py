"""Danger words bring an earlier deadline, and they keep a request out of quarantine."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from inquiries.danger import phrases
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.private_page import correspondence
from inquiries.states import SpamSignal, State
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
