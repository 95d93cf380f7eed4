"""Every change and every reading is an event, bound to the one before."""

import hashlib
import hmac
import json
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from inquiries import private_links
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import audit_trail
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import patient_mail
from inquiries.models import AuditEntry, Event, GuessCount, Inquiry, Receipt
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence, lockout
from inquiries.states import State
from inquiries.triage import contact_steps, leads, steps, sweep
from portal.models import Role, User
from tests.concurrency import together
from tests.factories import FIRST, again, make_inquiry, make_staff
from tests.inquiries.ledger.tampering import erase, owning_the_database, story

pytestmark = pytest.mark.django_db


def events_of(inquiry: Inquiry) -> list[tuple[Any, ...]]:
    """Return all that the events say, except for the tickets, which differ with each sending."""
    rows = inquiry.events.values_list("number", "kind", "by", "version", "detail")
    return [
        (*row, {name: said for name, said in detail.items() if name != "ticket"})
        for *row, detail in rows
    ]


def test_every_step_and_reading_is_an_event_in_order(
    coordinator: User, lead: User, privacy: User
) -> None:
    make_inquiry()  # numbers are counted per chain
    inquiry = make_inquiry(key="one-form", sender=FIRST)
    ledger.record_reading(inquiry, by=coordinator)
    inquiry = steps.claim(inquiry, version=1, by=coordinator)
    inquiry = steps.release(inquiry, version=2, by=lead)
    make_inquiry(key="one-form", sender=again(), message="I moved.")
    inquiry = steps.claim(inquiry, version=4, by=coordinator)
    inquiry = steps.add_note(inquiry, text="Called.", version=5, by=coordinator)
    inquiry = steps.close(inquiry, outcome=Outcome.REFERRED, version=6, by=coordinator)
    inquiry = steps.reopen(inquiry, version=7, by=lead)
    erase(inquiry, by=privacy)
    ledger.record_reading(Inquiry.objects.get(pk=inquiry.pk), by=privacy)
    rows = events_of(inquiry)
    assert rows == [
        (1, "received", None, 1, {"channel": "web", "state": "new", "proof": "none"}),
        (2, "read", coordinator.pk, 1, {"state": "new"}),
        (3, "claimed", coordinator.pk, 2, {}),
        (4, "released", lead.pk, 3, {}),
        (5, "added", None, 4, {"asks": True, "proof": "confirmation"}),
        (6, "claimed", coordinator.pk, 5, {}),
        (7, "noted", coordinator.pk, 6, {}),
        (8, "closed", coordinator.pk, 7, {"outcome": "referred"}),
        (9, "reopened", lead.pk, 8, {}),
        (10, "erased", privacy.pk, 9, {"reason": "asked"}),
        (11, "read", privacy.pk, 9, {"state": "erased"}),
    ]
    assert {kind for _, kind, *_ in rows} | _TOLD_ELSEWHERE == set(Event.Kind)
    assert verify_ledger().faults == []


_TOLD_BY_BOTH_SIDES = {
    *("cleared", "linked", "unlinked", "wrote", "replied", "attempted", "judged", "undelivered"),
    "link_asked",
}
#: See test_helped.
_TOLD_AFTER_THE_END = {"helped"}
#: See test_shift.
_TOLD_AT_THE_END_OF_A_SHIFT = {"offered", "offer_ended"}
_TOLD_OF_STRANGERS = {"unproven", "links_ended"}
_TOLD_BY_STAFF = {
    *("connected", "waited", "woken", "reassigned", "lead_asked", "taken_over"),
    *("graded", "handed_over", "escalated"),
}
#: See tests/inquiries/triage/test_duplicates.py, test_tasks.py, and test_referrals.py.
_TOLD_OF_CASES = {
    *("duplicate_marked", "duplicate_undone", "duplicate_added", "duplicate_removed"),
    *("tasks_added", "task_settled", "task_given", "task_due", "referred", "referral_answered"),
}

#: See test_backfill, and test_duplicates in tests/inquiries/triage.
_TOLD_OF_THE_RELEASE_BEFORE = {"bound", "duplicate_linked", "duplicate_unlinked"}

