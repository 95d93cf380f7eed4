"""The global limit on confirmations (security 2)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inquiries.mail import brake
from inquiries.models import Delivery, Notice
from inquiries.states import State
from inquiries.triage import steps
from inquiries.worker import worker
from portal.models import User
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db

State_ = Delivery.State


@pytest.fixture(autouse=True)
def _three_an_hour(settings: Any) -> Iterator[None]:
    settings.CONFIRMATIONS_PER_HOUR = 3
    with time_machine.travel("2026-11-23T15:00:00Z", tick=False):
        yield


def ask(number: int) -> None:
    for _ in range(number):
        made = Delivery.objects.count()
        make_inquiry(contact_method="email", email=f"person-{made}@example.org")


def work(**later: float) -> list[str]:
    """Send mail that is due, and return the senders who got some."""
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(**later), tick=False):
        while worker._send_mails():
            pass
    return [each.to[0] for each in mail.outbox if each.to[0].startswith("person")]


def test_security_2_the_brake_limits_confirmations(chief: User) -> None:
    ask(8)
    assert work() == [f"person-{number}@example.org" for number in range(3)]
    assert work(minutes=30) == []
    assert brake.waiting_confirmations().count() == 5


def test_security_2_emails_held_by_the_brake_go_out_later_oldest_first(chief: User) -> None:
    ask(8)
    work()
    assert work(minutes=65) == [f"person-{number}@example.org" for number in range(3, 6)]
    assert work(minutes=130) == [f"person-{number}@example.org" for number in range(6, 8)]
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State_.SENT, 1)}


def test_security_2_leads_are_told_that_the_brake_engaged(chief: User, coordinator: User) -> None:
    ask(8)
    work()
    work(minutes=10)
    (notice,) = Notice.objects.filter(kind=Notice.Kind.BRAKE)
    assert notice.user == chief
    assert notice.state == Notice.State.SENT
    ask(1)
    work(minutes=61)


def test_security_2_the_email_to_leads_explains_it_and_links_to_the_page(chief: User) -> None:
    ask(4)
    mail.outbox.clear()
    while worker._send_mails():
        pass
    (sent,) = [each for each in mail.outbox if each.to == [chief.email]]
    assert sent.subject == "Confirmations are waiting: too many in an hour"
    for part in (sent.body, str(sent.alternatives[0][0])):  # type: ignore[attr-defined]
        assert "Confirmations are waiting: too many in an hour" in part
        assert "https://portal.example/admin/inquiries/inquiry/reports/bursts/" in part
        assert "person-" not in part


def test_security_2_other_emails_bypass_the_brake(coordinator: User) -> None:
    ask(3)
    claimed = make_inquiry(
        State.CLAIMED, owner=coordinator, contact_method="email", email="person-x@example.org"
    )
    assert len(work()) == 3
    steps.reply(claimed, text="We called you.", version=claimed.version, by=coordinator)
    assert work(minutes=1) == ["person-x@example.org"]


def test_security_2_with_none_allowed_all_wait_and_none_are_lost(
    chief: User, settings: Any
) -> None:
    settings.CONFIRMATIONS_PER_HOUR = 0
    ask(2)
    assert work() == []
    settings.CONFIRMATIONS_PER_HOUR = 1000
    assert len(work(minutes=6)) == 2
