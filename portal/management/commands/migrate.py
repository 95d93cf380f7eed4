"""Django's command, which refuses a database from before the first release.

Its migrations were different but had the same names: Django would take them for these, and call
them applied.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

from portal.management.autodetector import SchemaAutodetector

#: Only such databases have this migration: each app started over with a single first migration.
FROM_BEFORE = ("articles", "0002_initial")
SEARCH_BY_STEMS = ("articles", "0007_search")


class Command(migrate.Command):
    autodetector = SchemaAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if FROM_BEFORE in MigrationRecorder(connection).applied_migrations():
            raise CommandError(_what_to_do(str(connection.settings_dict["NAME"])))
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            _fill_search(connection)


def _fill_search(connection: Any) -> None:
    """Fill in what the migrations of search leave out: they can't know the stemmer of today."""
    applied = MigrationRecorder(connection).applied_migrations()
    if connection.alias == DEFAULT_DB_ALIAS and SEARCH_BY_STEMS in applied:
        from articles.search import refill

        refill.fill_missing()


def _what_to_do(name: str) -> str:
    if Path(name).is_relative_to(settings.DATA_DIR):
        return (
            f"{settings.DATA_DIR} has a demo from before this release. Delete it, or set "
            "PORTAL_DATA_DIR to another folder."
        )
    return (
        f"The database {name} is from before this release. Empty it, or set DATABASE_URL to "
        "another database."
    )
