"""Security 1: knowing a form's key proves the same form, never the same person."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from inquiries import circuit_breaker, encryption, private_links, submission_history
from inquiries.intake import front_desk, proof, reception, spool
from inquiries.intake.arrival import Arrival, Correction
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import patient_mail
from inquiries.models import AccessLink, Addition, Clock, Delivery, Event, Inquiry
from inquiries.private_page import correspondence, lockout
from inquiries.reference import reference_for
from inquiries.states import IdentityCheck, Proof, State
from inquiries.submission import Sender
from inquiries.triage import steps
from inquiries.worker import worker
from portal.models import User
from tests.factories import correct, make_inquiry, make_submission

pytestmark = pytest.mark.django_db

ASK, SENT = "/care-coordinator/ask/", "/care-coordinator/sent/"
OPEN, PAGE = f"{SENT}open/", "/care-coordinator/request/"
KEY = "one-form-on-one-screen"
STRANGERS = {"contact_method": "email", "email": "stranger@example.org", "phone": ""}


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "full_name": "Ana Example",
        "contact_method": "phone",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        "idempotency_key": KEY,
        **fields,
    }


def send(client: Client, **fields: Any) -> str:
    """Send the form, and return what the confirmation says."""
    assert client.post(ASK, filled(**fields)).status_code == 302
    return client.get(SENT).text


def mail_all() -> None:
    while worker._send_mails():
        pass


def addresses() -> list[str]:
    mail_all()
    return [each.to[0] for each in mail.outbox]


@pytest.fixture
def sender() -> Client:
    """Who sent the request, in the browser that sent it."""
    client = Client()
    send(client, email="ana@example.org")
    return client


@pytest.fixture
def stranger(sender: Client) -> Client:
    """Knows the key of the form that was sent, and nothing else."""
    return Client()


@pytest.fixture(autouse=True)
def _set_up(settings: Any, tmp_path: Path) -> None:
    settings.SPOOL_DIR = str(tmp_path / "spool")
    settings.EMAIL_IS_SET = True
    settings.PORTAL_URL = "https://portal.example"


def opens(client: Client) -> bool:
    client.post(OPEN)
    return "data-reference" in client.get(PAGE).text


# --- Who is not proven ----------------------------------------------------------------------------


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
    reception.correct_inquiry(
        inquiry,
        make_submission(message="I have chest pain."),
        Correction(proven=Proof.PRIVATE_PAGE),
    )
    page = send(Client(), **STRANGERS)
    assert "Are you safe right now?" not in page
    assert "May I talk" not in page


# --- Never lost -----------------------------------------------------------------------------------


def test_security_1_an_unproven_change_is_a_to_do_with_a_clock(
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


def test_security_1_it_opens_a_closed_request_again(stranger: Client) -> None:
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
    assert "Two numbers were given: try both" in page
    assert 'href="tel:+12025550100"' in page
    assert 'href="tel:+12025550199"' in page
    assert "Two numbers were given: try both" in client.get("/admin/inquiries/inquiry/").text


def test_security_1_it_is_settled_when_somebody_spoke_with_the_patient(
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


def test_security_1_words_of_danger_count_whoever_sent_them(stranger: Client) -> None:
    page = send(stranger, message="I want to die.")
    assert Inquiry.objects.get().urgent
    assert "Are you safe right now?" in page


def test_security_1_the_sender_does_not_read_what_a_stranger_wrote(
    sender: Client,
) -> None:
    send(Client(), message="Words of somebody else.", phone="202-555-0199")
    assert opens(sender)
    page = sender.get(PAGE).text
    assert "Words of somebody else" not in page
    assert "did not show that it was you" in page
    told = sender.get(f"{PAGE}download/").text
    assert "Words of somebody else" not in told
    assert "0199" not in told


# --- Who is proven --------------------------------------------------------------------------------


def test_security_1_the_browser_that_sent_it_may_correct_it(sender: Client) -> None:
    page = send(sender, phone="202-555-0199", email="ana@example.org")
    assert "We have your change" in page
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


# --- A browser that somebody else uses, a link that ended ----------------------------------------


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
        reception.correct_inquiry(inquiry, said, Correction(proven=Proof.NONE))
    assert not correspondence.is_inbox_full(inquiry)


# --- The address before ---------------------------------------------------------------------------

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
def test_security_1_the_address_before_is_told_of_a_change(
    before: dict[str, Any], after: dict[str, Any], is_told: bool
) -> None:
    inquiry = make_inquiry(**before)
    mail_all()
    mail.outbox.clear()
    correct(inquiry, make_submission(**after))
    mail_all()
    told = [each for each in mail.outbox if "was changed" in each.subject]
    assert [each.to for each in told] == ([["ana@example.org"]] if is_told else [])
    for each in told:
        assert "new@example.org" not in each.body
        assert "0199" not in each.body
        assert "/request/" not in each.body, "no link"


def test_security_1_what_is_never_to_be_used_gets_no_confirmation_either() -> None:
    make_inquiry(email="ana@example.org", never_contact="Never send me emails.")
    assert not Delivery.objects.exists()


def test_a_word_to_the_address_before_that_fails_says_nothing_of_the_new_one() -> None:
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
def test_security_1_where_nobody_could_be_told_a_coordinator_makes_sure(
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
    assert "No mail could tell the address before of it" in page


def test_security_1_a_second_number_is_a_change_too() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    both = "(202) 555-0100 or 202-555-0166"
    correct(inquiry, make_submission(**BY_MAIL, phone=both))
    assert Delivery.objects.filter(kind=Delivery.Kind.CHANGED).exists()


def test_security_1_mails_to_other_addresses_silence_nobody() -> None:
    own: dict[str, Any] = {"contact_method": "email", "email": "a1@example.org"}
    attackers = make_inquiry(**own)
    reception.correct_inquiry(attackers, make_submission(**BY_MAIL), Correction(proven=Proof.NONE))
    for number in range(6):
        correct(attackers, make_submission(**own, phone=f"202-555-010{number}"))
    inquiry = make_inquiry(**BY_MAIL)
    correct(inquiry, make_submission(**NEW))
    changed = inquiry.deliveries.get(kind=Delivery.Kind.CHANGED)
    assert changed.state == Delivery.State.WAITING


# --- In the spool ---------------------------------------------------------------------------------


def broken(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("the database is down")


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(sending: Any) -> str:
        with monkeypatch.context() as while_down:
            while_down.setattr(reception, "receive_inquiry", broken)
            page: str = sending()
        circuit_breaker.DATABASE_BREAKER.reset()
        return page

    return run


def test_security_1_the_spool_keeps_the_proof_and_it_is_looked_at_later(
    sender: Client, down: Any
) -> None:
    down(lambda: send(sender, phone="202-555-0199"))
    assert front_desk.replay_spool() == (1, 0)
    assert Event.objects.get(kind=Event.Kind.ADDED).detail["proof"] == Proof.CONFIRMATION


def test_security_1_a_key_alone_proves_nothing_through_the_spool(
    stranger: Client, down: Any
) -> None:
    down(lambda: send(stranger, **STRANGERS))
    assert front_desk.replay_spool() == (1, 0)
    assert submission_history.current_sending(Inquiry.objects.get()).email == "ana@example.org"
    assert not opens(stranger)


def test_security_1_the_same_words_in_the_spool_keep_the_first_ones_ticket(
    client: Client, down: Any
) -> None:
    down(lambda: send(client))
    late = Client()
    down(lambda: send(late))
    assert len(spool.waiting_entries()) == 1
    front_desk.replay_spool()
    assert not opens(late)
    assert opens(client), "who sent it first gets in as soon as it is stored"


def test_security_1_same_words_of_a_stranger_while_it_is_down_open_nothing(
    stranger: Client, down: Any
) -> None:
    down(lambda: send(stranger, email="ana@example.org"))
    front_desk.replay_spool()
    assert not opens(stranger)


def test_a_spool_file_says_who_sent_it_only_to_who_has_the_key(sender: Client, down: Any) -> None:
    down(lambda: send(sender, phone="202-555-0199"))
    (path,) = spool.waiting_entries()
    shown = spool.read_entry(path).sender.shown
    assert proof.has_ticket(Inquiry.objects.get(), shown)
    assert shown.encode() not in path.read_bytes()


def test_security_1_what_is_stuck_keeps_its_place_before_what_came_later(
    client: Client, down: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    down(lambda: send(client))
    stranger = Client()
    down(lambda: send(stranger, **STRANGERS))
    stored = front_desk._store
    first = spool.read_entry(spool.waiting_entries()[0])

    def fails_once(spooled: spool.SpoolEntry) -> Inquiry:
        if spooled == first:
            raise ValueError("a fault of ours")
        return stored(spooled)

    with monkeypatch.context() as at_first:
        at_first.setattr(front_desk, "_store", fails_once)
        assert front_desk.replay_spool() == (0, 2)
    assert front_desk.replay_spool() == (2, 0)
    assert opens(client)
    assert not opens(stranger)


def test_a_spool_file_keeps_its_name_when_its_key_is_renewed(
    client: Client, down: Any, settings: Any
) -> None:
    down(lambda: send(client))
    (path,) = spool.waiting_entries()
    older = path.with_name(f"{path.name[:65]}{'0' * 32}.request")
    older.write_bytes(spool._sealed(spool.read_entry(path), older.name))
    path.unlink()
    settings.FIELD_KEYS = [encryption.new_key(), *settings.FIELD_KEYS]
    assert spool.rewrap_entries() == 1
    assert front_desk.replay_spool() == (1, 0)


def test_a_spool_file_of_an_older_release_has_no_proof(down: Any) -> None:
    spooled = spool.SpoolEntry(
        submission=make_submission(),
        key=KEY,
        article="",
        topic="",
        suspicion="",
        at=timezone.now(),
        sender=Sender(),
    )
    spool.write_entry(spooled)
    assert spool.read_entry(spool.waiting_entries()[0]) == spooled
    assert json.loads(Sender(shown="a").evidence) == ["a", None]
    assert not Sender().evidence


# --- What a colleague makes sure of ---------------------------------------------------------------


def accept(inquiry: Inquiry, by: User, **more: Any) -> Inquiry:
    inquiry.refresh_from_db()
    how = IdentityCheck.DETAIL
    return steps.confirm_submission(inquiry, identity=how, version=inquiry.version, by=by, **more)


def test_a_coordinator_says_which_sending_counts(stranger: Client, coordinator: User) -> None:
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


def test_what_counts_already_is_not_confirmed_again(stranger: Client, coordinator: User) -> None:
    inquiry = Inquiry.objects.get()
    inquiry = steps.claim(inquiry, version=inquiry.version, by=coordinator)
    accept(inquiry, coordinator, number=1)
    with pytest.raises(StepRefused, match="counts already"):
        accept(inquiry, coordinator, number=1)
    with pytest.raises(StepRefused, match="no such sending"):
        accept(inquiry, coordinator, number=99)


def test_the_step_is_offered_where_there_is_something_to_choose(
    client: Client, stranger: Client, coordinator: User
) -> None:
    inquiry = Inquiry.objects.get()
    steps.claim(inquiry, version=inquiry.version, by=coordinator)
    client.force_login(coordinator)
    address = f"/admin/inquiries/inquiry/{inquiry.pk}/change/"
    assert "Confirm what counts" not in client.get(address).text
    send(stranger, phone="202-555-0199")
    page = client.get(address).text
    assert "Confirm what counts" in page
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
        ({}, {"phone": "202-555-0199"}, "Two numbers were given: try both"),
        (
            {"contact_method": "email", "phone": "", "email": "ana@example.org"},
            {"contact_method": "email", "phone": "", "email": "ana@example.com"},
            "Two addresses were given: try both",
        ),
        ({}, {"email": "ana@example.org"}, "Another way to reach them was given: try both"),
        (
            {"contact_method": "email", "phone": "", "email": "ana@example.org"},
            {"phone": "202-555-0199"},
            "Another way to reach them was given: try both",
        ),
        ({}, {"message": "May I?"}, "The form came again, by whom is not proven: ask"),
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


# --- What comes late, what has ended -------------------------------------------------------------


def test_security_1_what_was_said_since_goes_on_to_count() -> None:
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


def test_what_is_held_for_a_machines_writes_to_nobody_by_writing_to_itself(
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


def test_links_end_once_of_several_who_see_that_it_is_enough() -> None:
    inquiry = make_inquiry(**BY_MAIL)
    lockout._end_links(inquiry)
    assert not inquiry.events.filter(kind=Event.Kind.LINKS_ENDED).exists()


def test_from_quarantine_a_change_of_address_mails_nobody() -> None:
    inquiry = make_inquiry(State.QUARANTINED, **BY_MAIL)
    correct(inquiry, make_submission(**NEW))
    assert submission_history.current_sending(inquiry).email == "new@example.org"
    assert addresses() == []
