"""A form that is sent by its sender, or by a stranger who knows its key."""

from typing import Any

from django.core import mail
from django.test import Client

from inquiries.worker import worker

ASK, SENT = "/care-coordinator/ask/", "/care-coordinator/sent/"
OPEN, PAGE = f"{SENT}open/", "/care-coordinator/request/"
KEY = "one-form-on-one-screen"
STRANGERS = {"contact_method": "email", "email": "stranger@example.org", "phone": ""}


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": KEY,
        **fields,
    }


def send(client: Client, **fields: Any) -> str:
    """Send the form, and return what the confirmation page says."""
    assert client.post(ASK, filled(**fields)).status_code == 302
    return client.get(SENT).text


def mail_all() -> None:
    while worker._send_mails():
        pass


def addresses() -> list[str]:
    mail_all()
    return [each.to[0] for each in mail.outbox]


def opens(client: Client) -> bool:
    client.post(OPEN)
    return "data-reference" in client.get(PAGE).text
