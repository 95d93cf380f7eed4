"""The private page of one request never loses what the sender wrote."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from inquiries import privacy, private_links
from inquiries.ledger import events
from inquiries.models import Event, Inquiry, Message
from inquiries.private_page import correspondence
from inquiries.states import State
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.private_page.browser import (
    DETAIL,
    PRIVATE,
    STEPS,
    WORDS,
    address,
    kinds,
    later,
    latest,
    prove,
    refuse,
    typed_into,
    words_of,
)

pytestmark = pytest.mark.django_db

erase = privacy.erase_inquiry


def test_a_message_that_took_too_long_survives_the_detail_prompt(ana: Client) -> None:
    text = f"{WORDS}\n\n" * 40
    with later(minutes=45):
        answer = ana.post(address("write"), {"text": text})
        assert answer.status_code == 422
        assert "Nothing is lost" in words_of(answer)
        assert typed_into(answer, "text") == text
        wrong = ana.post(address("prove"), {"detail": "9999", "text": text})
        assert typed_into(wrong, "text") == text
        opened = ana.post(address("prove"), {"detail": DETAIL, "text": text})
        assert opened.status_code == 200
        assert "data-reference" in opened.text
        assert "It hasn’t been sent yet" in words_of(opened)
        assert typed_into(opened, "text").strip() == text.strip()
        assert not Message.objects.exists()
        ana.post(address("write"), {"text": text})
        assert Message.objects.get().text == text.strip()


def test_typed_text_comes_back_even_without_a_cookie(client: Client) -> None:
    answer = client.post(address("write"), {"text": WORDS})
    assert answer.status_code == 404
    assert WORDS in answer.text
    answer = client.post(address("reach"), {"phone": "202-555-0111", "never_contact": "At night"})
    assert "202-555-0111" in answer.text
    assert "At night" in answer.text


def test_without_a_database_the_phone_number_and_typed_text_are_shown(ana: Client) -> None:
    with connection.execute_wrapper(refuse):
        answers = [
            ana.post(address("write"), {"text": WORDS}),
            ana.get(PRIVATE),
            ana.get(address("download")),
        ]
        assert ana.get(address("leave")).status_code == 302, "leaving asks nobody"
    for answer in answers:
        assert answer.status_code == 503
        assert "We can’t open your page right now" in words_of(answer)
    assert WORDS in answers[0].text
    assert "server closed" not in answers[0].text


def test_a_quarantined_request_gets_reviewed_and_a_message_releases_it(client: Client) -> None:
    inquiry = make_inquiry(State.QUARANTINED)
    client.get(address(private_links.create_link(inquiry)))
    prove(client)
    page = words_of(client.get(PRIVATE))
    assert "Someone at our clinic will look at it by" in page
    assert "quarantine" not in page.lower()
    client.post(address("write"), {"text": WORDS})
    assert latest(inquiry).state == State.NEW
    assert Event.Kind.CLEARED in kinds(inquiry)


def test_nobody_can_bury_a_request_under_messages(
    ana: Client, inquiry: Inquiry, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 3)
    events.record_reading(inquiry, by=coordinator)
    for number in range(3):
        assert ana.post(address("write"), {"text": f"{WORDS} {number}"}).status_code == 302
    before = latest(inquiry).version
    for step in ("write", "answered", "reach", "link"):
        answer = ana.post(address(step), STEPS[step])
        assert answer.status_code == 422, step
        assert "that we haven’t read yet" in words_of(answer), step
    assert typed_into(ana.post(address("write"), {"text": WORDS}), "text") == WORDS
    assert latest(inquiry).version == before
    assert ana.get(address("reach")).status_code == 200, "and looking is free"
    events.record_reading(inquiry, by=coordinator)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 302


def test_with_limits_off_no_request_is_full(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 1)
    correspondence.write_message(inquiry, text=WORDS)
    assert correspondence.is_inbox_full(inquiry)
    settings.RATE_LIMITS_ENABLED = False
    assert not correspondence.is_inbox_full(inquiry)


@pytest.mark.parametrize("step", ["withdraw", "erase", "revoke"])
def test_they_can_end_a_request_no_matter_how_much_they_wrote(
    ana: Client, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(correspondence, "MAX_UNREAD", 0)
    assert ana.post(address("write"), {"text": WORDS}).status_code == 422
    assert ana.post(address(step), STEPS[step]).status_code == 302