_TOLD_ELSEWHERE = (
    _TOLD_BY_BOTH_SIDES
    | _TOLD_AFTER_THE_END
    | _TOLD_AT_THE_END_OF_A_SHIFT
    | _TOLD_BY_STAFF
    | _TOLD_OF_STRANGERS
    | _TOLD_OF_CASES
    | _TOLD_OF_THE_RELEASE_BEFORE
)


def test_what_strangers_do_is_an_event_too() -> None:
    inquiry = make_inquiry(key="one-form", email="ana@example.org")
    make_inquiry(key="one-form", message="I moved.")
    GuessCount.objects.create(inquiry=inquiry, is_known=False, ever=lockout.MAX_GUESSES)
    lockout.note_failure(inquiry, is_known=False)
    rows = events_of(inquiry)
    assert rows[1:] == [
        (2, "unproven", None, 2, {"asks": True, "proof": "none"}),
        (3, "links_ended", None, 3, {"asks": False}),
    ]
    assert {kind for _, kind, *_ in rows} > _TOLD_OF_STRANGERS
    assert verify_ledger().faults == []


def test_what_staff_do_with_it_is_an_event_too(coordinator: User, lead: User) -> None:
    inquiry = make_inquiry(State.CLAIMED, owner=coordinator)
    until = timezone.now() + timedelta(days=2)
    inquiry = steps.log_conversation(
        inquiry, method="phone", identity="detail", version=2, by=coordinator
    )
    inquiry = steps.set_aside(inquiry, until=until, why="asked", version=3, by=coordinator)
    inquiry = steps.wake(inquiry, version=4, by=coordinator)
    inquiry = steps.reassign(inquiry, to=lead, version=5, by=coordinator)
    inquiry = steps.set_urgency(inquiry, urgency="soon", version=6, by=lead)
    inquiry = steps.log_handover(inquiry, to="services", version=7, by=lead)
    inquiry = leads.ask_lead(inquiry, version=8, by=coordinator)
    steps.take_over(inquiry, version=9, by=coordinator)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        sweep.warn_of_deadlines()
    rows = inquiry.events.filter(version__gt=2).values_list("kind", "by", "version", "detail")
    assert list(rows) == [
        ("connected", coordinator.pk, 3, {"method": "phone", "identity": "detail"}),
        ("waited", coordinator.pk, 4, {"until": until.isoformat(), "why": "asked"}),
        ("woken", coordinator.pk, 5, {}),
        ("reassigned", coordinator.pk, 6, {"to": str(lead.pk), "state": "claimed"}),
        ("graded", lead.pk, 7, {"urgency": "soon"}),
        ("handed_over", lead.pk, 8, {"to": "services"}),
        ("lead_asked", coordinator.pk, 9, {}),
        ("taken_over", coordinator.pk, 10, {}),
        ("escalated", None, 10, {"clock": "closure"}),
    ]
    assert {kind for kind, *_ in rows} == _TOLD_BY_STAFF
    assert verify_ledger().faults == []


def test_correspondence_is_an_event_too(coordinator: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED, contact_method="email", email="ana@example.org")
    inquiry = steps.clear_from_quarantine(inquiry, version=1, by=coordinator)
    inquiry = steps.claim(inquiry, version=2, by=coordinator)
    private_links.create_link(inquiry)
    correspondence.write_message(inquiry, text="I have chest pain.")
    inquiry = steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=4, by=coordinator
    )
    inquiry = steps.reply(inquiry, text="Please call 911.", version=5, by=coordinator)
    inquiry = contact_steps.mail_link(inquiry, version=6, by=coordinator)
    correspondence.say_whether_answered(inquiry, answered=False)
    private_links.revoke_links(inquiry)
    patient_mail.handle_failure(inquiry.deliveries.get(kind="reply"), "refused", is_permanent=True)
    rows = events_of(inquiry)
    assert rows == [
        (
            *(1, "received", None, 1),
            {"channel": "web", "state": "quarantined", "suspicion": "trap", "proof": "none"},
        ),
        (2, "cleared", coordinator.pk, 2, {}),
        (3, "claimed", coordinator.pk, 3, {}),
        (4, "linked", None, 3, {}),
        (5, "wrote", None, 4, {"urgent": True}),
        (6, "attempted", coordinator.pk, 5, {"method": "phone", "reached": "nobody"}),
        (7, "replied", coordinator.pk, 6, {}),
        (8, "link_asked", coordinator.pk, 7, {}),
        (9, "judged", None, 8, {"answered": False}),
        (10, "unlinked", None, 8, {}),
        (11, "undelivered", None, 9, {"mail": "reply", "failure": "refused"}),
    ]
    assert {kind for _, kind, *_ in rows} > _TOLD_BY_BOTH_SIDES
    assert verify_ledger().faults == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_each_opening_of_a_request_page_is_recorded(client: Client, role: Role) -> None:
    inquiry, by = make_inquiry(), make_staff(role)
    client.force_login(by)
    for _ in range(2):
        assert client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").status_code == 200
    readings = inquiry.events.filter(kind=Event.Kind.READ).values_list("number", "by", "detail")
    assert list(readings) == [(n, by.pk, {"state": "new"}) for n in (2, 3)]


