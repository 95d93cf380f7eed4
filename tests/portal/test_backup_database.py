"""A copy of an SQLite database is whole, private, and replaces an older copy only once it is."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inquiries.models import Inquiry
from portal.management.commands import backup_database
from tests.factories import make_inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_the_copy_has_what_was_committed_and_is_private(tmp_path: Path) -> None:
    inquiry = make_inquiry()
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(b"an older copy")
    call_command("backup_database", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(path)) as copy:
        told = copy.execute(f"SELECT reference FROM {Inquiry._meta.db_table}").fetchall()  # noqa: S608
    assert told == [(inquiry.reference,)]
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_fails_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(b"an older copy")

    def fail(draft: Path) -> None:
        raise sqlite3.DatabaseError("not whole")

    monkeypatch.setattr(backup_database, "_check", fail)
    with pytest.raises(CommandError, match="not whole"):
        call_command("backup_database", str(path))
    assert path.read_bytes() == b"an older copy"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_with_a_broken_page_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite3"
    call_command("backup_database", str(path))
    content = bytearray(path.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    path.write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError):
        backup_database._check(path)


def test_postgresql_has_programs_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(CommandError, match="pgBackRest"):
        call_command("backup_database", str(tmp_path / "copy"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match="The copy failed"):
        call_command("backup_database", str(tmp_path / "none" / "copy"))
