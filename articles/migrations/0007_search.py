"""Search by stems of our own: the same on SQLite (FTS5) and PostgreSQL (a tsvector with GIN).

A later migration that alters SearchEntry on SQLite makes the table anew and drops these triggers:
it has to make them again.
"""

import django.core.validators
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import articles.languages

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
    ALTER TABLE articles_searchentry ADD COLUMN document tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', lexemes)) STORED
    """,
    "CREATE INDEX articles_searchentry_document ON articles_searchentry USING gin(document)",
    """
    CREATE FUNCTION articles_look_up(wanted tsquery, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
        SELECT id FROM articles_searchentry WHERE document @@ wanted LIMIT most
    $$
    """,
)
_NO_LONGER = {
    "sqlite": (
        "DROP TRIGGER articles_searchentry_insert",
        "DROP TRIGGER articles_searchentry_delete",
        "DROP TRIGGER articles_searchentry_update",
        "DROP TABLE articles_searchindex",
    ),
    "postgresql": ("ALTER TABLE articles_searchentry DROP COLUMN document",),
}


def drop_old_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _NO_LONGER[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill in what the words of each published article are, and what people say for them."""
    from articles.search.entries import Text, fields_of
    from articles.search.synonyms import first_pairs

    counts: dict[str, dict[str, int]] = {}
    entries = apps.get_model("articles", "SearchEntry").objects
    for entry in entries.select_related("article__page").iterator(500):
        text = Text(
            entry.article.language,
            title=entry.title,
            summary=entry.summary,
            headings=tuple(title for _, _, title in entry.article.page.contents),
            words=entry.words,
        )
        for name, value in fields_of(text).items():
            setattr(entry, name, value)
        entry.save()
        of_language = counts.setdefault(text.language, {})
        for word in text.all_words:
            of_language[word] = of_language.get(word, 0) + 1
    words = apps.get_model("articles", "SearchWord")
    words.objects.bulk_create(
        (
            words(language=language, word=word, articles=count)
            for language, found in counts.items()
            for word, count in found.items()
        ),
        batch_size=500,
    )
    synonyms = apps.get_model("articles", "Synonym")
    synonyms.objects.bulk_create(
        (
            synonyms(
                phrase=phrase,
                phrase_language=language,
                meaning=meaning,
                meaning_language=other,
            )
            for phrase, language, meaning, other in first_pairs()
        ),
        batch_size=500,
    )


def _phrase(label: str) -> models.Field:
    no_control_character = django.core.validators.RegexValidator(
        "[\\x00-\\x1f\\x7f]",
        "This has an invisible character that isn’t allowed. Type it instead of pasting it.",
        inverse_match=True,
    )
    return models.CharField(max_length=80, validators=[no_control_character], verbose_name=label)


def _language() -> models.Field:
    return models.CharField(
        choices=articles.languages.site_languages,
        default="en",
        max_length=10,
        verbose_name="in",
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_more_labels")]
    operations = [
        migrations.RunPython(drop_old_index),
        migrations.AddField("searchentry", "headings", models.TextField(blank=True)),
        migrations.AddField(
            "searchentry",
            "language",
            models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            "searchentry", "lexemes", models.TextField(default=""), preserve_default=False
        ),
        migrations.AddField(
            "searchentry", "strengths", models.TextField(default=""), preserve_default=False
        ),
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
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(create_index),
    ]
