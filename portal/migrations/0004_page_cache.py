from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: What readers' pages show: tables, any change to which moves the number; or some columns of a table
#: that other work writes as well (drafts, sign-ins), where only another value in one of them does.
SHOWN = {
    "articles_article": (
        *("title", "slug", "language", "translation_of_id", "instead_id", "live_id", "approval_id"),
        *("published_at", "live_at", "review_due_at", "retired_at"),
    ),
    "articles_article_categories": (),
    "articles_article_related": (),
    "articles_category": (),
    "articles_categorytranslation": (),
    "articles_image": (),
    "articles_livepage": (),
    "articles_livepage_sources": (),
    "articles_livepage_terms": (),
    "articles_oldaddress": (),
    "articles_term": (),
    "articles_termtranslation": (),
    "inquiries_calendar": (),
    "inquiries_holidayyear": (),
    "inquiries_openinghours": (),
    "inquiries_servicelevel": (),
    "inquiries_specialday": (),
    "portal_user": ("first_name", "last_name", "credentials", "role"),
}
POSTGRESQL_FUNCTION = """
CREATE FUNCTION portal_move_reader_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Once a transaction is enough, however many rows it changes.
    IF current_setting('portal.version_moved', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('portal.version_moved', pg_current_xact_id()::text, true);
    INSERT INTO portal_readerversion (id, number)
    VALUES (1, (random() * 9e15)::bigint)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END $$
"""
SQLITE_MOVE = (
    "INSERT INTO portal_readerversion (id, number) VALUES (1, abs(random()) / 1024) "
    "ON CONFLICT (id) DO UPDATE SET number = excluded.number;"
)


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)


def _postgresql() -> list[str]:
    """At the end of the transaction, so that no lock is held while other rows are waited for."""
    return [
        POSTGRESQL_FUNCTION,
        *(
            f"CREATE CONSTRAINT TRIGGER {table}_shown AFTER {_updates(columns)} ON {table} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {_when(columns, 'IS DISTINCT FROM')} "
            "EXECUTE FUNCTION portal_move_reader_version()"
            for table, columns in SHOWN.items()
        ),
    ]


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_shown_{number} AFTER {event} ON {table} "
        f"{_when(columns, 'IS NOT')} BEGIN {SQLITE_MOVE} END"
        for table, columns in SHOWN.items()
        for number, event in enumerate(_updates(columns).split(" OR "))
    ]


def _updates(columns: tuple[str, ...]) -> str:
    return f"UPDATE OF {', '.join(columns)}" if columns else "INSERT OR DELETE OR UPDATE"


def _when(columns: tuple[str, ...], differs: str) -> str:
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns)
    return f"WHEN ({changed})" if columns else ""


class Migration(migrations.Migration):
    safe_because = (
        "It adds two tables and triggers that move one row: it locks the tables of articles for the "
        "moment that a trigger takes, and the release before keeps its pages by itself."
    )

    dependencies = [
        ("portal", "0003_labels"),
        ("articles", "0006_more_labels"),
        ("inquiries", "0006_labels"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReaderVersion",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("number", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="CachedPage",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(db_index=True)),
                ("address", models.JSONField()),
                ("headers", models.JSONField()),
                ("body", models.BinaryField()),
                ("brotli", models.BinaryField()),
                ("gzip", models.BinaryField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(auto_now=True)),
                ("readers", models.PositiveIntegerField(default=0)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(create_triggers),
    ]
