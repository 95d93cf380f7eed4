"""Triggers that let events, receipts and the audit trail only grow, whoever asks.

A later migration that alters one of these tables on SQLite makes the table anew and drops its
triggers: it has to make them again, by `append_only`. tests/inquiries/ledger/test_ledger.py notices.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: Each table, with what may not be there already when a row comes in: on SQLite, INSERT OR REPLACE
#: deletes what stands in its way without asking the trigger for deletions.
TABLES = {
    "inquiries_event": ["id = new.id", "(inquiry_id = new.inquiry_id AND number = new.number)"],
    "inquiries_receipt": ["id = new.id", "inquiry_id = new.inquiry_id"],
    "inquiries_auditentry": ["id = new.id", "number = new.number"],
}
FUNCTION = """
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def sqlite(table: str, taken: list[str]) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} only grows');"
    there = f"SELECT 1 FROM {table} WHERE {' OR '.join(taken)}"  # noqa: S608 - our own names
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {when} BEGIN {refuse} END"
        for name, when in {
            "no_update": f"UPDATE ON {table}",
            "no_delete": f"DELETE ON {table}",
            "no_replace": f"INSERT ON {table} WHEN EXISTS ({there})",
        }.items()
    ]


def postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {when} EXECUTE FUNCTION portal_append_only()"
        for name, when in {
            "append_only": f"UPDATE OR DELETE ON {table} FOR EACH ROW",
            "no_truncate": f"TRUNCATE ON {table} FOR EACH STATEMENT",
        }.items()
    ]


def append_only(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)  # its % is no placeholder
    for table, taken in TABLES.items():
        statements = (
            postgresql(table)
            if schema_editor.connection.vendor == "postgresql"
            else sqlite(table, taken)
        )
        for statement in statements:
            schema_editor.execute(statement)


def may_change_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        else:
            for name in ("no_update", "no_delete", "no_replace"):
                schema_editor.execute(f"DROP TRIGGER {table}_{name}")


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0005_nothing_in_clear")]

    operations = [migrations.RunPython(append_only, may_change_again)]
