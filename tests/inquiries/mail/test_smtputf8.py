"""Mail to addresses in any script, sent to a real mail server over a real connection."""

from email import message_from_bytes
from email.policy import SMTPUTF8
from typing import Any

import pytest
from django.test import Client

from inquiries.models import Delivery, Event
from inquiries.states import State
from inquiries.worker import worker
from portal.config import addresses
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.mail.mail_server import Heard, mail_server

pytestmark = pytest.mark.django_db


def send_by(heard: Heard, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_UNDER_TEST", f"smtp+plain://127.0.0.1:{heard.port}")
    found = addresses.mail("MAIL_UNDER_TEST")
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = found.backend, found.port
    settings.EMAIL_HOST = "127.0.0.1"
    while worker._send_mails():
        pass


def test_patient_6_a_non_ascii_address_is_used_as_is_if_the_server_accepts_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inquiry(contact_method="email", email="josé@bücher.example", phone="", phone_e164="")
    with mail_server("SMTPUTF8", "8BITMIME") as heard:
        send_by(heard, settings, monkeypatch)
    assert Delivery.objects.get().state == Delivery.State.SENT
    assert "rcpt to:<josé@xn--bcher-kva.example>" in [each.lower() for each in heard.commands]
    assert any(
        "SMTPUTF8" in each for each in heard.commands if each.lower().startswith("mail from")
    )
    (message,) = heard.messages
    assert message_from_bytes(message, policy=SMTPUTF8)["To"] == "josé@xn--bcher-kva.example"
    assert "We have your request" in message.decode()


def test_patient_6_if_the_server_does_not_the_request_is_kept_and_staff_see_why(
    settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="josé@example.org"
    )
    with mail_server("8BITMIME") as heard:
        send_by(heard, settings, monkeypatch)
    assert not heard.messages, "and to no other address that looks like it"
    assert Delivery.objects.get().failure == Delivery.NO_SMTPUTF8
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at, "it stands among “Mail failed”"
    event = inquiry.events.get(kind=Event.Kind.UNDELIVERED)
    assert event.detail["failure"] == Delivery.NO_SMTPUTF8
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "Some mail servers don’t accept" in page
    assert "Ask for a phone number or another address" in page


def test_a_non_ascii_domain_needs_no_server_support(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inquiry(contact_method="email", email="ana@straße.example")
    with mail_server() as heard:
        send_by(heard, settings, monkeypatch)
    assert "rcpt to:<ana@xn--strae-oqa.example>" in [each.lower() for each in heard.commands]
    assert Delivery.objects.get().state == Delivery.State.SENT
