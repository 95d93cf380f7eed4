"""“Did this help?” is asked once after the end, with words that are sealed and erased."""

import json
from typing import Any

import pytest
from django.test import Client

from inquiries import privacy
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.models import Event, Helped, Inquiry, Message
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from portal.models import Role, User
from tests.factories import make_staff
from tests.inquiries.private_page.browser import (
    PRIVATE,
    address,
    kinds,
    latest,
    typed_into,
    words_of,
)

pytestmark = pytest.mark.django_db

QUESTION = "Did this help?"
COMMENT = "Jo took the time to explain it."


@pytest.fixture
def ended(inquiry: Inquiry, coordinator: User) -> Inquiry:
    return end(steps.claim(inquiry, version=inquiry.version, by=coordinator), coordinator)


def end(inquiry: Inquiry, by: User, outcome: Outcome = Outcome.ANSWERED) -> Inquiry:
    inquiry = latest(inquiry)
    return steps.close(inquiry, outcome=outcome, version=inquiry.version, by=by)


@pytest.mark.parametrize("said", Helped)
def test_one_press_answers_and_nobody_is_asked_again(
    ana: Client, ended: Inquiry, said: Helped
) -> None:
    assert QUESTION in words_of(ana.get(PRIVATE))
    answer = ana.post(address("helped"), {"helped": said})
    assert (answer.status_code, answer["Location"]) == (302, f"{PRIVATE}?done=helped")
    now = latest(ended)
    assert (now.helped, now.state) == (said, State.CLOSED)
    ana.post(address("helped"), {"helped": "yes"})
    assert latest(ended).helped == said, "the first answer stays"
    assert kinds(ended).count("helped") == 1
    page = ana.get(PRIVATE).text
    assert 'name="helped"' not in page
    assert ("Yes, reopen my request" in page) == (said != Helped.YES)
    assert verify_ledger().faults == []


def test_people_who_were_not_helped_can_come_back_with_one_press(
    ana: Client, ended: Inquiry, coordinator: User
) -> None:
    ana.post(address("helped"), {"helped": "no"})
    ana.post(address("answered"), {"answered": "no"})
    assert latest(ended).state == State.NEW
    again = steps.claim(latest(ended), version=latest(ended).version, by=coordinator)
    end(again, coordinator)
    assert 'name="helped"' not in ana.get(PRIVATE).text, "asked once, whatever came after"


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.NOT_A_REQUEST])
def test_people_who_withdrew_are_not_asked(
    ana: Client, inquiry: Inquiry, coordinator: User, outcome: Outcome
) -> None:
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    assert QUESTION not in words_of(ana.get(PRIVATE)), "it is still open"
    end(inquiry, coordinator, outcome)
    assert QUESTION not in words_of(ana.get(PRIVATE))
    ana.post(address("helped"), {"helped": "yes"})
    assert latest(inquiry).helped == ""


def test_what_they_add_is_sealed_shown_to_both_sides_and_erased(
    ana: Client, ended: Inquiry, client: Client, coordinator: User
) -> None:
    ana.post(address("helped"), {"helped": "partly", "comment": COMMENT})
    (kept,) = Message.objects.filter(event__kind=Event.Kind.HELPED)
    assert COMMENT.encode() not in bytes(kept.__dict__["text"])
    assert COMMENT in words_of(ana.get(PRIVATE))
    assert COMMENT in json.dumps(ana.get(address("download")).json())
    client.force_login(coordinator)
    page = words_of(client.get(f"/admin/inquiries/inquiry/{ended.pk}/change/"))
    assert "Feedback after closing from the sender: Partly" in page
    assert COMMENT in page
    now = latest(ended)
    privacy.erase_inquiry(
        now, reason=ErasureReason.ASKED, version=now.version, by=make_staff(Role.PRIVACY)
    )
    assert latest(ended).helped == ""
    assert not Message.objects.filter(event__inquiry=ended).exists()
    told = [event.detail for event in ended.events.filter(kind=Event.Kind.HELPED)]
    assert told == [{}], "the ledger does not keep the answer either"
    assert verify_ledger().faults == []


def test_words_that_vanish_from_the_database_are_missed(ana: Client, ended: Inquiry) -> None:
    ana.post(address("helped"), {"helped": "yes", "comment": COMMENT})
    Message.objects.filter(event__kind=Event.Kind.HELPED).delete()
    (fault,) = verify_ledger().faults
    assert "words are gone" in fault


def test_danger_in_the_added_words_reopens_the_request_as_urgent(
    ana: Client, ended: Inquiry
) -> None:
    answer = ana.post(
        address("helped"), {"helped": "no", "comment": "I want to kill myself"}, follow=True
    )
    assert "Are you safe right now?" in words_of(answer)
    now = latest(ended)
    assert (now.state, now.urgent) == (State.NEW, True)
    assert kinds(ended)[-3:] == ["helped", "wrote", "reopened"]


def test_words_that_come_too_late_are_a_message(ana: Client, ended: Inquiry) -> None:
    for _ in range(2):
        ana.post(address("helped"), {"helped": "yes", "comment": COMMENT})
    assert kinds(ended)[-1] == "helped", "a double press is one answer"
    ana.post(address("helped"), {"helped": "yes", "comment": "One more question."})
    assert kinds(ended)[-2:] == ["wrote", "reopened"]


@pytest.mark.parametrize(
    "typed", [{}, {"helped": "maybe"}, {"helped": "no", "comment": "x" * 5001}]
)
def test_an_invalid_answer_comes_back_with_what_was_typed(
    ana: Client, ended: Inquiry, typed: dict[str, Any]
) -> None:
    typed = {"comment": COMMENT} | typed
    answer = ana.post(address("helped"), typed)
    assert answer.status_code == 422
    assert typed_into(answer, "comment") == typed["comment"]
    assert latest(ended).helped == ""


def test_an_erased_request_is_not_answered_for(ended: Inquiry) -> None:
    erased = correspondence.erase_by_sender(latest(ended))
    with pytest.raises(StepRefused):
        correspondence.say_whether_helped(erased, helped="yes")
