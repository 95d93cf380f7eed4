"""Emptying the database between tests that commit, past the triggers of append-only tables.

Production has no switch for this: here the triggers are disabled and enabled again.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

from inquiries.deadlines import public_holidays
from inquiries.migrations.initial import seeds, translations

_TABLES = (
    "articles_approval",
    "articles_authorship",
    "articles_event",
    "articles_revision",
    "inquiries_anchorcopy",
    "inquiries_auditentry",
    "inquiries_event",
    "inquiries_receipt",
)


def install() -> None:
    """Make Django's own flush run with the triggers off."""
    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown_without_triggers(self: TransactionTestCase) -> None:
        with without_triggers():
            teardown(self)
        # Shipped rows are there again, as after migrating.
        seeds.seed_levels_and_scripts(apps, None)
        translations.reword_replies(apps, None)
        translations.translate_scripts(apps, None)
        seeds.seed_danger_patterns(apps, None)
        importlib.import_module("inquiries.migrations.0018_danger_words").add_patterns(apps, None)
        importlib.import_module("articles.migrations.0007_search").add_synonyms(apps, None)
        public_holidays.save_holidays()

    TransactionTestCase._fixture_teardown = teardown_without_triggers  # type: ignore[attr-defined]


@contextmanager
def without_triggers() -> Iterator[None]:
    """Turn the triggers off, as the owner of the database could."""
    if connection.vendor == "postgresql":
        _each("ALTER TABLE {} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            _each("ALTER TABLE {} ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, sql) for name, sql, table in cursor.fetchall() if table in _TABLES]
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)


def _each(statement: str) -> None:
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(statement.format(table))
