"""The journal: sealed, durable, never in the way of a request, and kept as long as backups are."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from inquiries import journal
from inquiries.journal import Entry, EntryKind
from inquiries.models import Delivery, Inquiry
from inquiries.private_page import correspondence
from inquiries.states import ErasureReason, State
from inquiries.worker import jobs
from inquiries.worker import worker as working
from portal.models import Role, User
from tests.factories import make_delivery, make_inquiry, make_notice, make_staff
from tests.inquiries.intake.spooling import accept, break_the_database
from tests.inquiries.ledger.tampering import erase
from tests.inquiries.recovery.conftest import Lose

pytestmark = pytest.mark.django_db


def written() -> list[tuple[str, str]]:
    return [(entry.kind.value, entry.name) for entry in journal.read_entries().entries]


def files() -> list[Path]:
    return sorted(journal.folder().iterdir())


def test_a_request_is_in_the_journal_before_its_sender_is_told(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    synced: list[str] = []
    flush = os.fdatasync

    def note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve().suffix)
        flush(handle)

    monkeypatch.setattr(os, "fdatasync", note)
    with django_capture_on_commit_callbacks(execute=True):
        told = accept()
    assert synced == [".journal"]
    (entry,) = journal.read_entries().entries
    assert (entry.kind, entry.name) == (EntryKind.REQUEST, told.reference)
    assert entry.mark == Inquiry.objects.get().events.get().mac[:16]


def test_a_request_in_the_spool_is_in_the_journal_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    break_the_database(monkeypatch)
    assert written() == [] != [("spooled", accept().reference)] == written()


def test_what_the_sender_says_later_and_an_erasure_are_in_the_journal(
    privacy: User, django_capture_on_commit_callbacks: Any
) -> None:
    inquiry = make_inquiry()
    with django_capture_on_commit_callbacks(execute=True):
        inquiry = correspondence.write_message(inquiry, text="Are you there?")
        erase(inquiry, by=privacy)
    change, erasure = journal.read_entries().entries
    assert change.mark == inquiry.events.get(kind="wrote").mac[:16]
    assert (erasure.name, erasure.mark) == (inquiry.reference, ErasureReason.ASKED)


def test_a_mail_is_in_the_journal_before_the_database_calls_it_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = make_staff(Role.COORDINATOR, email="colleague@example.org")
    notice = make_notice(owner, make_inquiry(State.CLAIMED, owner=owner))
    delivery = make_delivery()
    seen: list[str] = []
    append = journal._append

    def note(kind: EntryKind, *names: str, **more: str) -> None:
        seen.extend(Delivery.objects.values_list("state", flat=True))
        append(kind, *names, **more)

    monkeypatch.setattr(journal, "_append", note)
    working.work_once()
    assert seen[0] == "waiting"
    mails = journal.read_entries().of_kind(EntryKind.MAIL)
    assert {mail.name for mail in mails} == set(map(journal.name_mail, (delivery, notice)))
    assert {mail.mark for mail in mails} == {delivery.inquiry.reference, ""}


def test_a_stolen_file_shows_neither_a_reference_nor_what_kind_an_entry_is(
    settings: Any,
) -> None:
    journal.record_request("CCCC-CCCC-CCCC", mark="0" * 64)
    journal.record_erasure("DDDD-DDDD-DDDD", reason="asked")
    journal.record_mails(make_delivery())
    (path,) = files()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    lines = path.read_bytes().split()
    assert len({len(line) for line in lines}) == 1
    assert b"CCCC" not in path.read_bytes()
    settings.FIELD_KEYS = [b"x" * 32]
    reading = journal.read_entries()
    assert (reading.entries, reading.broken, reading.unopened.total()) == ([], 0, 3)


def test_a_torn_line_spoils_no_other(django_capture_on_commit_callbacks: Any) -> None:
    journal.record_request("CCCC-CCCC-CCCC")
    (path,) = files()
    path.write_bytes(path.read_bytes()[:-9])
    journal.record_request("DDDD-DDDD-DDDD")
    assert written() == [("request", "DDDD-DDDD-DDDD")]
    assert journal.read_entries().broken == 1


def test_a_request_is_taken_while_the_journal_cannot_be_written(
    settings: Any, tmp_path: Path, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    (tmp_path / "full").touch()
    settings.JOURNAL_DIR = str(tmp_path / "full")
    with django_capture_on_commit_callbacks(execute=True):
        told = accept()
    assert Inquiry.objects.get().reference == told.reference
    assert journal.has_held_entries()
    assert not journal.can_be_written()
    settings.JOURNAL_DIR = str(tmp_path / "free")
    assert "journal" in client.get("/healthz/ready").text, "until what it lacks is written"
    journal.record_request("DDDD-DDDD-DDDD")
    assert written() == [("request", told.reference), ("request", "DDDD-DDDD-DDDD")]
    assert not journal.has_held_entries()
    assert "journal" not in client.get("/healthz/ready").text


def test_an_entry_never_fails_because_the_database_cannot_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> str:
        raise OperationalError("gone")

    with monkeypatch.context() as down:
        down.setattr(journal, "ledger_id", fail)
        journal.record_erasure("CCCC-CCCC-CCCC", reason="asked")
    assert written() == [("erasure", "CCCC-CCCC-CCCC")]


def test_another_databases_entries_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr(journal, "ledger_id", lambda: "another")
        journal.record_request("CCCC-CCCC-CCCC")
    journal.record_request("DDDD-DDDD-DDDD")
    assert written() == [("request", "DDDD-DDDD-DDDD")]


def test_files_older_than_any_backup_are_removed_by_the_purge_and_nothing_else(
    settings: Any,
) -> None:
    now = datetime.now(UTC)
    folder = journal.folder()
    names = {days: f"node.{(now - timedelta(days=days)).date()}.journal" for days in (0, 35, 36)}
    for name in (*names.values(), "notes.txt"):
        (folder / name).touch()
    jobs.JOBS["purge"].do()
    assert {path.name for path in files()} == {names[0], names[35], "notes.txt"}
    settings.JOURNAL_DAYS = 10
    assert journal.remove_old_files(timezone.now()) == 1


def test_several_machines_may_share_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node-a.example", "node-b.example"):
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        journal.record_request(f"{name[5].upper()}CCC-CCCC-CCCC")
    assert len(files()) == 2
    assert len(written()) == 2


def test_a_changed_line_does_not_open() -> None:
    entry = Entry(kind=EntryKind.REQUEST, name="CCCC-CCCC-CCCC", at=timezone.now())
    assert Entry.parse(entry.line) == entry
    with pytest.raises(ValueError, match="not an entry"):
        Entry.parse(entry.line[:-8] + b"AAAAAAA=")
    with pytest.raises(ValueError, match="not an entry"):
        Entry.parse(b"no entry at all")


def test_what_was_rolled_back_is_not_in_the_journal(lose: Lose) -> None:
    """A savepoint that is rolled back takes its callbacks along, as a failed transaction does."""
    from django.db import transaction

    with lose(), transaction.atomic():
        make_inquiry()
        transaction.set_rollback(True)
    assert written() == []
