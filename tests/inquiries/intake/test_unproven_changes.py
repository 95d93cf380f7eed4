"""Security 1: an unproven change is never lost, and a coordinator verifies it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from inquiries import submission_history
from inquiries.ledger.transitions import StepRefused
from inquiries.models import Clock, Event, Inquiry
from inquiries.states import IdentityCheck, Proof, State
from inquiries.triage import contact_steps, steps
from portal.models import User
from tests.factories import make_inquiry
from tests.inquiries.intake.sendings import PAGE, opens, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def test_security_1_an_unproven_change_is_a_task_with_a_clock(
    stranger: Client, coordinator: User
) -> None:
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    inquiry = steps.log_conversation(
        inquiry,
        method="phone",
        identity=IdentityCheck.DETAIL,
        version=inquiry.version,
        by=coordinator,
    )
    assert not inquiry.awaits_answer
    send(stranger, phone="202-555-0199")
    inquiry = Inquiry.objects.get()
    assert inquiry.awaits_answer
    assert inquiry.clocks.running().filter(kind=Clock.Kind.NEXT_REPLY).exists()


def test_security_1_an_unproven_change_reopens_a_closed_request(stranger: Client) -> None:
    closed = make_inquiry(State.CLOSED, key="a-form-that-is-closed")
    send(stranger, phone="202-555-0199", idempotency_key="a-form-that-is-closed")
    closed.refresh_from_db()
    assert closed.state == State.NEW


def test_security_1_coordinators_see_both_numbers(
    client: Client, stranger: Client, coordinator: User
) -> None:
    inquiry = Inquiry.objects.get()
    steps.claim(inquiry, version=inquiry.version, by=coordinator)
    send(stranger, phone="202-555-0199")
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "There are two phone numbers. Try both" in page
    assert 'href="tel:+12025550100"' in page
    assert 'href="tel:+12025550199"' in page
    assert "There are two phone numbers. Try both" in client.get("/admin/inquiries/inquiry/").text


def test_security_1_a_conversation_with_the_patient_settles_it(
    stranger: Client, coordinator: User
) -> None:
    send(stranger, phone="202-555-0199")
    inquiry = Inquiry.objects.get()
    assert submission_history.unproven_events(inquiry.events.select_related("addition"))
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    steps.log_conversation(
        inquiry,
        method="phone",
        identity=IdentityCheck.DETAIL,
        version=inquiry.version,
        by=coordinator,
    )
    assert not submission_history.unproven_events(inquiry.events.select_related("addition"))


def test_security_1_danger_words_count_no_matter_who_sent_them(stranger: Client) -> None:
    page = send(stranger, message="I want to die.")
    assert Inquiry.objects.get().urgent
    assert "Are you safe right now?" in page


def test_security_1_the_sender_does_not_see_what_a_stranger_wrote(
    sender: Client,
) -> None:
    send(Client(), message="Words of somebody else.", phone="202-555-0199")
    assert opens(sender)
    page = sender.get(PAGE).text
    assert "Words of somebody else" not in page
    assert "We couldn’t be sure it was you" in page
    told = sender.get(f"{PAGE}download/").text
    assert "Words of somebody else" not in told
    assert "0199" not in told


def accept(inquiry: Inquiry, by: User, **more: Any) -> Inquiry:
    inquiry.refresh_from_db()
    how = IdentityCheck.DETAIL
    return contact_steps.confirm_submission(
        inquiry, identity=how, version=inquiry.version, by=by, **more
    )


def test_a_coordinator_decides_which_submission_counts(stranger: Client, coordinator: User) -> None:
    send(stranger, phone="202-555-0199")
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    number = Event.objects.get(kind=Event.Kind.UNPROVEN).number
    accept(inquiry, coordinator, number=number)
    assert submission_history.current_sending(inquiry).phone == "202-555-0199"
    event = Event.objects.get(kind=Event.Kind.ADDED)
    assert event.detail["proof"] == Proof.COLLEAGUE
    assert event.detail["identity"] == IdentityCheck.DETAIL
    assert not submission_history.unproven_events(inquiry.events.select_related("addition"))


def test_details_already_in_use_are_not_confirmed_again(
    stranger: Client, coordinator: User
) -> None:
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    accept(inquiry, coordinator, number=1)
    with pytest.raises(StepRefused, match="already use these details"):
        accept(inquiry, coordinator, number=1)
    with pytest.raises(StepRefused, match="no longer exists"):
        accept(inquiry, coordinator, number=99)


def test_the_step_is_offered_only_if_there_is_a_choice(
    client: Client, stranger: Client, coordinator: User
) -> None:
    inquiry = Inquiry.objects.get()
    steps.claim(inquiry, version=inquiry.version, by=coordinator)
    client.force_login(coordinator)
    address = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    assert "Confirm contact details" not in client.get(address).text
    send(stranger, phone="202-555-0199")
    page = client.get(address).text
    assert "Confirm contact details" in page
    number = Event.objects.get(kind=Event.Kind.UNPROVEN).number
    inquiry.refresh_from_db()
    posted = client.post(
        f"/admin/inquiries/inquiry/{inquiry.pk}/accept/",
        {
            "accept-version": inquiry.version,
            "accept-number": number,
            "accept-identity": "detail",
        },
    )
    assert posted.status_code == 302
    assert submission_history.current_sending(inquiry).phone == "202-555-0199"


@pytest.mark.parametrize(
    ("first", "again", "words"),
    [
        ({}, {"phone": "202-555-0199"}, "There are two phone numbers. Try both"),
        (
            {"contact_method": "email", "phone": "", "email": "ana@example.org"},
            {"contact_method": "email", "phone": "", "email": "ana@example.com"},
            "There are two email addresses. Try both",
        ),
        ({}, {"email": "ana@example.org"}, "There is another way to reach them. Try both"),
        (
            {"contact_method": "email", "phone": "", "email": "ana@example.org"},
            {"phone": "202-555-0199"},
            "There is another way to reach them. Try both",
        ),
        (
            {},
            {"message": "May I?"},
            "The form was sent again, maybe by someone else. Ask the sender",
        ),
    ],
)
def test_security_1_the_next_step_says_what_to_try(
    client: Client,
    coordinator: User,
    first: dict[str, Any],
    again: dict[str, Any],
    words: str,
) -> None:
    send(Client(), **first)
    inquiry = Inquiry.objects.get()
    steps.claim(inquiry, version=inquiry.version, by=coordinator)
    send(Client(), **again)
    client.force_login(coordinator)
    assert words in client.get("/admin/inquiries/inquiry/").text
