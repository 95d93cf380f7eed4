"""Forms that are sent in large numbers over HTTP, as a bot or a crowd sends them."""

from datetime import timedelta
from itertools import count
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.reference import digest_key
from tests.inquiries.intake.form_pages import ASK, filled

DANGER = "I have chest pain."
#: Documentation addresses (RFC 5737): the attacking machine's, and somebody else's.
MACHINE, ELSEWHERE = "203.0.113.9", "198.51.100.7"
_numbers = count(1)


def send(network: str = MACHINE, **fields: Any) -> Inquiry:
    """Send one form over HTTP, with an email address that no other form uses."""
    number = next(_numbers)
    key = f"one-form-of-very-many-{number}"
    typed = {"contact_method": "email", "email": f"stranger-{number}@example.org", **fields}
    answer = Client().post(ASK, filled(idempotency_key=key, **typed), REMOTE_ADDR=network)
    assert answer.status_code == 302
    return Inquiry.objects.get(key_digest=digest_key(key))


def send_many(
    number: int, *, seconds: float, network: str = MACHINE, **fields: Any
) -> list[Inquiry]:
    """Spread the forms evenly over this many seconds from now."""
    began = timezone.now()
    found = []
    for step in range(number):
        with time_machine.travel(began + timedelta(seconds=seconds * step / number), tick=False):
            found.append(send(network, **fields))
    return found
