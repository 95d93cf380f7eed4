"""Security 1: what the old address is told about a change, and what becomes of its links."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.intake import corrections
from inquiries.intake.arrival import Correction
from inquiries.mail import patient_mail
from inquiries.models import Addition, Delivery, Event, Inquiry
from inquiries.private_page import lockout
from inquiries.states import Proof, State
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission
from tests.inquiries.intake.sendings import OPEN, PAGE, STRANGERS, addresses, mail_all, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set_up(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


BY_MAIL: dict[str, Any] = {"contact_method": "email", "email": "ana@example.org"}
NEW: dict[str, Any] = {"contact_method": "email", "email": "new@example.org"}


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (BY_MAIL, NEW, True),
        ({"email": "ana@example.org"}, {"email": ""}, True),
        (BY_MAIL, {**BY_MAIL, "phone": "202-555-0199", "phone_e164": "+12025550199"}, True),
        (BY_MAIL, {**BY_MAIL, "best_time": "morning"}, False),
        ({**BY_MAIL, "shared_email": True}, NEW, False),
        ({**BY_MAIL, "never_contact": "Never by email at work."}, NEW, False),
        ({**BY_MAIL, "never_contact": "Nunca por correo."}, NEW, False),
        (BY_MAIL, {**NEW, "never_contact": "My husband reads ana@example.org"}, False),
        ({**BY_MAIL, "never_contact": "Never after 6 pm."}, NEW, True),
    ],
)
def test_security_1_the_old_address_is_notified_of_a_change(
    before: dict[str, Any], after: dict[str, Any], is_told: bool
) -> None:
    inquiry = make_inquiry(**before)
    mail_all()
    mail.outbox.clear()
    correct(inquiry, make_submission(**after))
    mail_all()
    told = [each for each in mail.outbox if "were changed" in each.subject]
    assert [each.to for each in told] == ([["ana@example.org"]] if is_told else [])
    for each in told:
        assert "new@example.org" not in each.body
        assert "0199" not in each.body
        assert "/request/" not in each.body, "no link"


def test_security_1_an_address_never_to_be_used_gets_no_confirmation_either() -> None:
    make_inquiry(email="ana@example.org", never_contact="Never send me emails.")
    assert not Delivery.objects.exists()


def test_a_failed_notice_to_the_old_address_does_not_affect_the_new_one() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    mail_all()
    correct(inquiry, make_submission(**NEW))
    changed = Delivery.objects.get(kind=Delivery.Kind.CHANGED)
    patient_mail.handle_failure(changed, "refused", is_permanent=True)
    inquiry.refresh_from_db()
    assert inquiry.undelivered_at is None


@pytest.mark.parametrize(
    "silence",
    [
        {"shared_email": True},
        {"never_contact": "Never write to ana@example.org."},
    ],
)
def test_security_1_a_coordinator_follows_up_if_no_notice_could_be_sent(
    client: Client, coordinator: User, silence: dict[str, Any]
) -> None:
    inquiry = make_inquiry(State.CONNECTED, owner=coordinator, **BY_MAIL)
    correct(inquiry, make_submission(**{**BY_MAIL, **silence}))
    correct(inquiry, make_submission(**{**NEW, **silence}))
    inquiry = Inquiry.objects.get()
    event = inquiry.events.filter(kind=Event.Kind.ADDED).last()
    assert event
    assert event.detail["untold"]
    assert inquiry.awaits_answer
    client.force_login(coordinator)
    page = client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").text
    assert "We could not send a notice to the old address" in page


def test_security_1_adding_a_second_number_is_a_change_too() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    both = "(202) 555-0100 or 202-555-0166"
    correct(inquiry, make_submission(**BY_MAIL, phone=both))
    assert Delivery.objects.filter(kind=Delivery.Kind.CHANGED).exists()


def test_security_1_emails_to_other_addresses_do_not_suppress_a_notice() -> None:
    own: dict[str, Any] = {"contact_method": "email", "email": "a1@example.org"}
    attackers = make_inquiry(**own)
    corrections.correct_inquiry(
        attackers, make_submission(**BY_MAIL), Correction(proven=Proof.NONE)
    )
    for number in range(6):
        correct(attackers, make_submission(**own, phone=f"202-555-010{number}"))
    inquiry = make_inquiry(**BY_MAIL)
    correct(inquiry, make_submission(**NEW))
    changed = inquiry.deliveries.get(kind=Delivery.Kind.CHANGED)
    assert changed.state == Delivery.State.WAITING


def test_security_1_a_late_correction_does_not_override_a_newer_one() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    mail_all()
    early = timezone.now()
    correct(inquiry, make_submission(**NEW))
    mail_all()
    mail.outbox.clear()
    late = make_submission(contact_method="email", email="late@example.org")
    correct(inquiry, late, at=early - timedelta(minutes=1))
    assert submission_history.current_sending(inquiry).email == "new@example.org"
    mail_all()
    assert mail.outbox == [], "and mails nobody"
    assert private_links.live_links(inquiry).count() == 1, "and ends no link"
    assert Addition.objects.count() == 3


def test_a_suspected_bot_triggers_no_emails_by_messaging_itself(
    client: Client,
) -> None:
    send(client, **STRANGERS, website="buy.example")
    inquiry = Inquiry.objects.get()
    assert inquiry.state == State.QUARANTINED
    client.post(OPEN)
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    of = str(page.select_one('form[action$="/write/"] [name="of"]')["value"])  # type: ignore[index]
    client.post(f"{PAGE}write/", {"of": of, "text": "Hello?"})
    inquiry.refresh_from_db()
    assert Inquiry.objects.get().state == State.NEW, "a colleague sees it"
    assert addresses() == []


def test_links_end_only_once_when_several_guesses_reach_the_limit() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    lockout._end_links(inquiry)
    assert not inquiry.events.filter(kind=Event.Kind.LINKS_ENDED).exists()


def test_changing_an_address_in_quarantine_emails_nobody() -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    correct(inquiry, make_submission(**NEW))
    assert submission_history.current_sending(inquiry).email == "new@example.org"
    assert addresses() == []
