"""Danger words that nobody has judged yet take precedence over the contact plan (staff 5)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from inquiries import private_links
from inquiries.models import ContactMethod, Inquiry
from inquiries.models.stored_plan import LONG_AGO
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import AttemptResult, State, Urgency
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
SATURDAY_NIGHT = datetime(2026, 11, 22, 4, tzinfo=UTC)  # an hour before midnight in New York
MONDAY_TEN = datetime(2026, 11, 23, 15, tzinfo=UTC)
CALL = "Read it now: may be urgent. Then call now"
WRITE = "Read it now: may be urgent. Then write now"
ASK = "Read it now: may be urgent. Then ask a lead now"
DANGER = "I have chest pain."
MONDAY = "Monday, November 23"
MAIL: dict[str, Any] = {"email": "ana@example.org", "contact_method": "email"}
NO_PHONE: dict[str, Any] = {**MAIL, "phone": "", "phone_e164": ""}


@pytest.fixture(autouse=True)
def saturday_night() -> Iterator[None]:
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        yield


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def in_danger(state: State = State.CLAIMED, **fields: Any) -> Inquiry:
    return make_inquiry(state, **{"message": DANGER, **fields})


def page_of(client: Client, inquiry: Inquiry) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")


def words(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def in_the_queue(client: Client, inquiry: Inquiry, part: str = "step") -> str:
    view = "quarantine" if inquiry.state == State.QUARANTINED else "open"
    page = BeautifulSoup(client.get(f"{QUEUE}?view={view}").text, "html.parser")
    row = page.select_one(f'tr[data-reference="{inquiry.reference}"]')
    assert row
    return words(row.select_one(f"td.queue-{part}"))


def reach_in_the_queue(client: Client, inquiry: Inquiry) -> str:
    """Return how and from when its row says to try them."""
    return in_the_queue(client, inquiry, "reach")


def on_its_page(client: Client, inquiry: Inquiry) -> str:
    """Return the one thing that the page says to do next: in danger, as a link to the words."""
    page = page_of(client, inquiry)
    (said,) = page.select("#step")
    return words(said.select_one(".next-step-link") or said)


def minded(client: Client, inquiry: Inquiry) -> str:
    panel = page_of(client, inquiry).select_one(".request-danger")
    assert panel
    return words(panel)


def graded(inquiry: Inquiry, urgency: Urgency, by: User) -> Inquiry:
    return steps.set_urgency(inquiry, urgency=urgency, version=inquiry.version, by=by)


# --- What comes next ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "minds"),
    [
        ({"contact_method": "text"}, "They asked for: Text message."),
        (MAIL, "They asked for: Email."),
        ({"contact_method": "text", "consent_version": "2026-11"}, "They asked for: Text message."),
        ({"best_time": "morning"}, "It is 11 p.m. there"),
        ({"time_zone": "Asia/Manila"}, "It is noon there"),
        ({"never_contact": "Never at work."}, "not to contact them: “Never at work.”"),
        ({"shared_phone": True}, "Say nothing until you know who you are speaking with."),
        ({"voicemail": "none"}, "Voicemail: Don’t leave a message."),
        ({"language": "es"}, "They chose Spanish."),
        ({"interpreter": True, "interpreter_language": "ASL"}, "an interpreter (ASL)"),
    ],
)
def test_staff_5_with_danger_words_the_next_step_is_to_read_and_call_now(
    at_work: Client, coordinator: User, fields: dict[str, Any], minds: str
) -> None:
    inquiry = in_danger(owner=coordinator, **fields)
    assert in_the_queue(at_work, inquiry) == CALL
    assert on_its_page(at_work, inquiry) == CALL
    assert minds in minded(at_work, inquiry)


@pytest.mark.parametrize("state", [State.CLAIMED, State.CONNECTED, State.WAITING])
def test_staff_5_in_every_state(at_work: Client, coordinator: User, state: State) -> None:
    inquiry = in_danger(state, owner=coordinator)
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == CALL


def test_staff_5_an_unclaimed_request_also_says_to_claim_it(at_work: Client) -> None:
    inquiry = in_danger(State.NEW)
    said = "Read it now: may be urgent. Then claim it and call now"
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == said


def test_staff_5_a_quarantined_request_is_read_first(at_work: Client) -> None:
    inquiry = in_danger(State.QUARANTINED)
    said = "Read it now: may be urgent"
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == said


def test_staff_5_without_a_phone_the_step_is_to_write_or_ask_a_lead(
    at_work: Client, coordinator: User
) -> None:
    inquiry = in_danger(owner=coordinator, **NO_PHONE)
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == WRITE
    assert "They may read a message late, so tell a lead." in minded(at_work, inquiry)
    shut_out = in_danger(owner=coordinator, shared_email=True, **NO_PHONE)
    assert in_the_queue(at_work, shut_out) == on_its_page(at_work, shut_out) == ASK
    private_links.create_link(shut_out)
    assert in_the_queue(at_work, shut_out) == on_its_page(at_work, shut_out) == WRITE
    assert "Other people can read this inbox." in minded(at_work, shut_out)


def test_staff_5_a_wrong_number_is_not_called_again(at_work: Client, coordinator: User) -> None:
    inquiry = in_danger(owner=coordinator)
    how = {"method": ContactMethod.PHONE, "reached": AttemptResult.WRONG}
    inquiry = steps.log_attempt(inquiry, **how, version=inquiry.version, by=coordinator)
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == ASK


def test_staff_5_senders_who_did_not_answer_are_still_called_now(
    at_work: Client, coordinator: User
) -> None:
    inquiry = in_danger(owner=coordinator)
    how = {"method": ContactMethod.PHONE, "reached": AttemptResult.NOBODY}
    inquiry = steps.log_attempt(inquiry, **how, version=inquiry.version, by=coordinator)
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == CALL


def test_staff_5_later_danger_words_count_like_those_in_the_first_message(
    at_work: Client, coordinator: User
) -> None:
    inquiry = graded(make_inquiry(State.CLAIMED, owner=coordinator), Urgency.ROUTINE, coordinator)
    assert "Read it now" not in on_its_page(at_work, inquiry)
    inquiry = correspondence.write_message(inquiry, text=DANGER)
    assert in_the_queue(at_work, inquiry) == on_its_page(at_work, inquiry) == CALL
    (button,) = page_of(at_work, inquiry).select(".next-step-link")
    assert str(button["href"]).startswith("#event-"), "to these words, not to the first"


def test_staff_5_staff_can_act_on_a_request_they_do_not_own(at_work: Client, lead: User) -> None:
    inquiry = in_danger(owner=lead)
    assert on_its_page(at_work, inquiry) == CALL
    assert f"If {lead} isn’t working on it right now, do it yourself." in minded(at_work, inquiry)


def test_staff_5_a_request_that_cannot_be_opened_is_still_to_be_read_now(
    at_work: Client, coordinator: User
) -> None:
    broken = in_danger(owner=coordinator)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inquiries_inquiry SET phone = %s WHERE reference = %s",
            [b"\x01" * 60, broken.reference],
        )
    assert in_the_queue(at_work, broken) == CALL, "as planned when it could be opened"
    Inquiry.objects.update(replan_at=LONG_AGO)
    assert in_the_queue(at_work, broken) == "Read it now: may be urgent"


def test_staff_5_a_closed_request_asks_for_nothing(at_work: Client, coordinator: User) -> None:
    inquiry = in_danger(owner=coordinator)
    inquiry = steps.close(
        inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator
    )
    page = page_of(at_work, inquiry)
    assert not page.select(".request-danger, .next-step-link")
    assert "No one judged them before the request was closed." in words(page)


# --- Once somebody has judged it ------------------------------------------------------------------


def test_staff_5_once_routine_the_usual_plan_applies(at_work: Client, coordinator: User) -> None:
    inquiry = in_danger(owner=coordinator, contact_method="text")
    inquiry = graded(inquiry, Urgency.ROUTINE, coordinator)
    assert reach_in_the_queue(at_work, inquiry) == f"Text from {MONDAY}, 9 a.m."
    page = page_of(at_work, inquiry)
    assert not page.select(".request-danger")
    assert "A coordinator set the urgency: Routine." in words(page)
    assert "after you set the urgency" not in words(page)


def test_staff_5_once_judged_urgent_it_is_due_now_whatever_time_they_asked_for(
    at_work: Client, coordinator: User
) -> None:
    fields: dict[str, Any] = {"best_time": "afternoon", "contact_method": "text"}
    with time_machine.travel(MONDAY_TEN, tick=False):
        at_work.force_login(coordinator)
        inquiry = in_danger(owner=coordinator, **fields)
        soon = graded(in_danger(owner=coordinator, **fields), Urgency.SOON, coordinator)
        inquiry = graded(inquiry, Urgency.URGENT, coordinator)
        assert reach_in_the_queue(at_work, soon) == f"Text from {MONDAY}, noon"
        assert reach_in_the_queue(at_work, inquiry) == "Text now, until noon"
        page = page_of(at_work, inquiry)
    assert [words(each) for each in page.select("#step")] == ["Next: Text Ana Example."]
    (link,) = page.select("a.call-now")
    assert str(link["href"]).startswith("sms:+12025550100?&body=Hello%2C%20this%20is")
    assert "This is urgent. Don’t wait for the time of day" in words(page)


def test_staff_5_even_urgent_senders_are_not_called_at_night_or_twice_in_a_row(
    at_work: Client, coordinator: User
) -> None:
    inquiry = graded(in_danger(owner=coordinator), Urgency.URGENT, coordinator)
    assert reach_in_the_queue(at_work, inquiry) == f"Call from {MONDAY}, 9 a.m."
    with time_machine.travel(MONDAY_TEN, tick=False):
        at_work.force_login(coordinator)
        assert reach_in_the_queue(at_work, inquiry) == "Call now, until noon"
        how = {"method": ContactMethod.PHONE, "reached": AttemptResult.NOBODY}
        steps.log_attempt(inquiry, **how, version=inquiry.version, by=coordinator)
        assert reach_in_the_queue(at_work, inquiry) == f"Call from {MONDAY}, noon"


# --- The page -------------------------------------------------------------------------------------


def test_staff_5_danger_comes_first_on_the_page_and_the_plan_waits_below(
    at_work: Client, coordinator: User
) -> None:
    inquiry = in_danger(owner=coordinator, contact_method="text")
    page = page_of(at_work, inquiry)
    request = page.select_one(".request")
    assert request
    first = request.find(True)
    assert first
    assert "request-danger" in str(first)[:80]
    assert words(page).count("Read it now") == 1, "one thing to do next, and nothing beside it"
    plan = page.select_one('section[aria-labelledby="plan"]')
    assert plan
    assert words(plan).startswith(
        "Next attempt Use this plan after you set the urgency. Until then, see the top"
    )
    (folded,) = plan.select("details:not([open])")
    assert "Text message: Monday, November 23, 9 a.m." in words(folded)
    assert words(page).count("Text message: Monday") == 1
    assert page.select('.request-danger a[href="tel:+12025550100"]')


@pytest.mark.parametrize("state", [State.NEW, State.CLAIMED, State.QUARANTINED])
def test_staff_5_the_crisis_script_stays_one_key_away(at_work: Client, state: State) -> None:
    (link,) = page_of(at_work, in_danger(state)).select('a[accesskey="e"]')
    assert words(link) == "Somebody is in danger"


def test_staff_5_urgency_and_its_errors_are_in_the_danger_panel(at_work: Client) -> None:
    inquiry = in_danger(State.NEW)
    address = f"{QUEUE}{inquiry.pk}/grade/"
    assert len(page_of(at_work, inquiry).select(f'form[action="{address}"]')) == 1
    answer = at_work.post(address, {"grade-version": inquiry.version})
    assert answer.status_code == 422
    panel = BeautifulSoup(answer.text, "html.parser").select_one(".request-danger")
    assert panel
    assert "Choose how soon" in words(panel)
    typed = {"grade-version": inquiry.version, "grade-urgency": "routine"}
    assert at_work.post(address, typed).status_code == 302
    assert in_the_queue(at_work, inquiry) == "Claim it"


def test_staff_5_the_call_is_the_first_thing_to_log(at_work: Client, coordinator: User) -> None:
    for state, fields, buttons in (
        (State.NEW, {}, ["Claim"]),
        (State.CLAIMED, {"contact_method": "text"}, ["Log a call"]),
        (State.CONNECTED, {}, ["Log a call"]),
        (State.WAITING, {}, ["Log a call"]),
        (State.CLAIMED, NO_PHONE, ["Write to the sender"]),
        (State.CONNECTED, {**NO_PHONE, "shared_email": True}, []),  # and not to close it
    ):
        page = page_of(at_work, in_danger(state, owner=coordinator, **fields))
        assert [each["value"] for each in page.select("input.default")] == buttons


def test_staff_5_staff_outside_triage_can_read_it_but_are_asked_to_do_nothing(
    client: Client, privacy: User
) -> None:
    client.force_login(privacy)
    inquiry = in_danger()
    page = page_of(client, inquiry)
    links = page.select(".next-step-link")
    assert [words(each) for each in links] == ["Read it now: may be urgent"]
    assert not page.select(".request-danger form, .request-danger a[href^=tel]")