def test_a_refused_step_shows_the_request_so_it_is_a_reading(
    client: Client, coordinator: User
) -> None:
    inquiry = make_inquiry(State.CLAIMED)
    client.force_login(coordinator)
    refused = client.post(
        f"/admin/inquiries/inquiry/{inquiry.pk}/claim/", {"claim-version": inquiry.version}
    )
    assert refused.status_code == 409
    last = inquiry.events.last()
    assert last
    assert (last.kind, last.by) == (Event.Kind.READ, coordinator)


def test_people_without_access_leave_no_reading(client: Client, stranger: User) -> None:
    inquiry = make_inquiry()
    client.force_login(stranger)
    assert client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").status_code != 200
    assert inquiry.events.count() == 1


def test_each_event_is_bound_to_the_previous_one_by_a_keyed_hash(coordinator: User) -> None:
    """The hash is computed again here, so that later code keeps existing chains valid."""
    inquiry = story(coordinator)
    key, previous = purpose_key(Purpose.CHAIN), ""
    for event in inquiry.events.all():
        at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [
            *(previous, "event", str(inquiry.pk), event.number, event.version, event.kind, at),
            *(event.by_id and str(event.by_id), event.detail),
            *([event.bound] if event.bound else []),
        ]
        written = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        previous = hmac.new(key, written, hashlib.sha256).hexdigest()
        assert event.mac == previous
    inquiry.refresh_from_db()
    assert (inquiry.chain_length, inquiry.chain_head) == (5, previous)


def test_an_event_that_cannot_be_stored_rolls_back_its_change(coordinator: User) -> None:
    inquiry = make_inquiry()
    with owning_the_database():
        Event(inquiry=inquiry, number=2, kind="read", at=inquiry.received_at, version=1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        steps.claim(inquiry, version=1, by=coordinator)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.version, inquiry.chain_length) == (State.NEW, 1, 1)


def test_every_accepted_request_gets_its_own_receipt() -> None:
    inquiry = make_inquiry(key="one-form")
    make_inquiry(key="one-form")
    make_inquiry(key="one-form", message="I moved.")
    receipt = Receipt.objects.get()
    assert (receipt.inquiry_id, receipt.reference) == (inquiry.pk, inquiry.reference)
    assert receipt.at == inquiry.received_at
    assert receipt.mac == receipt.expected_mac(purpose_key(Purpose.CHAIN))


@pytest.mark.django_db(transaction=True)
def test_eight_simultaneous_appends_make_one_unbroken_chain() -> None:
    inquiry, by = make_inquiry(), make_staff(Role.COORDINATOR)

    def append(number: int) -> None:
        for _ in range(5):
            ledger.record_reading(Inquiry.objects.get(pk=inquiry.pk), by=by)
            audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=by, found=number)

    together(8, append)
    assert [event.number for event in inquiry.events.all()] == list(range(1, 42))
    assert sorted(AuditEntry.objects.values_list("number", flat=True)) == list(range(1, 41))
    findings = verify_ledger()
    assert (findings.events, findings.faults) == (41, [])


@pytest.mark.django_db(transaction=True)
def test_appending_with_a_stale_copy_binds_to_the_latest_event() -> None:
    inquiry, by = make_inquiry(), make_staff(Role.COORDINATOR)
    copies = [Inquiry.objects.get(pk=inquiry.pk) for _ in range(3)]
    for copy in copies:
        ledger.record_reading(copy, by=by)
    assert verify_ledger().faults == []
