"""Copies an SQLite database to a file, whole, while the site keeps working."""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = (
        "Copy the SQLite database to FILE, as it is at one moment, while the site and the worker "
        "go on. Pages that were erased are not copied. FILE is replaced once the copy is whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                "This database isn't SQLite. Use pgBackRest: docs/operations/backups.md"
            )
        file: Path = options["file"]
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=60)) as source:
                source.execute("VACUUM INTO ?", [str(draft)])
            _check(draft)
            _make_durable(draft)
            draft.replace(file)
            _make_durable(file.parent)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The copy failed, and {file} is as it was: {error}") from error
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes")


def _check(draft: Path) -> None:
    """Raise sqlite3.DatabaseError if the copy is not whole."""
    with closing(sqlite3.connect(draft)) as copy:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
