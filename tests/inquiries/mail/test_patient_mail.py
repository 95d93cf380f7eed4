"""Mails: nothing in them that others may not read, none lost, none sent to who must not get one."""

import re
import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from inquiries import privacy as erasing
from inquiries import private_links
from inquiries.ledger.transitions import StepRefused
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import outbox, patient_mail
from inquiries.models import Delivery, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, SpamSignal, State
from inquiries.triage import steps
from inquiries.worker import worker
from portal.models import User
from tests.concurrency import together
from tests.factories import correct, make_article, make_category, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

ADDRESS = "wilhelmina@ashgrove.example"
CANARY = "Quillfeather"
BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": ADDRESS}


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Any) -> None:
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


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


# --- What it says ---------------------------------------------------------------------------------


def test_a_confirmation_says_the_reference_and_by_when_and_no_word_of_hers() -> None:
    inquiry = make_inquiry(
        topic=make_category(f"Topic {CANARY}"),
        article=make_article(title=f"Article {CANARY}"),
        topic_name=f"Topic {CANARY}",
        full_name=f"Ana {CANARY}",
        patient_name=CANARY,
        message=f"{CANARY} hurts.",
        never_contact=CANARY,
        phone="(202) 555-0147",
        **BY_MAIL,
    )
    (sent,) = send_all()
    assert sent.to == [ADDRESS]
    assert sent.subject == f"We have your request {inquiry.reference}"
    text = whole(sent)
    assert text.count(inquiry.reference) >= 3
    assert re.search(r"will try to reach you by 5 p\.m\. E[SD]T on \w+day \d", text)
    for private in (CANARY, "Ana", "hurts", "555-0147", "lupus", str(inquiry.pk)):
        assert private not in text.replace(f"To: {ADDRESS}", "")
    assert "auto-generated" in text
    kinds = [part.get_content_type() for part in sent.message().walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_link_opens_her_request_and_stands_nowhere_else() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    (sent,) = send_all()
    token = token_in(whole(sent))
    link = private_links.find_link(token)
    assert link
    assert link.inquiry == inquiry
    assert token not in str(list(inquiry.links.values_list())), "only its hash is kept"


@pytest.mark.parametrize(
    "fields",
    [
        {"contact_method": "phone", "email": ADDRESS},
        {"contact_method": "email", "email": ADDRESS, "shared_email": True},
    ],
)
def test_no_link_goes_where_she_did_not_choose_mail_or_others_read(fields: dict[str, Any]) -> None:
    make_inquiry(**fields)
    (sent,) = send_all()
    assert "/request/" not in whole(sent)


def test_a_reply_is_announced_and_not_told(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    steps.reply(inquiry, text=f"About {CANARY}.", version=inquiry.version, by=coordinator)
    *_, sent = send_all()
    assert sent.subject == f"There is a message for you ({inquiry.reference})"
    assert CANARY not in whole(sent)
    assert token_in(whole(sent))


# --- Who gets one ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"contact_method": "phone", "email": ADDRESS, "shared_email": True},
    ],
)
def test_who_gave_no_address_or_shares_it_gets_none(fields: dict[str, Any]) -> None:
    make_inquiry(**fields)
    assert send_all() == []


def test_from_quarantine_nothing_is_sent_until_a_person_has_cleared_it(coordinator: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    assert send_all() == []
    steps.clear_from_quarantine(inquiry, version=inquiry.version, by=coordinator)
    assert [sent.to for sent in send_all()] == [[ADDRESS]]


def test_a_corrected_address_gets_the_confirmation_and_another_correction_none() -> None:
    inquiry = make_inquiry(contact_method="email", email="typo@ashgrove.exampel")
    correct(inquiry, make_submission(**BY_MAIL))
    correct(inquiry, make_submission(**BY_MAIL, message="One thing more."))
    told = {sent.to[0]: sent.subject for sent in send_all()}
    assert told.keys() == {ADDRESS, "typo@ashgrove.exampel"}
    assert "How we reach you was changed" in told["typo@ashgrove.exampel"]
    confirmed = Delivery.objects.filter(kind=Delivery.Kind.ACKNOWLEDGEMENT).order_by("pk")
    states = confirmed.values_list("state", flat=True)
    assert list(states) == [Delivery.State.DROPPED, Delivery.State.SENT]


def test_our_form_fills_nobodys_inbox() -> None:
    now = timezone.now()
    for hours, sent in ((0, 5), (23, 5), (24, 6)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            for _ in range(1 if hours else 8):
                make_inquiry(**BY_MAIL)
            assert len(send_all()) == sent, hours


def test_after_an_erasure_nothing_is_sent(privacy: User) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    assert send_all() == []
    assert Delivery.objects.get().state == Delivery.State.DROPPED


# --- None lost ------------------------------------------------------------------------------------


def test_the_mail_is_there_with_the_request_or_neither_is() -> None:
    with transaction.atomic():
        make_inquiry(**BY_MAIL)
        transaction.set_rollback(True)  # as when the connection is lost before the commit
    assert not Delivery.objects.exists()
    make_inquiry(**BY_MAIL)
    assert Delivery.objects.get().state == Delivery.State.WAITING


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(self: EmailMultiAlternatives, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


DOWN = ConnectionRefusedError(111, f"refused for {ADDRESS}")
BUSY = smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"try later")})
UNKNOWN = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})


