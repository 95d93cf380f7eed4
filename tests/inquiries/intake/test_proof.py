"""Security 1: knowing a form's key proves that it is the same form, not the same person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.intake import corrections, reception
from inquiries.intake.arrival import Arrival, Correction
from inquiries.models import AccessLink, Addition, Event, Inquiry
from inquiries.private_page import correspondence
from inquiries.reference import reference_for
from inquiries.states import IdentityCheck, Proof
from inquiries.triage import steps
from portal.models import User
from tests.factories import make_submission
from tests.inquiries.intake.sendings import (
    ASK,
    KEY,
    OPEN,
    PAGE,
    SENT,
    STRANGERS,
    addresses,
    filled,
    mail_all,
    opens,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def test_security_1_a_known_key_with_other_words_changes_nothing_that_counts(
    stranger: Client,
) -> None:
    before = addresses()
    send(stranger, **STRANGERS)
    inquiry = Inquiry.objects.get()
    assert submission_history.current_sending(inquiry).phone == "202-555-0100"
    assert submission_history.current_sending(inquiry).email == "ana@example.org"
    assert addresses() == before, "nobody gets a mail by it"
    assert not AccessLink.objects.exists()


def test_security_1_whoever_is_not_proven_gets_no_way_in(stranger: Client) -> None:
    page = send(stranger, **STRANGERS)
    assert "We have what you sent" in page
    assert 'action="/care-coordinator/sent/open/"' not in page
    assert not opens(stranger)


def test_security_1_the_senders_own_link_goes_on(client: Client) -> None:
    by_mail = {"contact_method": "email", "email": "ana@example.org", "phone": ""}
    send(client, **by_mail)
    mail_all()
    send(Client(), **STRANGERS)
    assert AccessLink.objects.filter(revoked_at__isnull=True).count() == 1


def test_security_1_even_the_same_words_open_nothing_in_another_browser(stranger: Client) -> None:
    page = send(stranger, email="ana@example.org")
    assert "We have your request" in page
    assert Inquiry.objects.count() == 1
    assert not opens(stranger)


def test_security_1_nor_does_a_second_try_prove_the_first(stranger: Client) -> None:
    send(stranger, **STRANGERS)
    send(stranger, **STRANGERS, message="May I?")
    assert not opens(stranger)
    assert not Event.objects.filter(kind=Event.Kind.ADDED).exists()


def test_security_1_what_was_left_is_not_proof_any_more(sender: Client) -> None:
    assert opens(sender)
    sender.get(f"{PAGE}leave/")
    send(sender, **STRANGERS)
    assert not opens(sender)
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"


def test_security_1_a_confirmation_that_ended_is_no_proof(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        send(sender, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).exists()


def test_security_1_the_confirmation_of_another_request_proves_nothing(sender: Client) -> None:
    other = Client()
    send(other, idempotency_key="another-form-of-theirs")
    send(other, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).count() == 1


def test_security_1_strangers_hear_nothing_of_how_the_request_stands(sender: Client) -> None:
    sender.post(OPEN)
    inquiry = Inquiry.objects.get()
    corrections.correct_inquiry(
        inquiry,
        make_submission(message="I have chest pain."),
        Correction(proven=Proof.PRIVATE_PAGE),
    )
    page = send(Client(), **STRANGERS)
    assert "Are you safe right now?" not in page
    assert "May I talk" not in page


def test_security_1_the_browser_that_sent_it_may_correct_it(sender: Client) -> None:
    page = send(sender, phone="202-555-0199", email="ana@example.org")
    assert "We have your changes" in page
    inquiry = Inquiry.objects.get()
    assert submission_history.current_sending(inquiry).phone == "202-555-0199"
    assert opens(sender)


def test_security_1_so_may_who_has_the_private_page_open(sender: Client) -> None:
    sender.post(OPEN)
    del sender.cookies["sent"]
    send(sender, phone="202-555-0199")
    event = Event.objects.get(kind=Event.Kind.ADDED)
    assert event.detail["proof"] == Proof.PRIVATE_PAGE


def test_security_1_so_may_a_colleague(sender: Client, coordinator: User) -> None:
    reception.receive_inquiry(
        make_submission(phone="202-555-0199"), Arrival(key=KEY, by=coordinator)
    )
    event = Event.objects.get(kind=Event.Kind.ADDED)
    assert (event.detail["proof"], event.by) == (Proof.COLLEAGUE, coordinator)


def test_security_1_each_sending_has_on_record_how_its_sender_was_proven(
    sender: Client, stranger: Client
) -> None:
    send(sender, phone="202-555-0199")
    send(stranger, phone="202-555-0198")
    events = Event.objects.filter(kind__in=submission_history.SUBMISSION_KINDS).order_by("number")
    assert [event.detail["proof"] for event in events] == ["none", "confirmation", "none"]


def test_security_1_the_same_words_are_one_request_however_old_the_key(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        send(Client(), email="ana@example.org")
    assert Inquiry.objects.count() == 1
    assert not Addition.objects.exists()


def test_security_1_words_that_do_not_count_any_more_are_a_to_do_again(sender: Client) -> None:
    send(sender, phone="202-555-0199")
    for _ in range(2):
        send(Client(), email="ana@example.org")
    kinds = Inquiry.objects.get().events.values_list("kind", flat=True)
    assert [*kinds] == ["received", "added", "unproven"]
    assert Inquiry.objects.count() == 1


def test_security_1_what_was_settled_and_is_sent_again_is_a_to_do_again(
    stranger: Client, coordinator: User
) -> None:
    send(stranger, phone="202-555-0199")
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    steps.log_conversation(
        inquiry,
        method="phone",
        identity=IdentityCheck.DETAIL,
        version=inquiry.version,
        by=coordinator,
    )
    send(Client(), phone="202-555-0199")
    inquiry = Inquiry.objects.get()
    assert inquiry.awaits_answer
    assert len(submission_history.unproven_events(inquiry.events.select_related("addition"))) == 1


def test_security_1_a_reply_to_the_address_that_counts_settles_nothing(
    client: Client, coordinator: User
) -> None:
    send(client, contact_method="email", phone="", email="wrong@example.org")
    send(Client(), contact_method="email", phone="", email="right@example.org")
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    steps.reply(inquiry, text="We called.", version=inquiry.version, by=coordinator)
    assert submission_history.unproven_events(inquiry.events.select_related("addition"))


def test_security_1_taking_back_all_links_ends_the_confirmation_too(sender: Client) -> None:
    private_links.revoke_links(Inquiry.objects.get())
    assert not opens(sender)
    send(sender, email="ana@example.org")
    assert not opens(sender), "sent once more, it opens no more"
    send(sender, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).exists()


def test_security_1_sending_once_more_gives_no_other_hour(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        send(sender, email="ana@example.org")
        assert opens(sender)
    with time_machine.travel(timezone.now() + timedelta(minutes=70)):
        assert "data-reference" not in sender.get(SENT).text


def test_security_1_a_machine_in_a_proven_browser_changes_nothing(sender: Client) -> None:
    send(sender, **STRANGERS, website="buy.example")
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"


def test_security_1_a_form_that_comes_from_elsewhere_gets_a_key_of_its_own() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(ASK, filled())
    assert answer.status_code == 422
    assert KEY not in answer.text
    assert "Ana Example" in answer.text


def test_security_1_strangers_do_not_fill_up_the_owners_page(sender: Client) -> None:
    inquiry = Inquiry.objects.get()
    for number in range(correspondence.MAX_UNREAD + 1):
        said = make_submission(message=f"Words {number}")
        corrections.correct_inquiry(inquiry, said, Correction(proven=Proof.NONE))
    assert not correspondence.is_inbox_full(inquiry)


def test_security_1_a_page_that_was_open_when_links_were_taken_back_is_no_proof(
    sender: Client,
) -> None:
    sender.post(OPEN)
    del sender.cookies["sent"]
    private_links.revoke_links(Inquiry.objects.get())
    send(sender, phone="202-555-0199")
    assert Event.objects.get(kind=Event.Kind.UNPROVEN).detail["proof"] == Proof.NONE


def test_security_1_a_page_of_another_request_is_no_proof(sender: Client) -> None:
    send(sender, idempotency_key="another-form-of-theirs")
    sender.post(OPEN)
    del sender.cookies["sent"]
    send(sender, phone="202-555-0199")
    assert Event.objects.get(kind=Event.Kind.UNPROVEN).inquiry.reference == reference_for(KEY)
