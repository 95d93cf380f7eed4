"""A session as its browser and its record see it, some minutes later."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from inquiries.models import AuditEntry

Kind = AuditEntry.Kind


def minutes_later(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def is_in(client: Client) -> bool:
    answer = client.get("/admin/")
    assert answer.status_code in {200, 302}
    return bool(answer.status_code == 200)


def why_ended() -> list[str]:
    entries = AuditEntry.objects.filter(kind=Kind.SESSION_ENDED).order_by("number")
    return [entry.detail["why"] for entry in entries]
