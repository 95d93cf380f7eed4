"""Events, receipts and the audit trail are append-only for everyone."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy, AuditEntry, Event, Receipt
from portal.models import Role, User
from tests.factories import make_auditentry, make_inquiry, make_staff
from tests.inquiries.ledger.tampering import rows_of, settle, story

pytestmark = pytest.mark.django_db

GROWING: list[type[models.Model]] = [Event, Receipt, AuditEntry]


def attacks(model: type[models.Model], vendor: str) -> list[str]:
    """Return every kind of statement that would change or remove a row, if there is one."""
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


@pytest.mark.parametrize("model", GROWING)
def test_no_statement_changes_or_deletes_existing_rows(
    model: type[models.Model], coordinator: User
) -> None:
    story(coordinator)
    make_auditentry()
    settle()
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
    """Connect as another program that shares the database but knows nothing of our settings."""
    if connection.vendor == "sqlite":
        return sqlite3.connect(connection.settings_dict["NAME"])
    given = connection.get_connection_params()
    names = given.keys() & {"dbname", "user", "password", "host", "port"}
    return psycopg.connect(**{name: given[name] for name in names})


@pytest.mark.django_db(transaction=True)
def test_no_other_program_changes_or_deletes_existing_rows() -> None:
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
def test_the_error_names_the_append_only_table(model: type[models.Model]) -> None:
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
def test_our_own_code_cannot_change_events_either(change: Callable[[Event], object]) -> None:
    event = make_inquiry().events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(event)
    assert Event.objects.get() == event


def test_the_production_code_has_no_switch_for_the_triggers() -> None:
    make_inquiry()
    settle()
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


def test_every_append_only_table_has_all_its_triggers() -> None:
    """A migration that alters a table on SQLite drops its triggers silently."""
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
        # Except for the triggers that invalidate readers' pages.
        names = {name for (name,) in cursor.fetchall() if "_shown" not in name}
    growing: list[type[models.Model]] = [*GROWING, AnchorCopy]
    assert names == {f"{model._meta.db_table}_{kind}" for model in growing for kind in kinds}
