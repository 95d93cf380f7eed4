"""The leads' page of bursts: which mails were held, and who may be innocent (security 2)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from inquiries.mail import brake
from inquiries.models import Inquiry
from inquiries.reports import bursts
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.intake.attacks import DANGER, ELSEWHERE, MACHINE

pytestmark = pytest.mark.django_db

PAGE = "/admin/inquiries/inquiry/reports/bursts/"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        yield


@pytest.fixture
def leading(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


def ask(network: str = MACHINE, *, minutes: float = 0, **fields: Any) -> Inquiry:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        return make_inquiry(network=network, **fields)


def named(page: BeautifulSoup) -> list[str]:
    return [str(each["data-reference"]) for each in page.select(".burst-bystanders a")]


def test_security_2_bystanders_at_the_same_address_are_told_apart(leading: Client) -> None:
    """A hospital shares one address, and so do thousands of customers of some carriers."""
    before = ask(message="May I talk to someone about my results?", minutes=-5)
    attack = [ask(message=f"I have chest pain, please help me {n}") for n in range(30)]
    calm = ask(message="Is there parking for my wheelchair near your clinic?")
    urgent = ask(
        message="My wife took too many of her pills an hour ago, she has chest pain and is pale"
    )
    ask(message="May I talk to someone?", minutes=-20)
    ask(ELSEWHERE, message="May I talk to someone?")
    page = BeautifulSoup(leading.get(PAGE).text, "html.parser")
    assert sorted(named(page)) == sorted(each.reference for each in (before, calm, urgent))
    words = " ".join(page.get_text(" ").split())
    assert "31 requests" in words
    assert "Confirmations held back: 27" in words
    assert (
        f"{urgent.reference} : may be urgent, worded differently (New) confirmation held" in words
    )
    assert f"{calm.reference} : not urgent (New)" in words
    assert not {each.reference for each in attack} & {*named(page)}


def test_security_2_bursts_that_vary_every_word_are_listed_in_full(
    leading: Client,
) -> None:
    words = ["apple", "bridge", "cellar", "dragon", "engine", "forest", "guitar", "harbor"]
    sent = [
        ask(message=f"chest pain {each} {each}s {each}y {each}ing {each}ed un{each}")
        for each in words
    ]
    (burst,) = bursts.list_bursts()
    assert {*burst.bystanders} == {*sent}


def test_security_2_the_page_shows_how_a_burst_was_handled(leading: Client, lead: User) -> None:
    sent = [ask(message=DANGER) for _ in range(7)]
    steps.discard(sent[6], version=sent[6].version, by=lead)
    steps.claim(sent[0], version=sent[0].version, by=lead)
    (burst,) = bursts.list_bursts()
    assert (burst.count, burst.untouched, burst.discarded, burst.mails_held) == (7, 5, 1, 3)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert bursts.list_bursts() == []


def test_security_2_a_crowd_is_distinguished_from_a_machine(leading: Client) -> None:
    for number in range(6):
        ask(f"10.0.0.{number}", message="May I talk to someone?")
    crowd = bursts.count_crowd()
    assert (crowd.requests, crowd.networks, crowd.is_of_many) == (6, 6, True)
    assert "These look like real people" in leading.get(PAGE).text
    for _ in range(20):
        ask(message="May I talk to someone?")
    assert not bursts.count_crowd().is_of_many
    assert bursts.list_bursts() == []


def test_security_2_the_page_shows_how_many_confirmations_the_brake_holds(
    leading: Client, settings: Any
) -> None:
    assert "No confirmations are waiting." in leading.get(PAGE).text
    settings.CONFIRMATIONS_PER_HOUR = 0
    make_inquiry(contact_method="email", email="ana@example.org")
    assert brake.claim_next() is None
    page = " ".join(BeautifulSoup(leading.get(PAGE).text, "html.parser").get_text(" ").split())
    assert "Confirmations waiting: 1" in page


def test_security_2_only_leads_see_the_page(client: Client, coordinator: User) -> None:
    client.force_login(coordinator)
    assert client.get(PAGE).status_code == 403
