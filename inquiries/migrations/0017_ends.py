"""Lets go of audit entries and copies of anchors that are past their end, and of no others."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_AUDIT, _COPY = "inquiries_auditentry", "inquiries_anchorcopy"
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_audit_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '6 years' AND EXISTS (
        SELECT FROM inquiries_auditentry WHERE kind = 'trimmed' AND number > OLD.number
        AND (detail->'base'->>'until')::bigint >= OLD.number
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION portal_anchor_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (OLD.line::jsonb->>'at')::timestamptz < now() - interval '90 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
#: On SQLite: when a row may not be deleted.
_STAYS = {
    _AUDIT: """
        OLD.at >= strftime('%Y-%m-%d %H:%M:%f', 'now', '-6 years') OR NOT EXISTS (
            SELECT 1 FROM inquiries_auditentry WHERE kind = 'trimmed' AND number > OLD.number
            AND json_extract(detail, '$.base.until') >= OLD.number
        )""",
    _COPY: "julianday(json_extract(OLD.line, '$.at')) >= julianday('now', '-90 days')",
}


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)  # a % in it is no placeholder


def _postgresql() -> list[str]:
    return [_FUNCTIONS] + [
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        for table, function in ((_AUDIT, "portal_audit_ends"), (_COPY, "portal_anchor_ends"))
    ]


def _sqlite() -> list[str]:
    return [
        statement
        for table, stays in _STAYS.items()
        for statement in (
            f"DROP TRIGGER {table}_no_delete",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {stays} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
        )
    ]


class Migration(migrations.Migration):
    safe_because = (
        "A trigger is replaced in a moment; the release before deletes no row of these tables."
    )
    dependencies = [("inquiries", "0016_told")]

    operations = [
        migrations.RunPython(let_go, migrations.RunPython.noop, elidable=False),
    ]
