"""The anchors file: synced to disk, read past a broken line, and tied to one database."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inquiries.keyring import purpose_key
from inquiries.ledger import anchor_lines, anchors
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy, AuditEntry, Event, Inquiry, PurposeKey, Receipt
from inquiries.worker import jobs, schedule
from portal.models import User
from tests.factories import FIRST, again, make_auditentry, make_inquiry
from tests.inquiries.ledger.recounting import drop, recount
from tests.inquiries.ledger.tampering import owning_the_database, story, vanish

pytestmark = pytest.mark.django_db

BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "torn": lambda line: line[: len(line) // 2],
    "a hole, as after a power cut": lambda line: b"\0" * len(line),
    "no text": lambda line: b"\xff\xfe\x80",
    "another program's": lambda line: b"hello\n",
    "empty": lambda line: b"\n",
}


@pytest.fixture
def torn_while_writing() -> Callable[[Callable[[bytes], bytes]], None]:
    """Break the file as if the machine had stopped while writing, before the database knew."""

    def tear(breaking: Callable[[bytes], bytes]) -> None:
        make_inquiry()
        drop()
        path = anchor_lines.anchors_path()
        path.write_bytes(path.read_bytes() + breaking(path.read_bytes().splitlines()[-1]))

    return tear


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_a_broken_last_line_is_reported_and_anchoring_continues(
    torn_while_writing: Callable[..., None], breaking: Callable[[bytes], bytes], coordinator: User
) -> None:
    """Operations 10: a broken last line stopped anchoring for good."""
    torn_while_writing(breaking)
    assert "cannot be read" in verify_ledger().faults[0]
    gone = story(coordinator)
    assert jobs.JOBS["anchor"].do() is False, "health says so, once"
    assert jobs.JOBS["anchor"].do() is True
    out, err = recount()
    assert out.endswith("whole\n")
    assert "anchors.jsonl has a broken line" in err
    vanish(gone, with_receipt=True)
    assert any("receipts; of these" in fault for fault in verify_ledger().faults)


def test_a_missing_line_known_to_the_database_is_reported_after_new_anchors() -> None:
    """Someone who overwrites an anchor cannot pass that off as a power failure."""
    make_inquiry()
    drop()
    anchor_lines.anchors_path().write_bytes(b"gone\n")
    make_inquiry()
    drop()
    assert "The last anchor is gone from anchors.jsonl, or more of them are." in (
        verify_ledger().faults
    )


def test_a_broken_line_that_no_anchor_mentions_stays_a_fault() -> None:
    for _ in range(2):
        make_inquiry()
        drop()
    path = anchor_lines.anchors_path()
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, b"what", second, b""]))
    assert "cannot be read" in verify_ledger().faults[0]


def test_file_and_folder_are_synced_before_the_database_knows_of_an_anchor(
    monkeypatch: pytest.MonkeyPatch, anchors_of_its_own: Path
) -> None:
    """Operations 10: there was no fsync."""
    synced: list[str] = []

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        assert not AnchorCopy.objects.exists()

    make_inquiry()
    monkeypatch.setattr(os, "fsync", note)
    drop()
    assert synced == [str(anchors_of_its_own), str(anchors_of_its_own.parent)]
    assert anchors_of_its_own.stat().st_mode & 0o777 == 0o600


def test_another_databases_anchors_are_not_mistaken_for_this_ones(anchors_of_its_own: Path) -> None:
    """Operations 10: the file was not tied to its database."""
    for _ in range(3):
        make_inquiry()
    drop()
    PurposeKey.objects.filter(purpose="chain").delete()
    theirs = PurposeKey(purpose="chain").wrap(b"k" * 32)
    theirs.save()
    purpose_key.cache_clear()
    with owning_the_database():
        AnchorCopy.objects.all().delete()
        Event.objects.all()._raw_delete("default")
        Receipt.objects.all()._raw_delete("default")
    try:
        assert "0 receipts, 0 events" in drop(), "it counts from the start"
        findings = verify_ledger()
        assert not [
            fault for fault in findings.faults if "anchor" in fault or "there were" in fault
        ]
        assert findings.remarks == [
            "1 anchors in anchors.jsonl are of another database: passed over."
        ]
        first, second = map(json.loads, anchors_of_its_own.read_text().splitlines())
        assert first["ledger"] != second["ledger"]
    finally:
        purpose_key.cache_clear()


def test_foreign_anchors_do_not_replace_missing_ones(anchors_of_its_own: Path) -> None:
    make_inquiry()
    drop()
    foreign = json.loads(anchors_of_its_own.read_text()) | {"ledger": "0" * 16}
    anchors_of_its_own.write_text(json.dumps(foreign) + "\n")
    assert "The last anchor is gone" in verify_ledger().faults[0]


def test_fully_deleting_the_newest_request_is_detected_after_a_minute(
    coordinator: User,
) -> None:
    """Security 3: it went unnoticed until the next anchor (24 h)."""
    make_inquiry()
    newest = make_inquiry()
    jobs.JOBS["anchor"].do()
    assert schedule.INTERVALS["anchor"].total_seconds() <= 60
    vanish(newest, with_receipt=True)
    assert [fault for fault in verify_ledger().faults if "2 receipts; of these, 1 are" in fault]


def test_a_rolled_back_correction_is_detected_after_a_minute() -> None:
    """Security 3: row, count and head are reset to what they were before the correction."""
    inquiry = make_inquiry(key="form", sender=FIRST)
    before = dict[str, Any](Inquiry.objects.filter(pk=inquiry.pk).values().get())
    make_inquiry(key="form", sender=again(), message="Do not call my work any more.")
    jobs.JOBS["anchor"].do()
    from tests.inquiries.ledger.raw import roll_back

    with owning_the_database():
        roll_back(inquiry, before)
    assert any("there were 2 events; of these, 1 are there" in f for f in verify_ledger().faults)


def test_the_database_copies_know_what_a_lost_file_held(anchors_of_its_own: Path) -> None:
    gone, _ = make_inquiry(), make_inquiry()
    drop()
    anchors_of_its_own.unlink()
    vanish(gone, with_receipt=True)
    faults = verify_ledger().faults
    assert any("anchor is gone" in fault for fault in faults)
    assert any("2 receipts; of these, 1 are there" in fault for fault in faults)


def test_a_database_restored_from_yesterday_is_older_than_its_anchors(coordinator: User) -> None:
    for _ in range(3):
        story(coordinator)
        drop()
    with owning_the_database():
        AnchorCopy.objects.filter(number__gt=1).delete()
    (fault,) = verify_ledger().faults
    assert fault.startswith("The database does not know of the anchor of ")


def test_anchors_from_the_previous_release_stay_valid(anchors_of_its_own: Path) -> None:
    """Its lines have neither a number nor a name, and its last line is an audit entry."""
    inquiry = make_inquiry()
    make_auditentry()
    names = ("receipts", "events", "audit")
    tallies = {
        name: anchors._count_from(anchors.ANCHORED[name], anchor_lines.Tally(), 2**31)
        for name in names
    }
    old = anchor_lines.Anchor("2026-11-01T00:00:00+00:00", tallies)
    mac = old.expected_mac("")
    said = {"at": old.at, "tallies": old.plain_tallies, "mac": mac}
    anchors_of_its_own.parent.mkdir(exist_ok=True)
    anchors_of_its_own.write_text(json.dumps(said) + "\n")
    make_auditentry(kind=AuditEntry.Kind.ANCHORED, anchor=mac)
    assert verify_ledger().faults == []
    drop()
    assert verify_ledger().faults == []
    vanish(inquiry, with_receipt=True)
    assert any(old.at in fault for fault in verify_ledger().faults)


def test_an_anchor_waits_for_the_next_minute_if_writers_never_finish(
    monkeypatch: pytest.MonkeyPatch, anchors_of_its_own: Path
) -> None:
    make_inquiry()
    monkeypatch.setattr(anchors, "settled_ids", lambda tables: None)
    with pytest.raises(anchors.LedgerBusy):
        anchors.write_anchor()
    assert not anchors_of_its_own.exists()


def test_the_last_anchor_is_found_before_any_number_of_broken_lines(
    anchors_of_its_own: Path,
) -> None:
    make_inquiry()
    written = anchors.write_anchor()
    with anchors_of_its_own.open("ab") as file:
        file.write(b"x" * 100 + b"\n" + (b"y" * 999 + b"\n") * 100)
    last, broken = anchors.read_last()
    assert (last, len(broken)) == (written, 101)
