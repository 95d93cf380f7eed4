"""A restored database is restored, and not tampered with: the anchors say which it was."""

from pathlib import Path

import pytest
from django.db import transaction

from inquiries.ledger import anchors, restarts
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy
from tests.factories import make_inquiry

pytestmark = pytest.mark.django_db


def grow(times: int = 1) -> None:
    for _ in range(times):
        make_inquiry()
        anchors.write_anchor()


def restore(place: str) -> None:
    transaction.savepoint_rollback(place)


def test_anchoring_goes_on_after_a_restore_and_the_report_says_so() -> None:
    grow(2)
    place = transaction.savepoint()
    grow(3)
    restore(place)
    assert anchors.is_ahead(anchors.last_anchor())
    with pytest.raises(anchors.DatabaseRestored):
        anchors.write_anchor()
    anchor = restarts.restart_anchors()
    assert anchor
    assert (anchor.number, anchor.restored_to, anchor.tallies["receipts"].count) == (6, 2, 2)
    findings = verify_ledger()
    assert findings.faults == []
    (remark,) = findings.remarks
    assert remark.endswith("restored from a backup: anchors 3 to 5 counted what it lacks.")
    grow()
    assert verify_ledger().faults == []
    assert restarts.restart_anchors() is None, "nothing more changes"


def test_a_restore_by_one_minute_is_noticed_by_its_rows() -> None:
    grow()
    place = transaction.savepoint()
    grow()
    restore(place)
    assert anchors.is_ahead(anchors.last_anchor())
    make_inquiry()
    assert anchors.is_ahead(anchors.last_anchor()), "other rows do not make up for it"


def test_an_anchor_whose_copy_is_not_kept_yet_is_no_restore() -> None:
    grow()
    place = transaction.savepoint()
    make_inquiry()
    middle = transaction.savepoint()
    anchors.write_anchor()
    restore(middle)
    assert AnchorCopy.objects.count() == 1
    assert not anchors.is_ahead(anchors.last_anchor())
    grow()
    assert verify_ledger().faults == []
    restore(place)
    assert restarts.restart_anchors()
    place = transaction.savepoint()
    AnchorCopy.objects.order_by("number").last()
    restore(place)


def test_a_database_restored_twice_answers_for_what_is_in_it() -> None:
    grow()
    early = transaction.savepoint()
    grow(2)
    late = transaction.savepoint()
    grow()
    restore(late)
    restarts.restart_anchors()
    grow()
    restore(early)
    anchor = restarts.restart_anchors()
    assert anchor
    assert (anchor.number, anchor.restored_to) == (7, 1)
    findings = verify_ledger()
    assert findings.faults == []
    assert len(findings.remarks) == 1, "the first restart is set aside with the rest"


def test_a_database_without_any_anchor_begins_again() -> None:
    place = transaction.savepoint()
    grow(2)
    restore(place)
    anchor = restarts.restart_anchors()
    assert anchor
    assert (anchor.restored_to, anchor.tallies["receipts"].count) == (0, 0)
    assert verify_ledger().faults == []


def test_an_older_file_gets_its_lines_back(anchors_of_its_own: Path) -> None:
    grow(2)
    older = anchors_of_its_own.read_bytes()
    grow(2)
    whole = anchors_of_its_own.read_bytes()
    for content in (older, b""):
        anchors_of_its_own.write_bytes(content)
        assert verify_ledger().faults != []
        assert restarts.restart_anchors() is None
        assert anchors_of_its_own.read_bytes() == whole
        assert verify_ledger().faults == []


def test_rows_that_vanish_after_a_restart_are_a_fault() -> None:
    from tests.inquiries.ledger.tampering import vanish

    grow()
    place = transaction.savepoint()
    grow()
    restore(place)
    restarts.restart_anchors()
    gone = make_inquiry()
    anchors.write_anchor()
    make_inquiry()
    anchors.write_anchor()
    vanish(gone, with_receipt=True)
    assert any("receipts" in fault for fault in verify_ledger().faults)


def test_a_changed_or_foreign_chain_is_refused(anchors_of_its_own: Path) -> None:
    grow()
    place = transaction.savepoint()
    grow(2)
    restore(place)
    whole = anchors_of_its_own.read_bytes()
    first, second, third = whole.splitlines(keepends=True)
    anchors_of_its_own.write_bytes(first + third)
    with pytest.raises(restarts.AnchorsDiffer):
        restarts.restart_anchors()
    anchors_of_its_own.write_bytes(second + third)
    with pytest.raises(restarts.AnchorsDiffer):
        restarts.restart_anchors()


def test_two_databases_that_went_on_from_one_backup_are_told_apart(
    anchors_of_its_own: Path,
) -> None:
    grow()
    place, content = transaction.savepoint(), anchors_of_its_own.read_bytes()
    grow()
    other = anchors_of_its_own.read_bytes()
    restore(place)
    anchors_of_its_own.write_bytes(content)
    grow()
    anchors_of_its_own.write_bytes(other)
    with pytest.raises(restarts.AnchorsDiffer):
        restarts.restart_anchors()
