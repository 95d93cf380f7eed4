"""No mail to a sender is lost, whatever happens to the mail server or a worker."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import OperationalError, transaction
from django.utils import timezone

from inquiries import privacy as erasing
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import outbox, patient_mail
from inquiries.models import Delivery, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import ErasureReason, State
from inquiries.triage import steps
from inquiries.worker import worker
from portal.models import User
from tests.concurrency import together
from tests.factories import make_inquiry
from tests.inquiries.mail.patient_mails import ADDRESS, BY_MAIL, DOWN, fail, send_all

pytestmark = pytest.mark.django_db


def test_the_email_and_the_request_are_stored_together_or_not_at_all() -> None:
    with transaction.atomic():
        make_inquiry(**BY_MAIL)
        transaction.set_rollback(True)  # as if the connection were lost before the commit
    assert not Delivery.objects.exists()
    make_inquiry(**BY_MAIL)
    assert Delivery.objects.get().state == Delivery.State.WAITING


BUSY = smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"try later")})
UNKNOWN = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})


@pytest.mark.parametrize("error", [DOWN, BUSY, smtplib.SMTPServerDisconnected("gone")])
def test_a_mail_server_that_is_down_is_retried_at_growing_intervals(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    make_inquiry(**BY_MAIL)
    now = timezone.now()
    with monkeypatch.context() as broken:
        fail(broken, error)
        waits = []
        for _ in range(3):
            with time_machine.travel(now, tick=False):
                send_all()
                due_at = Delivery.objects.get().due_at
                waits.append((due_at - now).total_seconds() / 60)
                now = due_at
    assert waits == [1, 5, 15]
    with time_machine.travel(now, tick=False):
        assert [sent.to for sent in send_all()] == [[ADDRESS]]
    assert Delivery.objects.get().attempts == 4


def test_an_email_is_tried_ten_times_in_three_and_a_half_days_then_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_inquiry(**BY_MAIL)
    fail(monkeypatch, DOWN)
    now, hours = timezone.now(), []
    while (delivery := Delivery.objects.get()).state == Delivery.State.WAITING:
        now = max(now, delivery.due_at)
        with time_machine.travel(now, tick=False):
            send_all()
        hours.append((Delivery.objects.get().due_at - now) / timedelta(hours=1))
    assert delivery.attempts == 10
    assert hours[:9] == [1 / 60, 5 / 60, 15 / 60, 1, 4, 8, 12, 24, 36]


@pytest.mark.parametrize("is_permanent", [True, False])
def test_a_final_failure_is_visible_in_the_queue(
    monkeypatch: pytest.MonkeyPatch, is_permanent: bool, caplog: pytest.LogCaptureFixture
) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    fail(monkeypatch, UNKNOWN if is_permanent else DOWN)
    now = timezone.now()
    for _ in range(1 if is_permanent else 10):
        with time_machine.travel(now, tick=False):
            send_all()
        now += timedelta(days=2)
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.FAILED
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at
    event = inquiry.events.latest("number")
    assert (event.kind, event.by) == (Event.Kind.UNDELIVERED, None)
    assert verify_ledger().faults == []
    assert ADDRESS not in caplog.text
    assert ADDRESS not in str(list(Delivery.objects.values_list())) + str(event.detail)


def test_an_undeliverable_reply_reopens_a_closed_request(
    monkeypatch: pytest.MonkeyPatch, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    send_all()
    inquiry.refresh_from_db()
    inquiry = steps.reply(inquiry, text="Hello.", version=inquiry.version, by=coordinator)
    steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=coordinator)
    fail(monkeypatch, UNKNOWN)
    send_all()
    inquiry.refresh_from_db()
    assert inquiry.state == State.NEW
    assert inquiry.undelivered_at


def test_a_killed_workers_emails_are_picked_up_again() -> None:
    make_inquiry(**BY_MAIL)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert outbox.claim_next(Delivery), "and then it was killed"
    with time_machine.travel(now + timedelta(minutes=4, seconds=59), tick=False):
        assert send_all() == []
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert len(send_all()) == 1


@pytest.mark.django_db(transaction=True)
def test_only_one_of_four_workers_sends_each_email() -> None:
    for number in range(5):
        make_inquiry(contact_method="email", email=f"person{number}@example.org")
    together(4, lambda number: worker._send_mails())
    assert sorted(each for sent in mail.outbox for each in sent.to) == [
        f"person{number}@example.org" for number in range(5)
    ]
    assert Delivery.objects.filter(state=Delivery.State.SENT).count() == 5


def test_emails_wait_without_a_mail_server(settings: Any) -> None:
    settings.EMAIL_IS_SET = False
    make_inquiry(**BY_MAIL)
    assert send_all() == []
    assert Delivery.objects.get().state == Delivery.State.WAITING


@pytest.mark.parametrize("address", ["ana@example.org\nBcc: all@example.org", "ana"])
def test_an_invalid_address_sends_nothing_anywhere(address: str) -> None:
    """No form accepts such an address, but a spooled file or an old row might have one."""
    inquiry = make_inquiry(contact_method="email", email=address)
    sent = send_all()
    assert all(each.to == ["ana"] for each in sent)
    assert Inquiry.objects.get() == inquiry


def test_failed_attempts_leave_one_link_and_no_stale_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    now = timezone.now()
    with monkeypatch.context() as broken:
        fail(broken, DOWN)
        for days in range(5):
            with time_machine.travel(now + timedelta(days=days), tick=False):
                send_all()
    assert inquiry.links.count() == 1
    version = inquiry.version
    inquiry.refresh_from_db()
    assert inquiry.version == version
    assert verify_ledger().faults == []


def test_problems_with_our_own_address_are_retried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_inquiry(**BY_MAIL)
    fail(monkeypatch, smtplib.SMTPSenderRefused(550, b"not yours", "no-reply@portal.example"))
    send_all()
    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_a_mail_server_that_is_down_is_tried_once_per_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(5):
        make_inquiry(contact_method="email", email=f"person{number}@example.org")
    fail(monkeypatch, DOWN)
    assert not worker._send_mails()
    assert Delivery.objects.filter(attempts__gt=0).count() == 1


def test_a_failure_is_reported_once_and_never_for_erased_requests(privacy: User) -> None:
    told, erased = make_inquiry(**BY_MAIL), make_inquiry(**BY_MAIL)
    first, second = told.deliveries.get(), erased.deliveries.get()
    erasing.erase_inquiry(erased, reason=ErasureReason.ASKED, version=erased.version, by=privacy)
    for _ in range(2):
        patient_mail.handle_failure(first, "refused", is_permanent=True)
        patient_mail.handle_failure(second, "refused", is_permanent=True)
    events = Event.objects.filter(kind=Event.Kind.UNDELIVERED)
    assert [event.inquiry for event in events] == [told]


def test_an_email_that_cannot_be_composed_is_logged_and_retried(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_inquiry(**BY_MAIL)
    with monkeypatch.context() as broken:
        fail(broken, RuntimeError("a fault of ours"))
        send_all()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.failure) == (Delivery.State.WAITING, "fault")
    assert "a mail could not be written" in caplog.messages
    with time_machine.travel(delivery.due_at, tick=False):
        assert len(send_all()) == 1


def test_an_email_interrupted_by_the_database_is_retried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_inquiry(**BY_MAIL)
    with monkeypatch.context() as broken:
        fail(broken, OperationalError("the server went away"))
        with pytest.raises(OperationalError):
            send_all()
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert len(send_all()) == 1
