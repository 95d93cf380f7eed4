"""Old anchors are thinned out, and nothing that they would have found goes unnoticed."""

import errno
import json
import tracemalloc
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from inquiries.ledger import anchor_lines, anchors, restarts, thinning
from inquiries.ledger.anchor_checks import check_anchors
from inquiries.ledger.anchor_file import append_line, locked_file, replace_file
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy, Inquiry, Receipt
from tests.concurrency import together
from tests.factories import make_inquiry
from tests.inquiries.ledger.past import anchor_on, days_ago, lines
from tests.inquiries.ledger.tampering import vanish

pytestmark = pytest.mark.django_db


def test_old_anchors_are_thinned_to_one_a_day_and_still_verify(anchors_of_its_own: Path) -> None:
    for days in (200, 199.99, 199.98, 150, 149.99, 10, 9.99):
        make_inquiry()
        anchor_on(days)
    before = {line["mac"] for line in lines()}
    thinning.thin_anchors(timezone.now())
    left = lines()
    assert {str(line["mac"]) for line in left} < before
    dates = [str(line["at"])[:10] for line in left[:-2]]
    assert len(left) >= 4
    assert dates == sorted(set(dates)), "one of each day"
    assert [line["number"] for line in left[-2:]] == [6, 7], "the young ones are all there"
    assert AnchorCopy.objects.order_by("number").first() == AnchorCopy.objects.get(number=5)
    assert verify_ledger().faults == []
    assert anchors_of_its_own.stat().st_mode & 0o777 == 0o600
    content = anchors_of_its_own.read_bytes()
    thinning.thin_anchors(timezone.now())
    assert anchors_of_its_own.read_bytes() == content, "a second time changes nothing"
    make_inquiry()
    anchors.write_anchor()
    assert verify_ledger().faults == []
    assert restarts.restart_anchors() is None


def test_thinning_goes_on_from_day_to_day() -> None:
    for days in (105, 104.9, 102, 101.9, 5):
        anchor_on(days)
    for days in (12, 9, 7, 0):
        with time_machine.travel(days_ago(days), tick=False):
            thinning.thin_anchors(timezone.now())
        assert verify_ledger().faults == []
    assert len(lines()) <= 4


def test_anchors_end_after_seven_years_but_the_last_one_stays() -> None:
    anchor_on(8 * 366)
    anchor_on(7 * 366 + 2)
    thinning.thin_anchors(timezone.now())
    assert [line["number"] for line in lines()] == [2]
    anchor_on(100)
    anchor_on(1)
    thinning.thin_anchors(timezone.now())
    assert [line["number"] for line in lines()] == [3, 4]
    assert verify_ledger().faults == []


@pytest.fixture
def thinned() -> None:
    for days in (200, 150, 149.99, 10, 9, 8):
        make_inquiry()
        anchor_on(days)
    thinning.thin_anchors(timezone.now())
    assert verify_ledger().faults == []


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[:2],
        lambda lines: lines[:-3] + lines[-2:],
        lambda lines: [*lines[1::-1], *lines[2:]],
        lambda lines: [lines[0].replace(b'"count":1', b'"count":2'), *lines[1:]],
        lambda lines: [*lines[:-1], lines[-1].replace(b'"count":6', b'"count":5')],
        lambda lines: [*lines, lines[0]],
    ],
    ids=["tail", "all but the old", "middle", "order", "old", "young", "old at the end"],
)
@pytest.mark.usefixtures("thinned")
def test_a_cut_or_rewritten_file_is_a_fault_after_thinning(
    change: object, anchors_of_its_own: Path
) -> None:
    whole = anchors_of_its_own.read_bytes().splitlines(keepends=True)
    changed = change(whole)  # type: ignore[operator]
    assert changed != whole
    anchors_of_its_own.write_bytes(b"".join(changed))
    assert verify_ledger().faults != []


@pytest.mark.usefixtures("thinned")
def test_a_request_that_vanishes_is_a_fault_after_thinning() -> None:
    gone = Receipt.objects.order_by("id").first()
    assert gone
    vanish(Inquiry.objects.get(pk=gone.inquiry_id), with_receipt=True)
    assert any("receipts; of these" in fault for fault in verify_ledger().faults)


