"""Triggers: revisions, authors, approvals and events only grow; readers see the approved only.

A later migration that alters one of these tables or articles_article on SQLite makes the table anew
and drops its triggers: it has to make them again; of articles_article, by `create_article_triggers`.
tests/articles/reading/test_held.py notices.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: Each table, with what may not be there already when a row comes in: on SQLite, INSERT OR REPLACE
#: deletes what stands in its way without asking the trigger for deletions.
TABLES = {
    "articles_revision": ["id = new.id", "(article_id = new.article_id AND number = new.number)"],
    "articles_authorship": [
        "id = new.id",
        "(revision_id = new.revision_id AND author_id = new.author_id)",
    ],
    "articles_approval": ["id = new.id"],
    "articles_event": ["id = new.id"],
}
#: A live revision is the article's own, approved as it is by somebody who wrote no part of it.
HOLDS = """
    EXISTS (
        SELECT 1 FROM articles_approval approval
        JOIN articles_revision revision ON revision.id = approval.revision_id
        WHERE approval.id = NEW.approval_id AND revision.id = NEW.live_id
        AND revision.article_id = NEW.id AND approval.digest = revision.digest
    ) AND NOT EXISTS (
        SELECT 1 FROM articles_authorship authorship
        JOIN articles_approval approval ON approval.by_id = authorship.author_id
        WHERE approval.id = NEW.approval_id AND authorship.revision_id = NEW.live_id
    ) AND EXISTS (
        SELECT 1 FROM articles_authorship authorship WHERE authorship.revision_id = NEW.live_id
    )
"""
GROWS_FUNCTION = """
CREATE OR REPLACE FUNCTION articles_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
APPROVED_FUNCTION = f"""
CREATE OR REPLACE FUNCTION articles_live_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT ({HOLDS}) THEN
        RAISE EXCEPTION 'live has to be approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)  # a % in it is no placeholder


def create_article_triggers(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Those of articles_article alone, after SQLite made that table anew."""
    for statement in _sqlite_of_articles():
        schema_editor.execute(statement, params=None)


def _sqlite() -> list[str]:
    statements = []
    for table, taken in TABLES.items():
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
    return statements + _sqlite_of_articles()


def _sqlite_of_articles() -> list[str]:
    refuse = "SELECT RAISE(ABORT, 'live has to be approved');"
    return [
        f"CREATE TRIGGER articles_article_{name} BEFORE {when} ON articles_article "
        f"WHEN NEW.live_id IS NOT NULL AND NOT ({HOLDS}) BEGIN {refuse} END"
        for name, when in {"comes": "INSERT", "changes": "UPDATE"}.items()
    ]


def _postgresql() -> list[str]:
    statements = [GROWS_FUNCTION, APPROVED_FUNCTION]
    for table in TABLES:
        statements += [
            f"CREATE TRIGGER {table}_{name} BEFORE {when} EXECUTE FUNCTION articles_only_grows()"
            for name, when in {
                "append_only": f"UPDATE OR DELETE ON {table} FOR EACH ROW",
                "no_truncate": f"TRUNCATE ON {table} FOR EACH STATEMENT",
            }.items()
        ]
    statements.append(
        "CREATE TRIGGER articles_article_live BEFORE INSERT OR UPDATE ON articles_article "
        "FOR EACH ROW WHEN (NEW.live_id IS NOT NULL) EXECUTE FUNCTION articles_live_is_approved()"
    )
    return statements


OPERATIONS = [migrations.RunPython(create_triggers)]
