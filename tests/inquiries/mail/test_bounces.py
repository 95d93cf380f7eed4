"""An email that came back fails once, and its request is on somebody's list again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from inquiries.contact import channels
from inquiries.mail import bounces, outbox, patient_mail, staff_notices
from inquiries.mail.bounces import Bounce, classify, take_bounce
from inquiries.models import (
    BounceCount,
    BounceReason,
    Delivery,
    Event,
    Inquiry,
    Notice,
    PlannedStep,
)
from inquiries.private_page import correspondence
from inquiries.states import State
from inquiries.triage import steps
from inquiries.worker import health, jobs, mailer
from portal.models import User
from tests.factories import correct, make_delivery, make_inquiry, make_submission
from tests.inquiries.mail.bounced import DOMAIN, address_for, send_confirmation

pytestmark = pytest.mark.django_db
Result = BounceCount.Result
Kind = Event.Kind


@pytest.fixture(autouse=True)
def _bounces_are_read(settings: Any) -> None:
    settings.RETURN_ADDRESS = f"bounce@{DOMAIN}"


def come_back(address: str, reason: BounceReason = BounceReason.NO_ADDRESS) -> BounceCount.Result:
    return take_bounce(Bounce((address,), Result.FAILED, reason))


def counts() -> dict[str, int]:
    return bounces.count_recent(1)


def test_a_bounce_marks_the_request_as_a_refusal_does() -> None:
    inquiry, address = send_confirmation()
    assert come_back(address) == Result.FAILED
    delivery = inquiry.deliveries.get()
    assert (delivery.state, delivery.failure) == (Delivery.State.FAILED, "no_address")
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at
    event = inquiry.events.latest("number")
    assert (event.kind, event.by) == (Kind.UNDELIVERED, None)
    assert event.detail == {"mail": "acknowledgement", "failure": "no_address"}
    assert inquiry in Inquiry.objects.undelivered()
    assert "mail" in health.check_health().troubles


def test_the_same_bounce_twice_changes_nothing() -> None:
    inquiry, address = send_confirmation()
    come_back(address)
    inquiry.refresh_from_db()
    version, number = inquiry.version, inquiry.events.count()
    assert [come_back(address), come_back(address)] == [Result.REPEATED, Result.REPEATED]
    inquiry.refresh_from_db()
    assert (inquiry.version, inquiry.events.count()) == (version, number)
    assert counts() == {"failed": 1, "repeated": 2}


def test_a_bounce_quicker_than_the_worker_still_counts() -> None:
    delivery = make_delivery(email="ana@example.com")
    Delivery.objects.update(attempts=1)
    assert come_back(address_for(delivery)) == Result.FAILED
    outbox.settle_mail(delivery, Delivery.State.SENT)
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED


def test_an_email_that_was_never_sent_or_needed_cannot_come_back() -> None:
    delivery = make_delivery(email="ana@example.com")
    assert come_back(address_for(delivery)) == Result.REPEATED
    Delivery.objects.update(state=Delivery.State.DROPPED, settled_at=timezone.now(), attempts=1)
    assert come_back(address_for(delivery)) == Result.REPEATED
    assert not delivery.inquiry.events.filter(kind=Kind.UNDELIVERED).exists()
    delivery.pk += 1
    assert come_back(address_for(delivery)) == Result.GONE


@pytest.mark.parametrize("result", [Result.DELAYED, Result.AUTO_REPLY, Result.OTHER])
def test_a_delay_or_an_automatic_reply_is_only_counted(result: BounceCount.Result) -> None:
    inquiry, address = send_confirmation()
    assert take_bounce(Bounce((address,), result)) == result
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    assert counts() == {result: 1}


def test_security_9_forged_and_unsigned_reports_are_counted_and_dropped() -> None:
    inquiry, address = send_confirmation()
    forged = address.replace(address[8:12], "aaaa")
    assert [come_back(forged), come_back("ana@example.com")] == [Result.FORGED, Result.UNSIGNED]
    assert take_bounce(Bounce((), Result.UNREADABLE)) == Result.UNREADABLE
    assert inquiry.deliveries.get().state == Delivery.State.SENT
    assert counts() == {"forged": 1, "unsigned": 1, "unreadable": 1}


def test_the_owner_is_told_and_has_it_on_their_page(owner: User, client: Client) -> None:
    inquiry, address = send_confirmation()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=owner)
    come_back(address, BounceReason.FULL)
    assert Notice.objects.get(kind=Notice.Kind.UNDELIVERED).user == owner
    mailer.send_notices([*Notice.objects.filter(user=owner)])
    assert "An email to the sender didn’t arrive" in mail.outbox[-1].subject
    client.force_login(owner)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    page = " ".join(page.split())
    assert "An email to the sender came back: their inbox is full." in page
    assert "An email failed. Contact them another way" in page
    assert "202-555-0143" in page
    inquiry.refresh_from_db()
    assert (inquiry.planned_step, inquiry.planned_way) == (PlannedStep.EMAIL_FAILED, "phone")


def test_without_another_way_a_lead_is_asked(owner: User, client: Client) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=owner, contact_method="email", phone="",
                           email="ana@example.com")  # fmt: skip
    Delivery.objects.update(attempts=1)
    come_back(address_for(inquiry.deliveries.get()))
    inquiry.refresh_from_db()
    assert (inquiry.planned_step, inquiry.planned_way) == (PlannedStep.ASK_HOW, "")


def reply_to(inquiry: Inquiry, owner: User) -> Delivery:
    inquiry = steps.claim(inquiry, version=inquiry.version, by=owner)
    steps.reply(inquiry, text="We can help.", version=inquiry.version, by=owner)
    delivery = inquiry.deliveries.get(kind=Delivery.Kind.REPLY)
    mailer.send_delivery(delivery)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.SENT, settled_at=timezone.now(), attempts=1
    )
    return delivery


def test_a_reply_that_came_back_reopens_a_closed_request(owner: User) -> None:
    inquiry, _ = send_confirmation()
    reply_to(inquiry, owner)
    address = mail.outbox[-1].from_email
    inquiry.refresh_from_db()
    steps.close(inquiry, outcome="answered", version=inquiry.version, by=owner)
    come_back(address)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answered_at) == (State.NEW, None)
    assert Notice.objects.filter(kind=Notice.Kind.UNDELIVERED, user=owner).exists()


def test_an_address_corrected_since_is_not_taken_for_wrong(owner: User) -> None:
    inquiry, address = send_confirmation()
    reply_to(inquiry, owner)
    replied = mail.outbox[-1].from_email
    correct(inquiry, make_submission(contact_method="email", email="new@example.com"))
    come_back(address)
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at is None, "the confirmation was sent again"
    come_back(replied)
    inquiry = Inquiry.objects.get()
    assert inquiry.undelivered_at, "they don't know of the message"
    event = inquiry.events.filter(kind=Kind.UNDELIVERED).latest("number")
    assert event.detail["inbox"] == "earlier"
    assert channels.wrong_channels(inquiry.events.order_by("number")) == set()
    assert inquiry.planned_step == PlannedStep.WRITE


def test_a_bounce_after_a_withdrawal_or_an_erasure_marks_nothing() -> None:
    inquiry, address = send_confirmation()
    other, second = send_confirmation("ben@example.com")
    correspondence.erase_by_sender(inquiry)
    correspondence.withdraw_inquiry(other)
    assert [come_back(address), come_back(second)] == [Result.FAILED, Result.FAILED]
    assert not Event.objects.filter(kind=Kind.UNDELIVERED).exists()


def test_a_request_that_no_key_opens_is_marked_nevertheless() -> None:
    inquiry, address = send_confirmation()
    Inquiry.objects.update(email=b"broken")
    come_back(address)
    inquiry = Inquiry.objects.defer("email").get()
    assert inquiry.undelivered_at


# --- Staff ----------------------------------------------------------------------------------------


def send_notice(owner: User) -> str:
    staff_notices.queue_notice(Notice.Kind.LOGGED, make_inquiry(), [owner])
    told = staff_notices.claim_batch()
    mailer.send_notices(told)
    staff_notices.settle_notices(told, Notice.State.SENT)
    return str(mail.outbox[-1].from_email)


def test_a_notice_that_came_back_has_failed_and_leads_see_the_account(
    owner: User, chief: User, client: Client
) -> None:
    address = send_notice(owner)
    assert [come_back(address), come_back(address)] == [Result.FAILED, Result.REPEATED]
    assert "notices" in health.check_health().troubles
    client.force_login(chief)
    for page in ("/admin/portal/accounts/", f"/admin/portal/accounts/{owner.pk}/"):
        assert "came back or was refused" in client.get(page).text
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        send_notice(owner)
        page = client.get("/admin/portal/accounts/").text
        assert "came back or was refused" not in page, "the last one arrived"


def test_a_notice_to_an_address_that_was_changed_or_is_gone_fails_nothing(owner: User) -> None:
    address = send_notice(owner)
    owner.email = "correct@example.com"
    owner.save()
    assert come_back(address) == Result.OUTDATED
    Notice.objects.all().delete()
    assert come_back(address) == Result.GONE


# --- Why, and how many ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [
        ("5.1.1", "", BounceReason.NO_ADDRESS),
        ("5.1.10", "", BounceReason.NO_ADDRESS),
        ("5.2.1", "spam", BounceReason.NO_ADDRESS),
        ("5.2.2", "", BounceReason.FULL),
        ("4.2.2", "", BounceReason.FULL),
        ("5.7.26", "user unknown", BounceReason.BLOCKED),
        ("5.4.1", "Recipient address rejected: Access denied", BounceReason.NO_ADDRESS),
        ("5.0.0", "The mailbox is full", BounceReason.FULL),
        ("", "No such user here", BounceReason.NO_ADDRESS),
        ("", "listed in a blocklist", BounceReason.BLOCKED),
        ("4.4.1", "Connection timed out", BounceReason.NOT_SAID),
    ],
)
def test_the_reason_is_the_status_or_else_a_few_words(
    status: str, text: str, reason: BounceReason
) -> None:
    assert classify(status, text) == reason


def test_counts_are_forgotten_after_ninety_days() -> None:
    come_back("")
    with time_machine.travel(timezone.now() + timedelta(days=90), tick=False):
        jobs._tidy()
        assert BounceCount.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        jobs._tidy()
        assert not BounceCount.objects.exists()


def test_both_a_refusal_and_a_bounce_tell_the_owner(owner: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=owner, contact_method="email",
                           email="ana@example.com")  # fmt: skip
    patient_mail.handle_failure(inquiry.deliveries.get(), "refused", is_permanent=True)
    assert Notice.objects.filter(kind=Notice.Kind.UNDELIVERED, user=owner).count() == 1
