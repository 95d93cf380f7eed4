"""Ledger verification: what it reports, also while the portal is in use."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from inquiries.ledger import anchors, audit_trail, verification
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, AuditTrail, Event, Inquiry, Receipt
from inquiries.states import State
from inquiries.triage import steps
from portal.models import Role, User
from tests import proofs
from tests.concurrency import together
from tests.factories import make_auditentry, make_inquiry, make_staff
from tests.inquiries.ledger.recounting import drop, recount, recount_with_faults
from tests.inquiries.ledger.tampering import erase, owning_the_database, rows_of

pytestmark = pytest.mark.django_db

GROWING: list[type[models.Model]] = [Event, Receipt, AuditEntry]


def test_an_empty_portal_is_whole() -> None:
    assert recount()[0] == "0 requests, 0 events: whole\n"


def test_a_whole_ledger_prints_one_line_and_progress_goes_to_stderr() -> None:
    call_command("bench_data", inquiries=1001, stdout=StringIO(), stderr=StringIO())
    out, err = recount()
    assert out == f"1,001 requests, {Event.objects.count():,} events: whole\n"
    assert err.splitlines()[:2] == ["1,000 requests", "1,001 requests"]


def test_the_balance_counts_every_request_in_its_state() -> None:
    for state, count in {
        "quarantined": 1,
        "new": 2,
        "claimed": 1,
        "closed": 2,
        "erased": 1,
    }.items():
        for _ in range(count):
            make_inquiry(State(state))
    balance = recount()[1].splitlines()[-1]
    assert balance == "7 receipts = 3 open + 1 quarantined + 2 closed + 1 erased"


def test_the_balance_counts_the_existing_receipts() -> None:
    make_inquiry()
    inquiry = make_inquiry()
    with owning_the_database():
        Receipt.objects.filter(inquiry_id=inquiry.pk).delete()
    assert "1 receipts" in recount_with_faults()[1]


def test_each_fault_is_a_line_and_the_status_is_1() -> None:
    whole, *broken = [make_inquiry() for _ in range(3)]
    with owning_the_database():
        Receipt.objects.filter(inquiry_id__in=[each.pk for each in broken]).delete()
    out, _, last, status = recount_with_faults()
    assert set(out.splitlines()) == {f"{each.reference}: has no receipt." for each in broken}
    assert whole.reference not in out
    assert last == "3 requests, 3 events: not whole, 2 faults"
    assert status == 1


def test_a_recount_writes_nothing() -> None:
    make_inquiry()
    make_auditentry()
    tables: list[type[models.Model]] = [*GROWING, Inquiry, AuditTrail]
    before = [rows_of(model) for model in tables]
    recount()
    assert [rows_of(model) for model in tables] == before


def test_a_page_opened_before_a_change_and_recorded_after_it_is_no_fault(
    coordinator: User, lead: User
) -> None:
    """A colleague claimed the request between the reading of its row and the reading event."""
    opened = make_inquiry()
    steps.claim(Inquiry.objects.get(), version=1, by=lead)
    ledger.record_reading(opened, by=coordinator)
    assert verify_ledger().faults == []


def test_a_first_audit_entry_that_arrives_meanwhile_is_no_fault() -> None:
    officer = make_staff(Role.PRIVACY)
    arrived: list[AuditEntry] = []

    def arrive(execute: Any, sql: str, *rest: Any) -> Any:
        if not arrived and 'MAX("inquiries_auditentry"."number")' in sql:
            arrived.append(AuditEntry())  # before its own statements come by here
            arrived[0] = audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=officer)
        return execute(sql, *rest)

    AuditEntry.objects.all().delete()
    AuditTrail.objects.all().delete()
    with connection.execute_wrapper(arrive):
        assert verify_ledger().faults == []
    assert arrived


def test_a_deleted_count_of_the_audit_trail_is_a_fault() -> None:
    make_auditentry()
    with owning_the_database():
        AuditTrail.objects.all().delete()
    (fault,) = verify_ledger().faults
    assert fault.startswith("The audit trail has a count of 0 entries")


@pytest.mark.no_cover
@pytest.mark.django_db(transaction=True)
def test_a_recount_during_writes_raises_no_false_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "_BATCH", 3)
    by, officer = make_staff(Role.COORDINATOR), make_staff(Role.PRIVACY)
    there = [make_inquiry() for _ in range(6)]
    over = threading.Event()

    def write(number: int) -> list[str]:
        while not over.wait(0.01):  # otherwise the verifier would hardly get a turn
            inquiry = Inquiry.objects.get(pk=there[number].pk)
            ledger.record_reading(inquiry, by=by)
            inquiry = steps.claim(inquiry, version=inquiry.version, by=by)
            inquiry = steps.add_note(inquiry, text="Called.", version=inquiry.version, by=by)
            steps.release(inquiry, version=inquiry.version, by=by)
            audit_trail.record_entry(AuditEntry.Kind.SEARCHED, by=by, found=number)
            erase(make_inquiry(), by=officer)
        return []

    def watch(number: int) -> list[str]:
        try:
            found: list[str] = []
            for _ in range(3):
                anchors.write_anchor()
                found += verify_ledger().faults
            return found
        finally:
            over.set()

    said = together(4, lambda number: (watch if number == 3 else write)(number))
    assert said[3] == []
    assert Inquiry.objects.count() > 6, "it was at work"
    assert verify_ledger().faults == []


@pytest.mark.proof
def test_100_000_requests_are_recounted_in_under_a_minute_with_progress() -> None:
    import time

    size = proofs.size(100_000)
    call_command("bench_data", inquiries=size, stdout=StringIO(), stderr=StringIO())
    drop()
    started_at = time.monotonic()
    out, err = recount()
    took = time.monotonic() - started_at
    assert out == f"{size:,} requests, {Event.objects.count():,} events: whole\n"
    assert len(err.splitlines()) >= size // 1000, "somebody watching sees that it goes on"
    assert took < 60
