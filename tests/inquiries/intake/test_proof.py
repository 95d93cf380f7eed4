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


def test_security_1_a_known_key_does_not_let_strangers_change_a_request(
    stranger: Client,
) -> None:
    before = addresses()
    send(stranger, **STRANGERS)
    inquiry = Inquiry.objects.get()
    assert submission_history.current_sending(inquiry).phone == "202-555-0100"
    assert submission_history.current_sending(inquiry).email == "ana@example.org"
    assert addresses() == before, "nobody gets a mail by it"
    assert not AccessLink.objects.exists()


def test_security_1_unproven_senders_get_no_access(stranger: Client) -> None:
    page = send(stranger, **STRANGERS)
    assert "We have what you sent" in page
    assert 'action="/care-coordinator/sent/open/"' not in page
    assert not opens(stranger)


def test_security_1_the_senders_own_link_keeps_working(client: Client) -> None:
    by_mail = {"contact_method": "email", "email": "ana@example.org", "phone": ""}
    send(client, **by_mail)
    mail_all()
    send(Client(), **STRANGERS)
    assert AccessLink.objects.filter(revoked_at__isnull=True).count() == 1


def test_security_1_resending_the_same_form_elsewhere_gives_no_access(stranger: Client) -> None:
    page = send(stranger, email="ana@example.org")
    assert "We have your request" in page
    assert Inquiry.objects.count() == 1
    assert not opens(stranger)


def test_security_1_a_second_attempt_does_not_prove_the_first(stranger: Client) -> None:
    send(stranger, **STRANGERS)
    send(stranger, **STRANGERS, message="May I?")
    assert not opens(stranger)
    assert not Event.objects.filter(kind=Event.Kind.ADDED).exists()


def test_security_1_a_page_they_left_is_no_longer_proof(sender: Client) -> None:
    assert opens(sender)
    sender.get(f"{PAGE}leave/")
    send(sender, **STRANGERS)
    assert not opens(sender)
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"


def test_security_1_an_expired_confirmation_is_not_proof(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        send(sender, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).exists()


def test_security_1_the_confirmation_of_another_request_proves_nothing(sender: Client) -> None:
    other = Client()
    send(other, idempotency_key="another-form-of-theirs")
    send(other, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).count() == 1


def test_security_1_strangers_learn_nothing_about_the_request(sender: Client) -> None:
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


def test_security_1_people_with_the_private_page_open_may_correct_it(sender: Client) -> None:
    sender.post(OPEN)
    del sender.cookies["sent"]
    send(sender, phone="202-555-0199")
    event = Event.objects.get(kind=Event.Kind.ADDED)
    assert event.detail["proof"] == Proof.PRIVATE_PAGE


def test_security_1_a_coordinator_may_correct_it(sender: Client, coordinator: User) -> None:
    reception.receive_inquiry(
        make_submission(phone="202-555-0199"), Arrival(key=KEY, by=coordinator)
    )
    event = Event.objects.get(kind=Event.Kind.ADDED)
    assert (event.detail["proof"], event.by) == (Proof.COLLEAGUE, coordinator)


def test_security_1_each_submission_records_how_its_sender_was_proven(
    sender: Client, stranger: Client
) -> None:
    send(sender, phone="202-555-0199")
    send(stranger, phone="202-555-0198")
    events = Event.objects.filter(kind__in=submission_history.SUBMISSION_KINDS).order_by("number")
    assert [event.detail["proof"] for event in events] == ["none", "confirmation", "none"]


def test_security_1_an_identical_form_is_one_request_however_old_its_key(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        send(Client(), email="ana@example.org")
    assert Inquiry.objects.count() == 1
    assert not Addition.objects.exists()


def test_security_1_resending_superseded_details_needs_review(sender: Client) -> None:
    send(sender, phone="202-555-0199")
    for _ in range(2):
        send(Client(), email="ana@example.org")
    kinds = Inquiry.objects.get().events.values_list("kind", flat=True)
    assert [*kinds] == ["received", "added", "unproven"]
    assert Inquiry.objects.count() == 1


def test_security_1_resending_a_settled_change_needs_review_again(
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


def test_security_1_a_reply_to_the_current_address_settles_nothing(
    client: Client, coordinator: User
) -> None:
    send(client, contact_method="email", phone="", email="wrong@example.org")
    send(Client(), contact_method="email", phone="", email="right@example.org")
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    steps.reply(inquiry, text="We called.", version=inquiry.version, by=coordinator)
    assert submission_history.unproven_events(inquiry.events.select_related("addition"))


def test_security_1_revoking_all_links_ends_the_confirmation_too(sender: Client) -> None:
    private_links.revoke_links(Inquiry.objects.get())
    assert not opens(sender)
    send(sender, email="ana@example.org")
    assert not opens(sender), "sent once more, it opens no more"
    send(sender, **STRANGERS)
    assert Event.objects.filter(kind=Event.Kind.UNPROVEN).exists()


def test_security_1_resending_does_not_extend_the_hour(sender: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        send(sender, email="ana@example.org")
        assert opens(sender)
    with time_machine.travel(timezone.now() + timedelta(minutes=70)):
        assert "data-reference" not in sender.get(SENT).text


def test_security_1_a_bot_in_a_proven_browser_changes_nothing(sender: Client) -> None:
    send(sender, **STRANGERS, website="buy.example")
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"


def test_security_1_a_cross_site_form_gets_its_own_key() -> None:
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


def test_security_1_a_page_open_when_links_were_revoked_is_not_proof(
    sender: Client,
) -> None:
    sender.post(OPEN)
    del sender.cookies["sent"]
    private_links.revoke_links(Inquiry.objects.get())
    send(sender, phone="202-555-0199")
    assert Event.objects.get(kind=Event.Kind.UNPROVEN).detail["proof"] == Proof.NONE


def test_security_1_another_requests_page_is_not_proof(sender: Client) -> None:
    send(sender, idempotency_key="another-form-of-theirs")
    sender.post(OPEN)
    del sender.cookies["sent"]
    send(sender, phone="202-555-0199")
    assert Event.objects.get(kind=Event.Kind.UNPROVEN).inquiry.reference == reference_for(KEY)
