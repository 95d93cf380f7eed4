"""Mail to senders: sending, reading and failing."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from inquiries.worker import worker

ADDRESS = "wilhelmina@ashgrove.example"
BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": ADDRESS}


def send_all() -> list[EmailMultiAlternatives]:
    while worker._send_mails():
        pass
    return [each for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]


def whole(message: EmailMultiAlternatives) -> str:
    parsed: EmailMessage = message_from_bytes(message.message().as_bytes(), policy=default)
    parts = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {said}" for name, said in parsed.items()), *parts])


def token_in(text: str) -> str:
    found = re.search(r"https://portal\.example/care-coordinator/request/([\w-]+)/", text)
    return found[1] if found else ""


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(self: EmailMultiAlternatives, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


DOWN = ConnectionRefusedError(111, f"refused for {ADDRESS}")
