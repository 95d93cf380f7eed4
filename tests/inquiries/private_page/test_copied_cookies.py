"""Leaving ends a visit on the server, not only in the browser that had it (security 9)."""

from copy import copy
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inquiries import private_links
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.models import EndedVisit, Event, Inquiry
from inquiries.worker import jobs
from tests.inquiries.intake.form_pages import ASK, SENT, filled
from tests.inquiries.private_page.browser import PRIVATE, Browser, address, opens, prove, refuse

pytestmark = pytest.mark.django_db


def with_copied_cookies(of: Client) -> Client:
    thief = Browser()
    thief.cookies = copy(of.cookies)
    return thief


def test_security_9_a_copied_visit_cookie_does_not_outlive_leaving(ana: Client) -> None:
    thief = with_copied_cookies(ana)
    assert opens(thief)
    ana.get(address("leave"))
    assert not opens(thief)
    assert thief.get(PRIVATE).status_code == 404, "nor does it lead to the door"


def test_security_9_nor_does_one_copied_before_the_detail_was_given(
    at_the_door: Client,
) -> None:
    thief = with_copied_cookies(at_the_door)
    prove(at_the_door)
    at_the_door.get(address("leave"))
    assert prove(thief).status_code == 404
    assert not opens(thief)


def test_security_9_opening_the_link_again_restores_access(ana: Client, token: str) -> None:
    ana.get(address("leave"))
    ana.get(address(token))
    prove(ana)
    assert opens(ana)


def test_security_9_another_visit_to_the_same_page_continues(ana: Client, token: str) -> None:
    other = Browser()
    other.get(address(token))
    prove(other)
    ana.get(address("leave"))
    assert opens(other)


def test_security_9_a_copied_visit_is_no_proof_of_the_sender_after_leaving() -> None:
    client = Browser()
    client.post(ASK, filled(email="ana@example.org"))
    inquiry = Inquiry.objects.get()
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    assert opens(client)
    del client.cookies["sent"]
    thief = with_copied_cookies(client)
    client.get(address("leave"))
    thief.post(ASK, filled(email="thief@example.org"))
    assert inquiry.events.filter(kind=Event.Kind.UNPROVEN).exists()
    assert not inquiry.events.filter(kind=Event.Kind.ADDED).exists()


def test_security_9_a_copied_confirmation_does_not_outlive_leaving_either() -> None:
    client = Browser()
    client.post(ASK, filled(email="ana@example.org"))
    inquiry = Inquiry.objects.get()
    thief = with_copied_cookies(client)
    assert inquiry.reference in thief.get(SENT).text
    client.get(address("leave"))
    assert inquiry.reference not in thief.get(SENT).text
    thief.post("/care-coordinator/sent/open/", {"to": ""})
    assert not opens(thief)
    thief.post(ASK, filled(email="thief@example.org"))
    assert inquiry.events.filter(kind=Event.Kind.UNPROVEN).exists()


def test_security_9_leaving_works_while_the_database_is_down(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_links, "end_visit", refuse)
    answer = ana.get(address("leave"))
    assert answer.status_code == 302
    assert DATABASE_BREAKER.is_open
    assert ana.get(PRIVATE).status_code == 404, "in this browser it has ended all the same"


def test_security_9_ended_visits_are_deleted_after_a_day(ana: Client) -> None:
    ana.get(address("leave"))
    (ended,) = EndedVisit.objects.all()
    assert len(ended.digest) == 64
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        jobs.JOBS["tidy"].do()
    assert not EndedVisit.objects.exists()
