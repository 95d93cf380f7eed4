"""Triggers that let events, receipts and the audit trail only grow, whoever asks.

A later migration that alters one of these tables on SQLite makes the table anew and drops its
triggers: it has to make them again, by `create_triggers`. tests/inquiries/ledger/test_triggers.py
notices.
"""

from collections.abc import Callable

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


def create_triggers_of(
    tables: dict[str, list[str]],
) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    """For RunPython; a later migration names the tables that it adds."""

    def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        for statement in _postgresql(tables) if is_postgresql else _sqlite(tables):
            schema_editor.execute(statement, params=None)  # a % in it is no placeholder

    return create


create_triggers = create_triggers_of(TABLES)


def _sqlite(tables: dict[str, list[str]]) -> list[str]:
    statements = []
    for table, taken in tables.items():
        refuse = f"SELECT RAISE(ABORT, '{table} only grows');"
        there = f"SELECT 1 FROM {table} WHERE {' OR '.join(taken)}"  # noqa: S608 - our own names
        statements += [
            f"CREATE TRIGGER {table}_{name} BEFORE {when} BEGIN {refuse} END"
            for name, when in {
                "no_update": f"UPDATE ON {table}",
                "no_delete": f"DELETE ON {table}",
                "no_replace": f"INSERT ON {table} WHEN EXISTS ({there})",
            }.items()
        ]
    return statements


def _postgresql(tables: dict[str, list[str]]) -> list[str]:
    return [FUNCTION] + [
        f"CREATE TRIGGER {table}_{name} BEFORE {when} EXECUTE FUNCTION portal_append_only()"
        for table in tables
        for name, when in {
            "append_only": f"UPDATE OR DELETE ON {table} FOR EACH ROW",
            "no_truncate": f"TRUNCATE ON {table} FOR EACH STATEMENT",
        }.items()
    ]


OPERATIONS = [migrations.RunPython(create_triggers)]
