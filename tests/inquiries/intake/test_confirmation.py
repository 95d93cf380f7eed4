"""The confirmation: what it promises the sender, and who can see it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from inquiries.models import Inquiry
from tests.inquiries.intake.form_pages import ASK, SENT, filled, page_of

pytestmark = pytest.mark.django_db


def test_the_confirmation_shows_reference_and_promise_and_survives_a_reload(
    client: Client,
) -> None:
    client.post(ASK, filled())
    inquiry = Inquiry.objects.get()
    for _ in range(2):
        response = client.get(SENT)
        page = page_of(response)
        reference = page.select_one("[data-reference]")
        assert reference
        assert reference["data-reference"] == inquiry.reference
        assert f"{timezone.localtime(inquiry.due_at):%A}" in page.get_text()
        assert "no-store" in response["Cache-Control"]


def test_the_confirmation_has_its_own_signed_short_lived_cookie(client: Client) -> None:
    response = client.post(ASK, filled(email="ana@example.org"))
    cookie = response.cookies["sent"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/",
        True,
        "Lax",
    )
    assert 0 < cookie["max-age"] <= 3600
    for private in ("Ana Example", "555-0100", "ana@"):
        assert private not in cookie.value
    client.cookies["sent"] = f"x{cookie.value}"
    page = page_of(client.get(SENT))
    assert not page.select_one("[data-reference]")


def test_the_device_shows_nothing_after_an_hour(client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1, minutes=1)):
        client.post(ASK, filled())
    response = client.get(SENT)
    assert response.status_code == 200
    assert not page_of(response).select_one("[data-reference]")


def test_a_missed_promise_is_not_repeated(client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        client.post(ASK, filled())
    client.post(ASK, filled())
    words = page_of(client.get(SENT)).get_text(" ", strip=True)
    assert "we promised to try by" in words
    assert "We’ll try to call" not in words


def test_the_page_about_coordinators_says_when_we_answer(client: Client) -> None:
    with time_machine.travel("2026-11-25T15:00:00Z", tick=False):
        page = page_of(client.get("/care-coordinator/"))
    words = page.get_text(" ", strip=True)
    assert "Friday" in words, "Thursday is Thanksgiving"
    assert "911" in words
    assert page.select(f'a[href="{ASK}"]')


def confirmation(**context: Any) -> BeautifulSoup:
    told = {
        "reference": "K7QM-2F4P-9XWD",
        "due_at": timezone.now(),
        "contact_method": "phone",
        **context,
    }
    request = RequestFactory().get(SENT)
    return BeautifulSoup(
        render_to_string("inquiries/confirmation/page.html", told, request), "html.parser"
    )


def test_possible_danger_words_put_the_emergency_card_first() -> None:
    page = confirmation(urgent=True)
    headings = [heading.get_text() for heading in page.select("main h1, main h2")]
    assert headings[:2] == ["Are you safe right now?", "Thank you. We have your request."]
    assert "988" in page.select(".emergency")[0].get_text()
    calm = confirmation()
    assert calm.select_one("main h1, main h2") == calm.select_one("h1")
    assert calm.select(".emergency"), "the advice stands all the same"


def test_a_spooled_request_is_safe_but_has_no_page_yet() -> None:
    words = confirmation(is_spooled=True, email_hint=["gmial.com", "gmail.com"])
    assert "Your request is saved." in words.get_text()
    assert not words.select("main form")
    assert not words.select('main a[href$="request/"]')


def test_the_confirmation_links_to_their_request_when_allowed(client: Client) -> None:
    client.post(ASK, filled())
    buttons = page_of(client.get(SENT)).select('form[action$="/sent/open/"] button')
    assert [button.get_text() for button in buttons] == ["See, correct, or cancel your request"]
    assert not confirmation().select("main form")


@pytest.mark.parametrize(
    ("fields", "comes"),
    [
        ({}, False),
        ({"email": "ana@example.org", "contact_method": "phone"}, True),
        ({"email": "ana@example.org", "contact_method": "phone", "shared_email": "on"}, False),
        ({"email": "ana@example.org", "contact_method": "email", "shared_email": "on"}, True),
    ],
)
def test_the_sender_is_told_to_expect_an_email_only_if_one_is_sent(
    client: Client, fields: dict[str, str], comes: bool
) -> None:
    client.post(ASK, filled(**fields))
    assert ("We’ll also email you a confirmation" in client.get(SENT).text) == comes
