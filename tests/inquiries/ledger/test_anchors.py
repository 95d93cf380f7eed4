"""Anchors outside the database, and the tampering that only they reveal."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import anchors, settled_rows
from inquiries.ledger import events as ledger
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, Event, Inquiry, Receipt
from inquiries.states import State
from portal.models import User
from tests.concurrency import together
from tests.factories import make_auditentry, make_inquiry, make_staff
from tests.inquiries.ledger.recounting import drop
from tests.inquiries.ledger.tampering import (
    cut_the_trail_off,
    event,
    owning_the_database,
    roll_back_the_count,
    story,
    vanish,
)

pytestmark = pytest.mark.django_db


def test_an_anchor_is_written_outside_the_database_and_printed(anchors_of_its_own: Path) -> None:
    make_inquiry(State.CLAIMED)
    make_auditentry()
    assert "1 receipts, 2 events, 1 audit" in drop()
    (line,) = anchors_of_its_own.read_text().splitlines()
    tallies = json.loads(line)["tallies"]
    assert [tallies[name]["count"] for name in ("receipts", "events", "audit")] == [1, 2, 1]
    assert verify_ledger().faults == []


def test_an_anchor_of_nothing_is_empty_and_later_entries_are_no_fault(
    anchors_of_its_own: Path,
) -> None:
    assert "0 receipts, 0 events, 0 audit" in drop()
    assert verify_ledger().faults == []
    make_inquiry()
    make_auditentry()
    assert verify_ledger().faults == []
    assert "1 receipts, 1 events, 1 audit" in drop()
    assert verify_ledger().faults == []
    assert len(anchors_of_its_own.read_text().splitlines()) == 2


def test_a_minute_without_changes_adds_no_line(anchors_of_its_own: Path) -> None:
    make_inquiry()
    first = drop()
    before = anchors_of_its_own.read_text()
    assert drop() == first, "the last one is printed again"
    assert anchors_of_its_own.read_text() == before
    make_inquiry()
    assert drop() != first
    assert anchors_of_its_own.read_text().startswith(before), "it is only added to"
    assert verify_ledger().faults == []


def test_an_anchor_counts_on_from_the_previous_one_not_from_the_start(
    anchors_of_its_own: Path, coordinator: User
) -> None:
    for _ in range(3):
        story(coordinator)
        drop()
    tallies = [json.loads(line)["tallies"] for line in anchors_of_its_own.read_text().splitlines()]
    assert [each["events"]["count"] for each in tallies] == [5, 10, 15]
    total = sum(int(mac, 16) for mac in Event.objects.values_list("mac", flat=True)) % 2**256
    assert int(tallies[-1]["events"]["total"], 16) == total


def test_only_the_anchor_detects_a_last_event_removed_along_with_its_count(
    coordinator: User,
) -> None:
    """State, version, count and head are reset, so the database alone shows no trace of it."""
    inquiry = story(coordinator)
    drop()
    with owning_the_database():
        roll_back_the_count(3)
        Inquiry.objects.update(
            state="claimed", outcome="", closed_at=None, version=3, owner=coordinator
        )
    *_, fault = verify_ledger().faults
    assert fault.endswith("there were 5 events; of these, 3 are there.")
    assert inquiry.reference not in fault


def test_the_anchor_detects_a_reading_removed_along_with_its_count(coordinator: User) -> None:
    story(coordinator)
    drop()
    with owning_the_database():
        roll_back_the_count(4)
    (fault,) = verify_ledger().faults
    assert "there were 5 events; of these, 4 are there" in fault


def test_the_anchor_detects_a_request_that_vanished_entirely(coordinator: User) -> None:
    gone, _ = story(coordinator), story(coordinator)
    drop()
    vanish(gone, with_receipt=True)
    make_inquiry()  # a later request does not fill the gap
    receipts, events = verify_ledger().faults
    assert "there were 2 receipts; of these, 1 are there." in receipts
    assert "there were 10 events; of these, 5 are there." in events


def test_the_anchor_detects_audit_entries_removed_along_with_their_count() -> None:
    for _ in range(4):
        make_auditentry()
    drop()
    with owning_the_database():
        AuditEntry.objects.filter(number__gt=2).delete()
        cut_the_trail_off()
    (fault,) = verify_ledger().faults
    assert "there were 4 audit; of these, 2 are there." in fault


def test_the_anchor_detects_an_event_rewritten_by_someone_with_the_keys(
    coordinator: User,
) -> None:
    inquiry = story(coordinator)
    drop()
    with owning_the_database():
        event(2).update(by=make_staff())
        head = ""
        for each in inquiry.events.all():
            head = each.expected_mac(purpose_key(Purpose.CHAIN), head)
            Event.objects.filter(pk=each.pk).update(mac=head)
        Inquiry.objects.update(chain_head=head)
    *_, fault = verify_ledger().faults
    assert "there were 5 events; not all of these are what they were." in fault


def test_the_first_anchor_that_fails_is_the_one_named(
    anchors_of_its_own: Path, coordinator: User
) -> None:
    for _ in range(3):
        story(coordinator)
        drop()
    second = Inquiry.objects.order_by("received_at")[1]
    vanish(second, with_receipt=True)
    at = json.loads(anchors_of_its_own.read_text().splitlines()[1])["at"]
    assert all(fault.startswith(f"On {at} ") for fault in verify_ledger().faults)


def _edit_count(lines: list[str]) -> list[str]:
    anchor = json.loads(lines[1])
    anchor["tallies"]["events"]["count"] -= 1
    return [lines[0], json.dumps(anchor), lines[2]]


def _edit_time(lines: list[str]) -> list[str]:
    anchor = json.loads(lines[0]) | {"at": "2020-01-01T00:00:00+00:00"}
    return [json.dumps(anchor), *lines[1:]]


ANCHOR_TAMPERING: dict[str, Callable[[list[str]], list[str]]] = {
    "count edited": _edit_count,
    "time edited": _edit_time,
    "hash edited": lambda lines: [*lines[:2], lines[2].replace('"mac":"', '"mac":"0')],
    "first line gone": lambda lines: lines[1:],
    "middle line gone": lambda lines: [lines[0], lines[2]],
    "last line gone": lambda lines: lines[:2],
    "all lines gone": lambda lines: [],
    "reordered": lambda lines: [lines[1], lines[0], lines[2]],
    "a line twice": lambda lines: [*lines, lines[2]],
    "cut within a line": lambda lines: [*lines[:2], lines[2][:40]],
    "garbage": lambda lines: [*lines, "\x00\x01 garbage"],
    "another JSON": lambda lines: [*lines, '{"at": 1}'],
    "a number": lambda lines: [*lines, "5"],
    "a list": lambda lines: [*lines, "[]"],
    "more than an anchor": lambda lines: [*lines, '{"at": "", "tallies": [], "mac": ""}'],
    "an empty line": lambda lines: [lines[0], "", *lines[1:]],
}


@pytest.mark.parametrize("tamper", ANCHOR_TAMPERING.values(), ids=ANCHOR_TAMPERING)
def test_tampering_with_the_anchors_is_reported(
    anchors_of_its_own: Path, tamper: Callable[[list[str]], list[str]]
) -> None:
    for _ in range(3):
        make_inquiry()
        drop()
    lines = anchors_of_its_own.read_text().splitlines()
    anchors_of_its_own.write_text("".join(f"{line}\n" for line in tamper(lines)))
    (fault,) = verify_ledger().faults
    assert "anchor" in fault


def test_anchors_that_are_not_text_are_reported(anchors_of_its_own: Path) -> None:
    drop()
    anchors_of_its_own.write_bytes(b"\xff\xfe\x80" * 100)
    (fault,) = verify_ledger().faults
    assert fault == "The anchors in anchors.jsonl cannot be read: a line is broken."


def _accept_and_anchor(number: int) -> None:
    make_inquiry()
    anchors.write_anchor()


@pytest.mark.django_db(transaction=True)
def test_simultaneous_anchors_do_not_break_the_file(anchors_of_its_own: Path) -> None:
    make_inquiry()
    together(4, _accept_and_anchor)
    assert anchors.write_anchor() is None or verify_ledger().faults == []
    last = anchors.last_anchor()
    assert last
    assert last.tallies["receipts"].count == 5
    assert verify_ledger().faults == []


@pytest.mark.django_db(transaction=True)
def test_an_anchor_waits_for_a_request_in_progress_and_both_finish() -> None:
    """`receive` pauses between its event and its receipt, while other requests overtake it."""
    inquiry = make_inquiry()
    started = threading.Event()

    def anchor(number: int) -> None:
        started.wait(5)
        anchors.write_anchor()

    def accept(number: int) -> None:
        with transaction.atomic():
            ledger.record_event(Inquiry.objects.get(pk=inquiry.pk), Event.Kind.NOTED, by=None)
            if connection.vendor == "postgresql":
                together(1, lambda _: make_inquiry())  # has a higher id, but is stored first
            started.set()
            threading.Event().wait(0.3)
            other = Inquiry(reference="2345-6789-CDFH", received_at=inquiry.received_at)
            ledger.make_receipt(other).save(force_insert=True)

    together(2, lambda number: (anchor, accept)[number](number))
    anchors.write_anchor()
    last = anchors.last_anchor()
    assert last
    assert last.tallies["receipts"].count == Receipt.objects.count() >= 2
    assert last.tallies["events"].count == Event.objects.count()
    assert not [fault for fault in verify_ledger().faults if "there were" in fault]


@pytest.mark.skipif("config.option.database != 'postgresql'", reason="others have one database")
@pytest.mark.django_db(transaction=True)
def test_an_anchor_waits_for_no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long job in another database of the server kept anchors from being written."""
    monkeypatch.setattr(settled_rows, "_LONGEST", 0.5)
    said = connection.get_connection_params()
    address = {name: said[name] for name in ("host", "port", "user") if name in said}
    with psycopg.connect(**address, dbname="postgres") as other:
        other.execute("SELECT pg_current_xact_id()")
        assert settled_rows.settled_ids([Event]) is not None
    with psycopg.connect(**address, dbname=said["dbname"]) as same:
        same.execute("SELECT pg_current_xact_id()")
        assert settled_rows.settled_ids([Event]) is None
