"""The search index over articles_searchentry: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

A later migration that alters SearchEntry on SQLite makes the table anew and drops these triggers:
it has to make them again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE VIRTUAL TABLE articles_searchindex USING fts5(
        title, summary, words,
        content='articles_searchentry', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER articles_searchentry_insert AFTER INSERT ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(rowid, title, summary, words)
        VALUES (new.id, new.title, new.summary, new.words);
    END
    """,
    """
    CREATE TRIGGER articles_searchentry_delete AFTER DELETE ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(articles_searchindex, rowid, title, summary, words)
        VALUES ('delete', old.id, old.title, old.summary, old.words);
    END
    """,
    """
    CREATE TRIGGER articles_searchentry_update AFTER UPDATE ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(articles_searchindex, rowid, title, summary, words)
        VALUES ('delete', old.id, old.title, old.summary, old.words);
        INSERT INTO articles_searchindex(rowid, title, summary, words)
        VALUES (new.id, new.title, new.summary, new.words);
    END
    """,
)
POSTGRESQL = (
    """
    ALTER TABLE articles_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') ||
        setweight(to_tsvector('english', summary), 'B') ||
        setweight(to_tsvector('english', words), 'C')
    ) STORED
    """,
    "CREATE INDEX articles_searchentry_document ON articles_searchentry USING gin(document)",
)


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


OPERATIONS = [migrations.RunPython(create_index)]
