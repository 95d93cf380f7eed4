"""Search by stems of our own: the same on SQLite (FTS5) and PostgreSQL (a tsvector with GIN).

A later migration that alters SearchEntry on SQLite makes the table anew and drops these triggers:
it has to make them again.
"""

from pathlib import Path

import django.core.validators
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE VIRTUAL TABLE articles_searchindex USING fts5(
        lexemes, content='articles_searchentry', content_rowid='id', tokenize='unicode61',
        detail='none', columnsize=0
    )
    """,
    """
    CREATE TRIGGER articles_searchentry_insert AFTER INSERT ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(rowid, lexemes) VALUES (new.id, new.lexemes);
    END
    """,
    """
    CREATE TRIGGER articles_searchentry_delete AFTER DELETE ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(articles_searchindex, rowid, lexemes)
        VALUES ('delete', old.id, old.lexemes);
    END
    """,
    """
    CREATE TRIGGER articles_searchentry_update AFTER UPDATE ON articles_searchentry BEGIN
        INSERT INTO articles_searchindex(articles_searchindex, rowid, lexemes)
        VALUES ('delete', old.id, old.lexemes);
        INSERT INTO articles_searchindex(rowid, lexemes) VALUES (new.id, new.lexemes);
    END
    """,
)
POSTGRESQL = (
    """
    ALTER TABLE articles_searchentry ADD COLUMN stems tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', lexemes)) STORED
    """,
    "CREATE INDEX articles_searchentry_stems ON articles_searchentry USING gin(stems)",
    """
    CREATE FUNCTION articles_look_around(wanted tsquery, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE AS $$
        SELECT newest.id FROM (
            SELECT id, stems FROM articles_searchentry ORDER BY id DESC LIMIT 2000
        ) AS newest WHERE newest.stems @@ wanted LIMIT most
    $$
    """,
    """
    CREATE FUNCTION articles_look_up(wanted tsquery, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
        SELECT id FROM articles_searchentry WHERE stems @@ wanted LIMIT most
    $$
    """,
)
_NO_LONGER = (
    "DROP TRIGGER articles_searchentry_insert",
    "DROP TRIGGER articles_searchentry_delete",
    "DROP TRIGGER articles_searchentry_update",
    "DROP TABLE articles_searchindex",
)


def drop_old_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On PostgreSQL, the release before goes on to search by the old column, `document`."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in _NO_LONGER:
            schema_editor.execute(statement)


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def add_synonyms(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add what a new site begins with. A phrase of synonyms.txt in Spanish begins with “es:”."""
    text = Path(__file__).with_name("synonyms.txt").read_text(encoding="utf-8")
    synonym = apps.get_model("articles", "Synonym")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            (language, phrase), *others = [_language_and_phrase(each) for each in line.split("=")]
            for other, meaning in others:
                synonym.objects.create(
                    phrase=phrase,
                    phrase_language=language,
                    meaning=meaning,
                    meaning_language=other,
                )


def _language_and_phrase(written: str) -> tuple[str, str]:
    language, colon, phrase = written.strip().partition(":")
    return (language, phrase) if colon else ("en", language)


def _phrase(label: str) -> "models.CharField[str, str]":
    no_control_character = django.core.validators.RegexValidator(
        "[\\x00-\\x1f\\x7f]",
        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
        inverse_match=True,
    )
    return models.CharField(max_length=80, validators=[no_control_character], verbose_name=label)


def _language() -> "models.CharField[str, str]":
    return models.CharField(
        choices=[("en", "English"), ("es", "Español")],
        default="en",
        max_length=10,
        verbose_name="in",
    )


class Migration(migrations.Migration):
    safe_because = (
        "On PostgreSQL it adds columns with defaults, tables, and an index, and leaves what the "
        "release before searches by. Entries that it still makes are filled by the worker."
    )

    dependencies = [("articles", "0006_more_labels")]
    operations = [
        migrations.RunPython(drop_old_index),
        migrations.AddField("searchentry", "headings", models.TextField(blank=True, db_default="")),
        migrations.AddField(
            "searchentry", "language", models.CharField(db_default="", max_length=10)
        ),
        migrations.AddField("searchentry", "lexemes", models.TextField(db_default="")),
        migrations.AddField("searchentry", "strengths", models.TextField(db_default="")),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("word", models.CharField(max_length=40)),
                ("articles", models.IntegerField(default=0)),
                ("titles", models.IntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=["language", "word"], name="search_word_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phrase", _phrase("people say")),
                ("phrase_language", _language()),
                ("meaning", _phrase("our articles say")),
                ("meaning_language", _language()),
            ],
            options={
                "verbose_name": "search synonym",
                "verbose_name_plural": "search synonyms",
                "ordering": ("phrase",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["phrase", "phrase_language", "meaning", "meaning_language"],
                        name="synonym_once",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(phrase=""), name="synonym_says_something"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(meaning=""), name="synonym_means_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField(verbose_name="week of")),
                ("mark", models.BinaryField(max_length=16)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Español")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=60, verbose_name="people looked for"),
                ),
                ("networks", models.IntegerField(default=0, verbose_name="networks")),
            ],
            options={
                "verbose_name": "search without results",
                "verbose_name_plural": "searches without results",
                "ordering": ("-week", "-networks", "words"),
                "default_permissions": ("view", "delete"),
                "constraints": [
                    models.UniqueConstraint(fields=["week", "mark"], name="missed_search_once")
                ],
                "indexes": [
                    models.Index(
                        fields=["-week", "-networks"],
                        condition=~models.Q(words=""),
                        name="missed_search_shown",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedNetwork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.BinaryField(max_length=16)),
                (
                    "missed",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to="articles.missedsearch"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=["missed", "mark"], name="missed_network_once")
                ],
            },
        ),
        migrations.RunPython(add_synonyms, migrations.RunPython.noop),
        migrations.RunPython(create_index),
    ]