@pytest.mark.parametrize("error", [DOWN, BUSY, smtplib.SMTPServerDisconnected("gone")])
def test_a_mail_server_that_is_down_is_tried_again_later_and_later(
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


def test_a_mail_is_tried_ten_times_in_three_and_a_half_days_and_then_given_up(
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
def test_a_final_failure_is_there_to_be_seen_in_the_queue(
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


def test_a_reply_that_cannot_be_delivered_opens_a_closed_request_again(
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


def test_what_a_killed_worker_had_is_taken_up_again() -> None:
    make_inquiry(**BY_MAIL)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert outbox.claim_next(Delivery), "and then it was killed"
    with time_machine.travel(now + timedelta(minutes=4, seconds=59), tick=False):
        assert send_all() == []
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert len(send_all()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_one_sends_each_mail() -> None:
    for number in range(5):
        make_inquiry(contact_method="email", email=f"person{number}@example.org")
    together(4, lambda number: worker._send_mails())
    assert sorted(each for sent in mail.outbox for each in sent.to) == [
        f"person{number}@example.org" for number in range(5)
    ]
    assert Delivery.objects.filter(state=Delivery.State.SENT).count() == 5


def test_without_a_mail_server_mails_wait(settings: Any) -> None:
    settings.EMAIL_IS_SET = False
    make_inquiry(**BY_MAIL)
    assert send_all() == []
    assert Delivery.objects.get().state == Delivery.State.WAITING


@pytest.mark.parametrize("address", ["ana@example.org\nBcc: all@example.org", "ana"])
def test_an_address_that_is_none_sends_nothing_anywhere(address: str) -> None:
    """No form lets it in; a spooled file or an old row might."""
    inquiry = make_inquiry(contact_method="email", email=address)
    sent = send_all()
    assert all(each.to == ["ana"] for each in sent)
    assert Inquiry.objects.get() == inquiry


# --- What a review found --------------------------------------------------------------------------


def test_who_has_withdrawn_hears_nothing_and_is_not_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inquiry = make_inquiry(**BY_MAIL)
    outbox.claim_next(Delivery)
    correspondence.withdraw_inquiry(inquiry)
    patient_mail.handle_failure(Delivery.objects.get(), "refused", is_permanent=True)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.undelivered_at) == (State.CLOSED, None)
    other = make_inquiry(**BY_MAIL)
    correspondence.withdraw_inquiry(other)
    assert send_all() == []


def test_an_inbox_that_others_read_gets_nothing_from_that_moment_on() -> None:
    inquiry = make_inquiry(contact_method="phone", email=ADDRESS)
    shared = make_submission(contact_method="phone", email=ADDRESS, shared_email=True)
    correct(inquiry, shared)
    assert send_all() == []


def test_links_that_were_taken_back_are_not_sent_again(coordinator: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator, **BY_MAIL)
    private_links.revoke_links(inquiry)
    (sent,) = send_all()
    assert "/request/" not in whole(sent)


def test_a_link_in_the_mail_to_a_wrong_address_ends_with_the_correction() -> None:
    inquiry = make_inquiry(contact_method="email", email="typo@ashgrove.example")
    (wrong,) = send_all()
    correct(inquiry, make_submission(**BY_MAIL))
    assert private_links.find_link(token_in(whole(wrong))) is None
    *_, right = send_all()
    assert private_links.find_link(token_in(whole(right)))


def test_attempts_that_fail_leave_one_link_and_no_page_out_of_date(
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


def test_what_is_wrong_with_our_own_address_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_inquiry(**BY_MAIL)
    fail(monkeypatch, smtplib.SMTPSenderRefused(550, b"not yours", "no-reply@portal.example"))
    send_all()
    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_a_mail_server_that_is_down_is_asked_once_a_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(5):
        make_inquiry(contact_method="email", email=f"person{number}@example.org")
    fail(monkeypatch, DOWN)
    assert not worker._send_mails()
    assert Delivery.objects.filter(attempts__gt=0).count() == 1


def test_corrections_fill_nobodys_inbox() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    for number in range(20):
        correct(inquiry, make_submission(contact_method="email", email=f"p{number}@x.example"))
    made = Delivery.objects.exclude(failure="too many to one address")
    for kind in (Delivery.Kind.ACKNOWLEDGEMENT, Delivery.Kind.CHANGED):
        assert made.filter(kind=kind).count() == 5, kind
    trapped = make_submission(contact_method="email", email="another@x.example")
    other = make_inquiry(**BY_MAIL)
    before = other.deliveries.count()
    correct(other, trapped, signals={SpamSignal.TRAP})
    assert other.deliveries.count() == before


def test_who_leaves_quarantine_by_her_own_words_gets_her_confirmation() -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    correspondence.write_message(inquiry, text="I am a person.")
    assert [sent.to for sent in send_all()] == [[ADDRESS]]


def test_a_failure_is_told_once_and_of_what_was_erased_never(privacy: User) -> None:
    told, erased = make_inquiry(**BY_MAIL), make_inquiry(**BY_MAIL)
    first, second = told.deliveries.get(), erased.deliveries.get()
    erasing.erase_inquiry(erased, reason=ErasureReason.ASKED, version=erased.version, by=privacy)
    for _ in range(2):
        patient_mail.handle_failure(first, "refused", is_permanent=True)
        patient_mail.handle_failure(second, "refused", is_permanent=True)
    events = Event.objects.filter(kind=Event.Kind.UNDELIVERED)
    assert [event.inquiry for event in events] == [told]


def test_what_was_erased_gets_no_link(privacy: User) -> None:
    inquiry = make_inquiry()
    erasing.erase_inquiry(inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=privacy)
    for verb in (private_links.create_link, private_links.revoke_links):
        with pytest.raises(StepRefused, match="erased"):
            verb(inquiry)
