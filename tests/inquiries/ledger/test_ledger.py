"""Events, receipts and the audit trail only grow; the recount names what was done to them."""

import hashlib
import hmac
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from inquiries import privacy, private_links
from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import anchors, audit_trail, verification
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.mail import patient_mail
from inquiries.models import (
    Addition,
    AuditEntry,
    AuditTrail,
    Clock,
    DataKey,
    Event,
    GuessCount,
    IndexEntry,
    Inquiry,
    Note,
    Receipt,
)
from inquiries.outcomes import Outcome
from inquiries.private_page import correspondence, lockout
from inquiries.states import ErasureReason, State
from inquiries.triage import steps, sweep
from portal.models import Role, User
from tests.concurrency import together
from tests.emptying import without_triggers
from tests.factories import FIRST, again, make_auditentry, make_inquiry, make_staff

pytestmark = pytest.mark.django_db

GROWING: list[type[models.Model]] = [Event, Receipt, AuditEntry]


@pytest.fixture(autouse=True)
def anchors_of_its_own(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "elsewhere" / "anchors.jsonl"
    with override_settings(ANCHORS_FILE=str(path)):
        yield path


@contextmanager
def owning_the_database() -> Iterator[None]:
    """As somebody who can take the triggers away, and puts them back."""
    _settle()
    with without_triggers():
        yield
        _settle()


def _settle() -> None:
    """PostgreSQL alters no table while references are still to be checked."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


def story(by: User) -> Inquiry:
    """A closed request with a note and a reading: received, claimed, noted, closed, read."""
    inquiry = make_inquiry(State.CLAIMED, owner=by)
    inquiry = steps.add_note(inquiry, text="Call after five.", version=inquiry.version, by=by)
    inquiry = steps.close(inquiry, outcome=Outcome.ANSWERED, version=inquiry.version, by=by)
    ledger.record_reading(inquiry, by=by)
    return inquiry


def events_of(inquiry: Inquiry) -> list[tuple[Any, ...]]:
    """All that the events say, but for the tickets, which no two sendings share."""
    rows = inquiry.events.values_list("number", "kind", "by", "version", "detail")
    return [
        (*row, {name: said for name, said in detail.items() if name != "ticket"})
        for *row, detail in rows
    ]


# --- Every change and every reading is an event ---------------------------------------------------


def test_every_verb_and_every_reading_is_an_event_in_its_place(
    coordinator: User, lead: User, privacy: User
) -> None:
    make_inquiry()  # numbers are each chain's own
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
_TOLD_OF_STRANGERS = {"unproven", "links_ended"}
_TOLD_BY_STAFF = {
    *("connected", "waited", "woken", "reassigned"),
    *("duplicate_linked", "duplicate_unlinked", "graded", "handed_over", "escalated"),
}


_TOLD_ELSEWHERE = _TOLD_BY_BOTH_SIDES | _TOLD_BY_STAFF | _TOLD_OF_STRANGERS


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
    inquiry, first = make_inquiry(State.CLAIMED, owner=coordinator), make_inquiry()
    until = timezone.now() + timedelta(days=2)
    inquiry = steps.log_conversation(
        inquiry, method="phone", identity="detail", version=2, by=coordinator
    )
    inquiry = steps.set_aside(inquiry, until=until, why="asked", version=3, by=coordinator)
    inquiry = steps.wake(inquiry, version=4, by=coordinator)
    inquiry = steps.reassign(inquiry, to=lead, version=5, by=coordinator)
    inquiry = steps.link_duplicate(inquiry, of=first, version=6, by=lead)
    inquiry = steps.unlink_duplicate(inquiry, version=7, by=lead)
    inquiry = steps.set_urgency(inquiry, urgency="soon", version=8, by=lead)
    steps.log_handover(inquiry, to="services", version=9, by=lead)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        sweep.warn_of_deadlines()
    rows = inquiry.events.filter(version__gt=2).values_list("kind", "by", "version", "detail")
    assert list(rows) == [
        ("connected", coordinator.pk, 3, {"method": "phone", "identity": "detail"}),
        ("waited", coordinator.pk, 4, {"until": until.isoformat(), "why": "asked"}),
        ("woken", coordinator.pk, 5, {}),
        ("reassigned", coordinator.pk, 6, {"to": str(lead.pk), "state": "claimed"}),
        ("duplicate_linked", lead.pk, 7, {"reference": first.reference}),
        ("duplicate_unlinked", lead.pk, 8, {}),
        ("graded", lead.pk, 9, {"urgency": "soon"}),
        ("handed_over", lead.pk, 10, {"to": "services"}),
        ("escalated", None, 10, {"clock": "closure"}),
    ]
    assert {kind for kind, *_ in rows} == _TOLD_BY_STAFF
    assert verify_ledger().faults == []


def test_what_passes_between_her_and_us_is_an_event_too(coordinator: User) -> None:
    inquiry = make_inquiry(State.QUARANTINED, contact_method="email", email="ana@example.org")
    inquiry = steps.clear_from_quarantine(inquiry, version=1, by=coordinator)
    inquiry = steps.claim(inquiry, version=2, by=coordinator)
    private_links.create_link(inquiry)
    correspondence.write_message(inquiry, text="I have chest pain.")
    inquiry = steps.log_attempt(
        inquiry, method="phone", reached="nobody", version=4, by=coordinator
    )
    inquiry = steps.reply(inquiry, text="Please call 911.", version=5, by=coordinator)
    inquiry = steps.mail_link(inquiry, version=6, by=coordinator)
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


def erase(inquiry: Inquiry, *, by: User) -> Inquiry:
    return privacy.erase_inquiry(
        inquiry, reason=ErasureReason.ASKED, version=inquiry.version, by=by
    )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_each_time_somebody_opens_the_page_of_a_request_it_is_on_record(
    client: Client, role: Role
) -> None:
    inquiry, by = make_inquiry(), make_staff(role)
    client.force_login(by)
    for _ in range(2):
        assert client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").status_code == 200
    readings = inquiry.events.filter(kind=Event.Kind.READ).values_list("number", "by", "detail")
    assert list(readings) == [(n, by.pk, {"state": "new"}) for n in (2, 3)]


def test_a_refused_step_shows_the_request_and_so_is_a_reading(
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


def test_who_may_not_read_leaves_no_reading(client: Client, stranger: User) -> None:
    inquiry = make_inquiry()
    client.force_login(stranger)
    assert client.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").status_code != 200
    assert inquiry.events.count() == 1


def test_each_event_is_bound_to_the_one_before_by_a_keyed_hash(coordinator: User) -> None:
    """Computed here once more, so that an installation's chains stay valid with later code."""
    inquiry = story(coordinator)
    key, previous = purpose_key(Purpose.CHAIN), ""
    for event in inquiry.events.all():
        at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
        content = [
            *(previous, "event", str(inquiry.pk), event.number, event.version, event.kind, at),
            *(event.by_id and str(event.by_id), event.detail),
        ]
        written = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        previous = hmac.new(key, written, hashlib.sha256).hexdigest()
        assert event.mac == previous
    inquiry.refresh_from_db()
    assert (inquiry.chain_length, inquiry.chain_head) == (5, previous)


def test_an_event_that_cannot_be_stored_undoes_what_it_tells(coordinator: User) -> None:
    inquiry = make_inquiry()
    with owning_the_database():
        Event(inquiry=inquiry, number=2, kind="read", at=inquiry.received_at, version=1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        steps.claim(inquiry, version=1, by=coordinator)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.version, inquiry.chain_length) == (State.NEW, 1, 1)


def test_every_acceptance_writes_one_receipt_of_its_own() -> None:
    inquiry = make_inquiry(key="one-form")
    make_inquiry(key="one-form")
    make_inquiry(key="one-form", message="I moved.")
    receipt = Receipt.objects.get()
    assert (receipt.inquiry_id, receipt.reference) == (inquiry.pk, inquiry.reference)
    assert receipt.at == inquiry.received_at
    assert receipt.mac == receipt.expected_mac(purpose_key(Purpose.CHAIN))


def test_the_audit_trail_is_one_chain(coordinator: User, stranger: User) -> None:
    audit_trail.record_entry(AuditEntry.Kind.SIGNED_IN, by=coordinator, method="password")
    audit_trail.record_entry(
        AuditEntry.Kind.ACCOUNT_CHANGED, by=coordinator, about=stranger, role="lead"
    )
    rows = AuditEntry.objects.order_by("number").values_list("number", "kind", "by", "about")
    assert list(rows) == [
        (1, "signed_in", coordinator.pk, None),
        (2, "account_changed", coordinator.pk, stranger.pk),
    ]
    trail, last = AuditTrail.objects.get(), AuditEntry.objects.get(number=2)
    assert (trail.chain_length, trail.chain_head) == (2, last.mac)


@pytest.mark.django_db(transaction=True)
def test_eight_who_append_at_once_make_one_unbroken_chain() -> None:
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
def test_who_appends_with_an_old_copy_binds_to_what_came_meanwhile() -> None:
    inquiry, by = make_inquiry(), make_staff(Role.COORDINATOR)
    copies = [Inquiry.objects.get(pk=inquiry.pk) for _ in range(3)]
    for copy in copies:
        ledger.record_reading(copy, by=by)
    assert verify_ledger().faults == []


# --- They only grow, whoever asks -----------------------------------------------------------------


def attacks(model: type[models.Model], vendor: str) -> list[str]:
    """Every kind of statement that would change or take away a row, where there is one."""
    columns = [field.column for field in model._meta.concrete_fields]
    assert columns[0] == "id"
    words = {
        "table": model._meta.db_table,
        "names": ", ".join(columns),
        "others": ", ".join(columns[1:]),
    }
    own = ATTACKS_ON_SQLITE if vendor == "sqlite" else ATTACKS_ON_POSTGRESQL
    return [statement.format(**words) for statement in (*ATTACKS, *own)]


ATTACKS = (
    "UPDATE {table} SET mac = 'x'",
    "UPDATE {table} SET id = id + 1000",
    "UPDATE {table} SET mac = 'x' FROM (SELECT 1) AS one",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    (
        "WITH gone AS (SELECT max(id) AS id FROM {table}) "
        "DELETE FROM {table} WHERE id IN (SELECT id FROM gone)"
    ),
    "INSERT INTO {table} ({names}) SELECT {names} FROM {table}",
    (
        "INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE true "
        "ON CONFLICT (id) DO UPDATE SET mac = 'x'"
    ),
    "INSERT INTO {table} ({names}) SELECT id + 1000, {others} FROM {table}",
)
ATTACKS_ON_SQLITE = (
    "INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}",
    "REPLACE INTO {table} ({names}) SELECT {names} FROM {table}",
    "INSERT OR REPLACE INTO {table} ({names}) SELECT id + 1000, {others} FROM {table}",
    "INSERT OR REPLACE INTO {table} ({others}) SELECT {others} FROM {table}",
    "INSERT OR REPLACE INTO {table} (rowid, {others}) SELECT rowid, {others} FROM {table}",
    "INSERT OR REPLACE INTO {table} ({names}) SELECT '' || id, {others} FROM {table}",
    "INSERT OR REPLACE INTO {table} ({names}) SELECT id + 0.0, {others} FROM {table}",
    "UPDATE OR REPLACE {table} SET id = 1",
    "UPDATE OR IGNORE {table} SET mac = 'x'",
)
ATTACKS_ON_POSTGRESQL = (
    "TRUNCATE {table} CASCADE",
    "TRUNCATE {table} RESTART IDENTITY CASCADE",
    "TRUNCATE inquiries_inquiry, {table} CASCADE",
    "TRUNCATE portal_user, {table} CASCADE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET mac = 'x'",
    "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {table}",
)


def rows_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    return list(model._default_manager.order_by("pk").values_list())


@pytest.mark.parametrize("model", GROWING)
def test_no_statement_changes_or_takes_away_what_is_there(
    model: type[models.Model], coordinator: User
) -> None:
    story(coordinator)
    make_auditentry()
    _settle()
    before = rows_of(model)
    assert before
    for statement in attacks(model, connection.vendor):
        assert refused(statement), f"was let in: {statement}"
        assert rows_of(model) == before, statement


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return True
    return False


def foreign_client() -> Any:
    """Another program on the same database, that knows nothing of ours and of its settings."""
    if connection.vendor == "sqlite":
        return sqlite3.connect(connection.settings_dict["NAME"])
    given = connection.get_connection_params()
    names = given.keys() & {"dbname", "user", "password", "host", "port"}
    return psycopg.connect(**{name: given[name] for name in names})


@pytest.mark.django_db(transaction=True)
def test_no_other_program_changes_or_takes_away_what_is_there() -> None:
    story(make_staff(Role.COORDINATOR))
    make_auditentry()
    before = {model: rows_of(model) for model in GROWING}
    other = foreign_client()
    try:
        for model in GROWING:
            for statement in attacks(model, connection.vendor):
                assert refused_to(other, statement), f"was let in: {statement}"
    finally:
        other.close()
    assert {model: rows_of(model) for model in GROWING} == before
    assert verify_ledger().faults == []


def refused_to(other: Any, statement: str) -> bool:
    try:
        other.execute(statement)
    except (sqlite3.IntegrityError, psycopg.errors.IntegrityError):
        return True
    finally:
        other.rollback()
    return False


@pytest.mark.parametrize("model", GROWING)
def test_the_refusal_says_which_table_only_grows(model: type[models.Model]) -> None:
    make_inquiry()
    make_auditentry()
    for statement in ("UPDATE {} SET mac = 'x'", "DELETE FROM {}"):
        with (
            pytest.raises(IntegrityError, match=f"{model._meta.db_table} only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.update(kind="read"),
        lambda event: Event.objects.all()._raw_delete("default"),
        lambda event: Event.objects.bulk_update([event], ["detail"]),
        lambda event: Event.objects.bulk_create(
            [event], update_conflicts=True, update_fields=["kind"], unique_fields=["id"]
        ),
    ],
    ids=["save", "delete", "update", "raw delete", "bulk update", "upsert"],
)
def test_our_own_code_changes_no_event_either(change: Callable[[Event], object]) -> None:
    event = make_inquiry().events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(event)
    assert Event.objects.get() == event


def test_the_production_code_has_no_switch_for_the_triggers() -> None:
    make_inquiry()
    _settle()
    with pytest.raises(CommandError), transaction.atomic():
        call_command("flush", interactive=False, verbosity=0)
    assert Event.objects.count() == 1
    repository = Path(__file__).resolve().parents[3]
    for app in ("articles", "inquiries", "portal"):
        for path in (repository / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8").lower()
            assert "disable trigger" not in text, path
            assert "session_replication_role" not in text, path
            assert "drop trigger" not in text or "migrations" in path.parts, path


def test_every_table_that_only_grows_has_all_its_triggers() -> None:
    """A migration that alters a table on SQLite loses them without a word."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master "
                "WHERE type = 'trigger' AND tbl_name LIKE 'inquiries%%'"
            )
            kinds: tuple[str, ...] = ("no_update", "no_delete", "no_replace")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT "
                "tgisinternal AND tgenabled <> 'D' AND relname LIKE 'inquiries%%'"
            )
            kinds = ("append_only", "no_truncate")
        names = {name for (name,) in cursor.fetchall()}
    assert names == {f"{model._meta.db_table}_{kind}" for model in GROWING for kind in kinds}


# --- The recount: what it says --------------------------------------------------------------------


def recount() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("verify_ledger", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def recount_with_faults() -> tuple[str, str, str, int]:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue(), str(refused.value), refused.value.returncode


def test_an_empty_portal_is_whole() -> None:
    assert recount()[0] == "0 requests, 0 events: whole\n"


def test_a_whole_ledger_is_one_line_and_progress_goes_to_standard_error() -> None:
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


def test_the_balance_counts_the_receipts_that_are_there() -> None:
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


# --- The recount: what it finds -------------------------------------------------------------------


def event(number: int) -> Any:
    return Event.objects.filter(number=number)


def _swap(first: int, second: int) -> None:
    event(first).update(number=99)
    event(second).update(number=first)
    event(99).update(number=second)


def _append_forged() -> None:
    """Somebody without the key adds a reopening, with all that goes with it."""
    inquiry = Inquiry.objects.get()
    forged = Event(
        inquiry=inquiry, number=6, kind="reopened", at=inquiry.received_at, version=5, detail={}
    )
    forged.mac = forged.expected_mac(b"a guess", inquiry.chain_head)
    forged.save(force_insert=True)
    Inquiry.objects.update(
        state="new", owner=None, outcome="", closed_at=None, version=5, chain_length=6,
        chain_head=forged.mac,
    )  # fmt: skip


def _rechain_without_the_key() -> None:
    """A change, with every hash after it made anew by a key that she made up."""
    inquiry, head = Inquiry.objects.get(), ""
    event(2).update(by=None)
    for each in inquiry.events.all():
        head = each.expected_mac(b"a guess", head)
        Event.objects.filter(pk=each.pk).update(mac=head)
    Inquiry.objects.update(chain_head=head)


def _remove(*numbers: int) -> None:
    Note.objects.filter(event__number__in=numbers).delete()
    Event.objects.filter(number__in=numbers).delete()


def _roll_back_the_count(to: int) -> None:
    _remove(*range(to + 1, 6))
    last = Event.objects.get(number=to)
    Inquiry.objects.update(chain_length=to, chain_head=last.mac)


TAMPERING: dict[str, tuple[Callable[[], object], str]] = {
    "kind of an event": (lambda: event(2).update(kind="noted"), "event 2 was changed."),
    "time of an event": (
        lambda: event(1).update(at=F("at") + timedelta(microseconds=1)),
        "event 1 was changed.",
    ),
    "person of an event": (lambda: event(2).update(by=make_staff()), "event 2 was changed."),
    "person taken out": (lambda: event(2).update(by=None), "event 2 was changed."),
    "version of an event": (lambda: event(3).update(version=9), "event 3 was changed."),
    "detail of an event": (
        lambda: event(4).update(detail={"outcome": "withdrawn"}),
        "event 4 was changed.",
    ),
    "detail added": (lambda: event(1).update(detail={"a": 1}), "event 1 was changed."),
    "hash of an event": (lambda: event(3).update(mac="0" * 64), "event 3 was changed."),
    "two events swapped": (lambda: _swap(2, 3), "event 2 was changed."),
    "first event gone": (lambda: _remove(1), "event 1 is missing."),
    "middle event gone": (lambda: _remove(3), "event 3 is missing."),
    "last event gone": (lambda: _remove(5), "has 5 events on its count, and 4 are there."),
    "all events gone": (
        lambda: _remove(1, 2, 3, 4, 5),
        "has 5 events on its count, and 0 are there.",
    ),
    "place of an event": (lambda: event(5).update(number=7), "event 5 is missing."),
    "the rest of the chain cut off": (
        lambda: _roll_back_the_count(3),
        "was changed without an event.",
    ),
    "forged event": (_append_forged, "event 6 was changed."),
    "chained anew without the key": (_rechain_without_the_key, "event 1 was changed."),
    "head": (
        lambda: Inquiry.objects.update(chain_head="0" * 64),
        "has 5 events on its count, and 5 are there.",
    ),
    "count": (
        lambda: Inquiry.objects.update(chain_length=4),
        "has 4 events on its count, and 5 are there.",
    ),
    "state without an event": (
        lambda: Inquiry.objects.update(state="new", owner=None, outcome="", closed_at=None),
        "its events do not lead to “new”.",
    ),
    "version without an event": (
        lambda: Inquiry.objects.update(version=9),
        "was changed without an event.",
    ),
    "receipt gone": (lambda: Receipt.objects.all().delete(), "has no receipt."),
    "receipt's time": (
        lambda: Receipt.objects.update(at=F("at") + timedelta(days=1)),
        "its receipt was changed.",
    ),
    "receipt's hash": (lambda: Receipt.objects.update(mac="0" * 64), "its receipt was changed."),
    "receipt's reference": (
        lambda: Receipt.objects.update(reference="2345-6789-CDFH"),
        "its receipt was changed.",
    ),
}


@pytest.mark.parametrize(("tamper", "sentence"), TAMPERING.values(), ids=TAMPERING)
def test_what_was_done_to_a_request_is_named_with_its_reference(
    coordinator: User, tamper: Callable[[], object], sentence: str
) -> None:
    inquiry = story(coordinator)
    with owning_the_database():
        tamper()
    faults = verify_ledger().faults
    assert f"{inquiry.reference}: {sentence}" in faults
    assert f"{inquiry.reference}: {sentence}" in recount_with_faults()[0].splitlines()


def test_only_the_request_that_was_tampered_with_is_named(coordinator: User) -> None:
    others = [story(coordinator) for _ in range(3)]
    with owning_the_database():
        Event.objects.filter(inquiry=others[1], number=2).update(by=None)
    assert verify_ledger().faults == [f"{others[1].reference}: event 2 was changed."]


def test_an_event_moved_to_another_request_is_missed_here_and_noticed_there(
    coordinator: User,
) -> None:
    mine, hers = story(coordinator), story(coordinator)
    with owning_the_database():
        Event.objects.filter(inquiry=mine, number=5).update(inquiry=hers, number=6)
    faults = verify_ledger().faults
    assert f"{mine.reference}: has 5 events on its count, and 4 are there." in faults
    assert f"{hers.reference}: event 6 was changed." in faults


def test_two_requests_that_changed_places_are_noticed() -> None:
    mine, hers = make_inquiry(), make_inquiry()
    Inquiry.objects.filter(pk=mine.pk).update(reference="something")
    Inquiry.objects.filter(pk=hers.pk).update(reference=mine.reference)
    Inquiry.objects.filter(pk=mine.pk).update(reference=hers.reference)
    assert sorted(verify_ledger().faults) == sorted(
        f"{each.reference}: its receipt was changed." for each in (mine, hers)
    )


def test_a_request_slipped_in_without_being_accepted_is_noticed() -> None:
    forged = make_inquiry()
    with owning_the_database():
        Receipt.objects.all().delete()
        Event.objects.all().delete()
    Inquiry.objects.update(chain_length=0, chain_head="")
    assert f"{forged.reference}: has no receipt." in verify_ledger().faults


def vanish(inquiry: Inquiry, *, with_receipt: bool) -> None:
    Note.objects.filter(event__inquiry=inquiry).delete()
    Addition.objects.filter(event__inquiry=inquiry).delete()
    with owning_the_database():
        Event.objects.filter(inquiry=inquiry)._raw_delete("default")
        for model in (IndexEntry, DataKey, Clock):
            model._default_manager.filter(inquiry=inquiry).delete()
        Inquiry.objects.filter(pk=inquiry.pk)._raw_delete("default")
        if with_receipt:
            Receipt.objects.filter(inquiry_id=inquiry.pk).delete()


def test_a_request_that_vanished_with_its_events_is_named_by_its_receipt(
    coordinator: User,
) -> None:
    gone, stays = story(coordinator), story(coordinator)
    vanish(gone, with_receipt=False)
    (fault,) = verify_ledger().faults
    at = f"{gone.received_at:%Y-%m-%d %H:%M}"
    assert fault == f"{gone.reference}: accepted on {at} UTC, and gone."
    assert stays.reference not in fault


WITHOUT_AN_EVENT: dict[str, Callable[[], object]] = {
    "owner": lambda: Inquiry.objects.update(owner=make_staff(Role.COORDINATOR)),
    "outcome": lambda: Inquiry.objects.update(outcome=Outcome.WITHDRAWN),
    "key": lambda: DataKey.objects.all().delete(),
    "note": lambda: Note.objects.all().delete(),
}


@pytest.mark.parametrize("tamper", WITHOUT_AN_EVENT.values(), ids=WITHOUT_AN_EVENT)
def test_what_no_event_tells_is_noticed_although_the_chain_is_whole(
    coordinator: User, tamper: Callable[[], object]
) -> None:
    inquiry = story(coordinator)
    tamper()
    assert [fault for fault in verify_ledger().faults if fault.startswith(inquiry.reference)]


@pytest.mark.parametrize("column", ["at", "by_id", "inquiry_id"])
def test_what_cannot_be_read_any_more_is_named_like_any_other_fault(
    coordinator: User, column: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL itself keeps such values out")
    story(coordinator)
    with owning_the_database(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        set_it = f"UPDATE inquiries_event SET {column}"  # noqa: S608 - our own names
        cursor.execute(f"{set_it} = 'nonsense' WHERE number = 2")
        try:
            assert verify_ledger().faults
        finally:
            cursor.execute(
                f"{set_it} = other.{column} FROM inquiries_event AS other WHERE other.number = 4 "
                "AND inquiries_event.number = 2"
            )


# --- The recount: the audit trail -----------------------------------------------------------------


def entry(number: int) -> Any:
    return AuditEntry.objects.filter(number=number)


def _forge_entry() -> None:
    last = AuditEntry.objects.get(number=4)
    last.pk, last.number = None, 5
    last.save(force_insert=True)


def _swap_entries() -> None:
    entry(2).update(number=99)
    entry(3).update(number=2)
    entry(99).update(number=3)


def _cut_the_trail_off() -> None:
    """Only its count: the entries stay."""
    AuditTrail.objects.update(chain_length=2, chain_head=entry(2).get().mac)


AUDIT_TAMPERING: dict[str, tuple[Callable[[], object], str]] = {
    "kind": (lambda: entry(2).update(kind="signed_out"), "was changed at entry 2."),
    "time": (
        lambda: entry(1).update(at=F("at") - timedelta(seconds=1)),
        "was changed at entry 1.",
    ),
    "person": (lambda: entry(3).update(by=None), "was changed at entry 3."),
    "whom it is about": (lambda: entry(3).update(about=make_staff()), "was changed at entry 3."),
    "detail": (lambda: entry(4).update(detail={"found": 0}), "was changed at entry 4."),
    "first gone": (lambda: entry(1).delete(), "was changed at entry 1."),
    "middle gone": (lambda: entry(2).delete(), "was changed at entry 2."),
    "last gone": (lambda: entry(4).delete(), "has 4 entries on its count, and 3 are there."),
    "all gone": (
        lambda: AuditEntry.objects.all().delete(),
        "has 4 entries on its count, and 0 are there.",
    ),
    "two swapped": (_swap_entries, "was changed at entry 2."),
    "head": (
        lambda: AuditTrail.objects.update(chain_head="0" * 64),
        "has 4 entries on its count, and 4 are there.",
    ),
    "count only": (_cut_the_trail_off, "has 2 entries on its count, and 4 are there."),
    "count gone": (
        lambda: AuditTrail.objects.all().delete(),
        "has 0 entries on its count, and 4 are there.",
    ),
    "forged": (_forge_entry, "has 4 entries on its count, and 5 are there."),
}


@pytest.mark.parametrize(("tamper", "sentence"), AUDIT_TAMPERING.values(), ids=AUDIT_TAMPERING)
def test_what_was_done_to_the_audit_trail_is_named(
    tamper: Callable[[], object], sentence: str
) -> None:
    for found in range(4):
        make_auditentry(kind=AuditEntry.Kind.SEARCHED, found=found)
    with owning_the_database():
        tamper()
    (fault,) = verify_ledger().faults
    assert fault == f"The audit trail {sentence}"


# --- Anchors --------------------------------------------------------------------------------------


def drop() -> str:
    out = StringIO()
    call_command("anchor_ledger", stdout=out)
    return out.getvalue()


def test_an_anchor_is_written_outside_the_database_and_printed(anchors_of_its_own: Path) -> None:
    make_inquiry(State.CLAIMED)
    make_auditentry()
    assert "1 receipts, 2 events, 1 audit" in drop()
    (line,) = anchors_of_its_own.read_text().splitlines()
    tallies = json.loads(line)["tallies"]
    assert [tallies[name]["count"] for name in ("receipts", "events", "audit")] == [1, 2, 1]
    assert verify_ledger().faults == []


def test_an_anchor_of_nothing_holds_nothing_and_what_comes_later_is_no_fault(
    anchors_of_its_own: Path,
) -> None:
    assert "0 receipts, 0 events, 0 audit" in drop()
    assert verify_ledger().faults == []
    make_inquiry()
    make_auditentry()
    assert verify_ledger().faults == []
    assert "1 receipts, 1 events, 2 audit" in drop(), "the first anchor is an entry of its own"
    assert verify_ledger().faults == []
    assert len(anchors_of_its_own.read_text().splitlines()) == 2


def test_an_anchor_dropped_twice_is_two_lines_that_say_the_same(anchors_of_its_own: Path) -> None:
    make_inquiry()
    drop()
    before = anchors_of_its_own.read_text()
    drop()
    after = anchors_of_its_own.read_text()
    assert after.startswith(before), "it is only added to"
    first, second = map(json.loads, after.splitlines())
    assert second["tallies"].pop("audit")["count"] == 1, "the first one's own entry"
    assert first["tallies"].pop("audit")["count"] == 0
    assert first["tallies"] == second["tallies"]
    assert first["mac"] != second["mac"]
    assert verify_ledger().faults == []


def test_an_anchor_counts_on_from_the_one_before_and_not_from_the_start(
    anchors_of_its_own: Path, coordinator: User
) -> None:
    for _ in range(3):
        story(coordinator)
        drop()
    tallies = [json.loads(line)["tallies"] for line in anchors_of_its_own.read_text().splitlines()]
    assert [each["events"]["count"] for each in tallies] == [5, 10, 15]
    total = sum(int(mac, 16) for mac in Event.objects.values_list("mac", flat=True)) % 2**256
    assert int(tallies[-1]["events"]["total"], 16) == total


def test_only_the_anchor_sees_a_last_event_taken_away_with_its_count(coordinator: User) -> None:
    """State, version, count and head put back: the database alone looks as if it never was."""
    inquiry = story(coordinator)
    drop()
    with owning_the_database():
        _roll_back_the_count(3)
        Inquiry.objects.update(
            state="claimed", outcome="", closed_at=None, version=3, owner=coordinator
        )
    (fault,) = verify_ledger().faults
    assert fault.endswith("there were 5 events; of these, 3 are there.")
    assert inquiry.reference not in fault


def test_a_reading_taken_away_with_its_count_is_seen_by_the_anchor(coordinator: User) -> None:
    story(coordinator)
    drop()
    with owning_the_database():
        _roll_back_the_count(4)
    (fault,) = verify_ledger().faults
    assert "there were 5 events; of these, 4 are there" in fault


def test_a_request_that_vanished_whole_is_seen_by_the_anchor(coordinator: User) -> None:
    gone, _ = story(coordinator), story(coordinator)
    drop()
    vanish(gone, with_receipt=True)
    make_inquiry()  # what came later does not fill the gap
    receipts, events = verify_ledger().faults
    assert "there were 2 receipts; of these, 1 are there." in receipts
    assert "there were 10 events; of these, 5 are there." in events


def test_audit_entries_taken_away_with_their_count_are_seen_by_the_anchor() -> None:
    for _ in range(4):
        make_auditentry()
    drop()
    with owning_the_database():
        AuditEntry.objects.filter(number__gt=2).delete()
        _cut_the_trail_off()
    (fault,) = verify_ledger().faults
    assert "there were 4 audit; of these, 2 are there." in fault


def test_an_event_written_anew_by_somebody_with_the_keys_is_seen_by_the_anchor(
    coordinator: User,
) -> None:
    inquiry = story(coordinator)
    drop()
    with owning_the_database():
        event(2).update(by=make_staff())
        head = ""
        for each in inquiry.events.all():
            head = each.expected_mac(purpose_key(Purpose.CHAIN), head)
            Event.objects.filter(pk=each.pk).update(mac=head)
        Inquiry.objects.update(chain_head=head)
    *_, fault = verify_ledger().faults
    assert "there were 5 events; not all of these are what they were." in fault


def test_the_first_anchor_that_does_not_hold_is_the_one_named(
    anchors_of_its_own: Path, coordinator: User
) -> None:
    for _ in range(3):
        story(coordinator)
        drop()
    second = Inquiry.objects.order_by("received_at")[1]
    vanish(second, with_receipt=True)
    at = json.loads(anchors_of_its_own.read_text().splitlines()[1])["at"]
    assert all(fault.startswith(f"On {at} ") for fault in verify_ledger().faults)


def _edit_count(lines: list[str]) -> list[str]:
    anchor = json.loads(lines[1])
    anchor["tallies"]["events"]["count"] -= 1
    return [lines[0], json.dumps(anchor), lines[2]]


def _edit_time(lines: list[str]) -> list[str]:
    anchor = json.loads(lines[0]) | {"at": "2020-01-01T00:00:00+00:00"}
    return [json.dumps(anchor), *lines[1:]]


ANCHOR_TAMPERING: dict[str, Callable[[list[str]], list[str]]] = {
    "count edited": _edit_count,
    "time edited": _edit_time,
    "hash edited": lambda lines: [*lines[:2], lines[2].replace('"mac": "', '"mac": "0')],
    "first line gone": lambda lines: lines[1:],
    "middle line gone": lambda lines: [lines[0], lines[2]],
    "last line gone": lambda lines: lines[:2],
    "all lines gone": lambda lines: [],
    "reordered": lambda lines: [lines[1], lines[0], lines[2]],
    "a line twice": lambda lines: [*lines, lines[2]],
    "cut within a line": lambda lines: [*lines[:2], lines[2][:40]],
    "garbage": lambda lines: [*lines, "\x00\x01 garbage"],
    "another JSON": lambda lines: [*lines, '{"at": 1}'],
    "a number": lambda lines: [*lines, "5"],
    "a list": lambda lines: [*lines, "[]"],
    "more than an anchor": lambda lines: [*lines, '{"at": "", "tallies": [], "mac": ""}'],
    "an empty line": lambda lines: [lines[0], "", *lines[1:]],
}


@pytest.mark.parametrize("tamper", ANCHOR_TAMPERING.values(), ids=ANCHOR_TAMPERING)
def test_what_was_done_to_the_anchors_is_named(
    anchors_of_its_own: Path, tamper: Callable[[list[str]], list[str]]
) -> None:
    for _ in range(3):
        make_inquiry()
        drop()
    lines = anchors_of_its_own.read_text().splitlines()
    anchors_of_its_own.write_text("".join(f"{line}\n" for line in tamper(lines)))
    (fault,) = verify_ledger().faults
    assert "anchor" in fault


def test_anchors_that_are_no_text_at_all_are_named(anchors_of_its_own: Path) -> None:
    drop()
    anchors_of_its_own.write_bytes(b"\xff\xfe\x80" * 100)
    assert verify_ledger().faults == ["The anchors in anchors.jsonl cannot be read."]


def test_no_anchor_is_added_to_a_file_that_cannot_be_read(anchors_of_its_own: Path) -> None:
    drop()
    cut = anchors_of_its_own.read_text()[:40]
    anchors_of_its_own.write_text(cut)
    with pytest.raises(CommandError, match="anchors"):
        drop()
    assert anchors_of_its_own.read_text() == cut


@pytest.mark.django_db(transaction=True)
def test_two_anchors_dropped_at_once_do_not_break_the_file(anchors_of_its_own: Path) -> None:
    make_inquiry()
    together(4, lambda number: anchors.write_anchor())
    assert len(anchors_of_its_own.read_text().splitlines()) == 4
    assert verify_ledger().faults == []


@pytest.mark.django_db(transaction=True)
def test_an_anchor_waits_for_a_request_under_way_and_neither_is_given_up() -> None:
    """What `receive` does, halted between its event and its receipt."""
    inquiry = make_inquiry()
    started = threading.Event()

    def anchor(number: int) -> None:
        started.wait(5)
        anchors.write_anchor()

    def accept(number: int) -> None:
        with transaction.atomic():
            ledger.record_event(Inquiry.objects.get(pk=inquiry.pk), Event.Kind.NOTED, by=None)
            started.set()
            threading.Event().wait(0.3)
            other = Inquiry(reference="2345-6789-CDFH", received_at=inquiry.received_at)
            ledger.record_receipt(other)

    together(2, lambda number: (anchor, accept)[number](number))
    assert Receipt.objects.count() == 2
    assert anchors.read_anchors()[0].tallies["receipts"].count == 2


# --- The recount of a portal at work --------------------------------------------------------------


def test_a_page_opened_before_a_change_and_put_on_record_after_it_is_no_fault(
    coordinator: User, lead: User
) -> None:
    """Between reading the row and noting it, a colleague claimed the request."""
    opened = make_inquiry()
    steps.claim(Inquiry.objects.get(), version=1, by=lead)
    ledger.record_reading(opened, by=coordinator)
    assert verify_ledger().faults == []


@pytest.mark.no_cover
@pytest.mark.django_db(transaction=True)
def test_a_recount_while_the_portal_writes_gives_no_false_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "_BATCH", 3)
    by, officer = make_staff(Role.COORDINATOR), make_staff(Role.PRIVACY)
    there = [make_inquiry() for _ in range(6)]
    over = threading.Event()

    def write(number: int) -> list[str]:
        while not over.wait(0.01):  # or who counts would hardly get a turn
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

    call_command("bench_data", inquiries=100_000, stdout=StringIO(), stderr=StringIO())
    drop()
    started_at = time.monotonic()
    out, err = recount()
    took = time.monotonic() - started_at
    assert out == f"100,000 requests, {Event.objects.count():,} events: whole\n"
    assert len(err.splitlines()) >= 100, "somebody watching sees that it goes on"
    assert took < 60