@pytest.mark.usefixtures("thinned")
def test_a_restore_within_three_months_finds_its_place_in_a_thinned_file() -> None:
    place = transaction.savepoint()
    anchor_on(7)
    anchor_on(6)
    transaction.savepoint_rollback(place)
    assert restarts.restart_anchors()
    findings = verify_ledger()
    assert findings.faults == []
    assert len(findings.remarks) == 1


def test_lines_of_other_databases_stay_and_broken_ones_go(anchors_of_its_own: Path) -> None:
    anchor_on(200)
    foreign = json.dumps(lines()[0] | {"ledger": "0" * 16}).encode()
    with anchors_of_its_own.open("ab") as file:
        file.write(foreign + b"\nbroken\n")
    anchor_on(199)
    anchor_on(1)
    thinning.thin_anchors(timezone.now())
    assert foreign in anchors_of_its_own.read_bytes().splitlines()
    assert b"broken" not in anchors_of_its_own.read_bytes()
    assert verify_ledger().faults == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.EBUSY, errno.ENOSPC])
def test_a_file_that_can_only_be_added_to_keeps_its_lines(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for days in (200, 199.99, 1):
        anchor_on(days)

    def refuse(self: Path, target: Path) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", refuse)
    if number == errno.ENOSPC:
        with pytest.raises(OSError, match="no"):
            thinning.thin_anchors(timezone.now())
    else:
        thinning.thin_anchors(timezone.now())
    assert len(lines()) == 3
    assert not list(anchor_lines.anchors_path().parent.glob(".*.new"))
    assert verify_ledger().faults == []


def test_a_link_to_the_file_stays_a_link(anchors_of_its_own: Path, tmp_path: Path) -> None:
    for days in (200, 199.99, 1):
        anchor_on(days)
    other = tmp_path / "other-disk.jsonl"
    anchors_of_its_own.rename(other)
    anchors_of_its_own.symlink_to(other)
    thinning.thin_anchors(timezone.now())
    assert anchors_of_its_own.is_symlink()
    assert len(other.read_text().splitlines()) == len(lines()) < 3


def test_the_database_lets_go_of_no_young_copy() -> None:
    anchor_on(100)
    anchor_on(80)
    for number, is_kept in ((2, True), (1, False)):
        try:
            with transaction.atomic():
                AnchorCopy.objects.filter(number=number).delete()
        except IntegrityError:
            assert is_kept
        else:
            assert not is_kept


@pytest.mark.django_db(transaction=True)
def test_anchors_written_while_the_file_is_replaced_are_not_lost() -> None:
    for days in (200, 199.99, 199.98, 150):
        anchor_on(days)

    def write_or_thin(number: int) -> None:
        for _ in range(3):
            if number % 2:
                make_inquiry()
                anchors.write_anchor()
            else:
                with locked_file(anchor_lines.anchors_path()):  # what thinning does with the rest
                    content = anchor_lines.anchors_path().read_bytes().splitlines()
                    replace_file(anchor_lines.anchors_path(), content)
        thinning.thin_anchors(timezone.now())

    together(4, write_or_thin)
    assert verify_ledger().faults == []
    assert Receipt.objects.count() == 6
    last = anchors.last_anchor()
    assert last
    assert last.tallies["receipts"].count == 6


# --- Memory ---------------------------------------------------------------------------------------


def peak_of_checking(count: int) -> int:
    """Return the bytes that a check takes at most, with this many anchors in file and database."""
    last = anchors.last_anchor()
    with locked_file(anchor_lines.anchors_path()) as file:
        for _ in range(count - (last.number if last else 0)):
            last = anchors.next_anchor(last, last.tallies if last else {}, [])
            append_line(file, anchor_lines.anchors_path(), last.line.encode())
            anchors.keep_copy(last)
    tracemalloc.start()
    assert list(check_anchors(on_remark=print)) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.once
def test_verifying_takes_no_more_memory_with_ten_times_the_anchors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anchors, "_SLICE", 100)
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # a hundred a second otherwise
    make_inquiry()
    anchors.write_anchor()
    peak_of_checking(2)  # caches are filled
    few, many = peak_of_checking(200), peak_of_checking(2000)
    assert many < few * 1.5, (few, many)
