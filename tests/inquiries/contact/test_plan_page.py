"""The contact plan on a request's page: what is next, and how."""

from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from inquiries import private_links
from inquiries.models import Inquiry
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.contact.attempts import at, make_tried

pytestmark = pytest.mark.django_db

QUEUE = "/admin/inquiries/inquiry/"

ENOUGH = (at(23, 9), at(23, 14), at(24, 9))


@time_machine.travel(at(25, 10), tick=False)
def test_the_page_says_when_how_and_what_is_missing_without_being_asked(
    client: Client, coordinator: User, lead: User
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, time_zone="America/Los_Angeles", best_time="afternoon"
    )
    page = f"{QUEUE}{inquiry.pk}/change/"
    client.force_login(coordinator)
    words = " ".join(BeautifulSoup(client.get(page).text, "html.parser").get_text(" ").split())
    theirs, ours = "noon to 2 p.m., their time", "(3 p.m. to 5 p.m. our time)"
    assert f"Phone call: Wednesday, November 25, {theirs} {ours}" in words
    assert "It is 7 a.m. there (America/Los_Angeles). That is not a time they asked for." in words
    assert "We are open now." in words
    assert "0 of 3 attempts" in words
    assert "Only a lead can close this as unreachable. Still needed:" in words
    client.force_login(lead)
    assert "It is too early to close this as unreachable" in client.get(page).text
    done = make_tried(lead, *ENOUGH)
    words = client.get(f"{QUEUE}{done.pk}/change/").text
    assert "The contact policy is met" in words
    assert "too early" not in words


def page_of(client: Client, inquiry: Inquiry) -> BeautifulSoup:
    return BeautifulSoup(client.get(f"{QUEUE}{inquiry.pk}/change/").text, "html.parser")


@time_machine.travel(at(25, 10), tick=False)
@pytest.mark.parametrize(
    ("way", "logged"),
    [
        ({"contact_method": "phone"}, "Log a call"),
        ({"contact_method": "text"}, "Log a call"),
        ({"contact_method": "email", "email": "ana@example.org"}, "Write to the sender"),
    ],
)
def test_the_large_button_logs_the_next_step(
    client: Client, coordinator: User, way: dict[str, Any], logged: str
) -> None:
    client.force_login(coordinator)
    button = page_of(client, make_inquiry(State.CLAIMED, owner=coordinator, **way)).find(
        "input", class_="default"
    )
    assert button
    assert button["value"] == logged


@time_machine.travel(at(25, 10), tick=False)
def test_the_page_offers_no_message_they_could_not_read(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry(
        State.CLAIMED,
        owner=coordinator,
        contact_method="email",
        email="ana@example.org",
        shared_email=True,
        phone="",
    )
    words = page_of(client, inquiry).get_text(" ")
    assert "Ask a lead how to reach the sender" in words
    assert "Write to the sender" not in words
    assert "Email a new private link" not in words
    private_links.create_link(inquiry)
    assert "Write to the sender" in page_of(client, inquiry).get_text(" ")


@time_machine.travel(at(25, 10), tick=False)
def test_nobody_is_told_to_call_someone_a_colleague_is_calling(
    client: Client, coordinator: User, lead: User
) -> None:
    client.force_login(coordinator)
    page = page_of(client, make_inquiry(State.CLAIMED, owner=lead))
    assert f"Next, for {lead}: Call Ana Example." in page.get_text()
    assert not page.find("a", class_="call-now")
