"""The queue and the request's page name the same next step, taken from the contact plan."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inquiries import private_links
from inquiries.intake import reception
from inquiries.intake.arrival import Arrival
from inquiries.models import ContactMethod, Inquiry
from inquiries.models.stored_plan import LONG_AGO
from inquiries.states import AttemptResult, State, WaitReason
from inquiries.triage import steps
from portal.models import User
from tests.factories import FIRST, again, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"
MONDAY_TEN = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10:00 in New York, where the clinic is


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        yield


@pytest.fixture
def at_work(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


MONDAY_TWO = "Monday, November 23, 2 p.m."


def in_the_queue(client: Client, inquiry: Inquiry) -> tuple[str, str]:
    """Return what to do, and how and when to reach them."""
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    row = page.select_one(f'tr[data-reference="{inquiry.reference}"]')
    assert row
    (step,), (reach,) = row.select(".queue-step"), row.select(".queue-reach")
    return " ".join(step.get_text().split()), " ".join(reach.get_text().split())


def on_its_page(client: Client, inquiry: Inquiry) -> str:
    page = BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")
    (said,) = page.select("#step")
    return " ".join(said.get_text().split())


def tried(inquiry: Inquiry, by: User, reached: AttemptResult, method: str = "phone") -> Inquiry:
    how = {"method": ContactMethod(method), "reached": reached}
    return steps.log_attempt(inquiry, **how, version=inquiry.version, by=by)


def test_when_an_attempt_is_allowed_now_the_step_is_to_make_it(
    at_work: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    assert in_the_queue(at_work, inquiry) == ("Call the sender", "Call now, until noon")
    assert on_its_page(at_work, inquiry) == "Next: Call Ana Example."


def test_after_a_failed_attempt_the_next_is_later_and_by_another_method(
    at_work: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, voicemail="callback_only")
    tried(inquiry, coordinator, AttemptResult.NOBODY)
    assert in_the_queue(at_work, inquiry) == ("Text the sender", f"Text from {MONDAY_TWO}")
    assert (
        on_its_page(at_work, inquiry)
        == f"Next: Text Ana Example, not before {MONDAY_TWO} our time."
    )


def test_a_wrong_number_is_not_called_again(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, email="ana@example.org")
    inquiry = tried(inquiry, coordinator, AttemptResult.WRONG)
    private_links.create_link(inquiry)
    assert in_the_queue(at_work, inquiry)[0] == "Write to the sender"
    assert in_the_queue(at_work, inquiry)[1].startswith("Email from Monday")
    private_links.revoke_links(inquiry)
    assert in_the_queue(at_work, inquiry) == ("Ask a lead how to reach the sender", "–")
    assert on_its_page(at_work, inquiry) == "Next: Ask a lead how to reach the sender."


def test_when_no_method_works_the_step_is_to_ask_a_lead(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    tried(inquiry, coordinator, AttemptResult.WRONG)
    assert in_the_queue(at_work, inquiry) == ("Ask a lead how to reach the sender", "–")
    assert on_its_page(at_work, inquiry) == "Next: Ask a lead how to reach the sender."


def test_when_hours_never_overlap_the_step_is_to_ask_a_lead(
    at_work: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, time_zone="Asia/Manila")
    assert in_the_queue(at_work, inquiry) == ("Ask a lead when to reach the sender", "–")
    assert on_its_page(at_work, inquiry) == "Next: Ask a lead when to reach the sender."


def test_the_next_step_uses_corrected_details(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, key="a-form-0001-of-theirs", sender=FIRST
    )
    corrected = make_submission(
        contact_method="email", email="ana@example.org", phone="", phone_e164=""
    )
    reception.receive_inquiry(corrected, Arrival(key="a-form-0001-of-theirs", sender=again()))
    assert in_the_queue(at_work, inquiry) == ("Write to the sender", "Email now, until noon")
    assert on_its_page(at_work, inquiry) == "Next: Write to Ana Example."


def test_the_time_they_asked_for_survives_a_release(at_work: Client, coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    until = timezone.now() + timedelta(days=2)
    by: dict[str, Any] = {"by": coordinator}
    inquiry = steps.set_aside(
        inquiry, until=until, why=WaitReason.ASKED, version=inquiry.version, **by
    )
    inquiry = steps.release(inquiry, version=inquiry.version, **by)
    assert in_the_queue(at_work, inquiry) == (
        "Claim it",
        "Call from Wednesday, November 25, 10 a.m.",
    )
    inquiry = steps.claim(inquiry, version=inquiry.version, **by)
    assert in_the_queue(at_work, inquiry) == (
        "Call the sender",
        "Call from Wednesday, November 25, 10 a.m.",
    )


def test_a_request_that_cannot_be_opened_hides_no_other(at_work: Client, coordinator: User) -> None:
    broken = make_inquiry(State.CLAIMED, owner=coordinator)
    whole = make_inquiry(State.CLAIMED, owner=coordinator)
    tried(whole, coordinator, AttemptResult.NOBODY)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inquiries_inquiry SET phone = %s WHERE reference = %s",
            [b"\x01" * 60, broken.reference],
        )
    Inquiry.objects.update(replan_at=LONG_AGO)
    assert in_the_queue(at_work, broken) == ("Call the sender", "–")
    assert in_the_queue(at_work, whole)[1].endswith(MONDAY_TWO)


def test_more_requests_add_no_queries(at_work: Client, coordinator: User) -> None:
    costs = []
    make_inquiry(State.CLAIMED, owner=coordinator)
    at_work.get(QUEUE)  # reads the lists of topics, levels, and colleagues
    for _ in range(2):
        for _ in range(4):
            inquiry = make_inquiry(
                State.CLAIMED, owner=coordinator, contact_method="email", email="ana@example.org"
            )
            tried(inquiry, coordinator, AttemptResult.NOBODY)
        with CaptureQueriesContext(connection) as made:
            at_work.get(QUEUE)
        costs.append(len(made))
    assert costs[0] == costs[1] <= 6
