"""Audit entries and anchors end, and what is left can still be verified."""

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inquiries.ledger import anchors, audit_trail, restarts, thinning, trims
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy, AuditEntry, Receipt
from inquiries.worker import jobs
from tests.factories import make_inquiry
from tests.inquiries.ledger.tampering import owning_the_database, vanish

# Entries are made in the past, and deleted now: the database asks its own clock.
pytestmark = [pytest.mark.django_db]
SIX_YEARS = timedelta(days=6 * 365.25 + 40)


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def add_entries(count: int, *, days: float) -> None:
    with time_machine.travel(days_ago(days), tick=False):
        for _ in range(count):
            audit_trail.record_entry(AuditEntry.Kind.SEARCHED, found=1)


def anchor_on(days: float) -> anchors.Anchor:
    with time_machine.travel(days_ago(days), tick=False):
        audit_trail.record_entry(AuditEntry.Kind.SEARCHED, found=1)
        anchor = anchors.write_anchor()
    assert anchor
    return anchor


def lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in anchors.anchors_path().read_text().splitlines()]


# --- Audit trail ----------------------------------------------------------------------------------


def test_audit_entries_end_after_six_years_and_an_entry_says_so() -> None:
    add_entries(3, days=SIX_YEARS.days + 1)
    add_entries(1, days=SIX_YEARS.days - 60)
    anchors.write_anchor()
    assert trims.trim_audit_trail(timezone.now()) == 3
    assert [entry.number for entry in AuditEntry.objects.order_by("number")] == [4, 5]
    trim = AuditEntry.objects.get(number=5)
    assert trim.kind == AuditEntry.Kind.TRIMMED
    assert trim.details_in_words.startswith("before: ")
    assert trim.details_in_words.endswith("deleted: 3")
    assert verify_ledger().faults == []
    anchors.write_anchor()
    assert verify_ledger().faults == []
    assert trims.trim_audit_trail(timezone.now()) == 0, "there is nothing more"


def test_a_second_trim_continues_from_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trims, "_SLICE", 2)
    add_entries(5, days=SIX_YEARS.days + 1)
    add_entries(1, days=1)
    assert trims.trim_audit_trail(timezone.now()) == 5
    assert AuditEntry.objects.filter(kind=AuditEntry.Kind.TRIMMED).count() == 3
    assert trims.current_base().until == 5
    assert trims.current_base().tally.count == 5
    anchors.write_anchor()
    anchors.anchors_path().unlink()
    with owning_the_database():
        AnchorCopy.objects.all().delete()
    anchors.write_anchor()
    assert verify_ledger().faults == [], "a file that begins anew counts on from the trim"


def test_a_trail_of_old_entries_alone_keeps_its_chain() -> None:
    add_entries(2, days=SIX_YEARS.days + 1)
    trims.trim_audit_trail(timezone.now())
    assert AuditEntry.objects.get().number == 3
    assert verify_ledger().faults == []


def test_entries_younger_than_six_years_stay() -> None:
    add_entries(2, days=6 * 365)
    assert trims.trim_audit_trail(timezone.now()) == 0
    assert AuditEntry.objects.count() == 2


def refused(numbers: list[int]) -> bool:
    try:
        with transaction.atomic():
            AuditEntry.objects.filter(number__in=numbers).delete()
    except IntegrityError:
        return True
    return False


def test_the_database_lets_go_of_nothing_else() -> None:
    add_entries(3, days=SIX_YEARS.days + 1)
    add_entries(2, days=1)
    assert refused([1]), "no entry records it"
    audit_trail.record_entry(AuditEntry.Kind.TRIMMED, before="2020-01-01", base={"until": 5})
    assert refused([4]), "younger than six years"
    assert refused([6]), "the entry itself"
    assert not refused([1])


def test_a_changed_entry_after_the_trim_is_a_fault() -> None:
    add_entries(3, days=SIX_YEARS.days + 1)
    add_entries(2, days=1)
    trims.trim_audit_trail(timezone.now())
    with owning_the_database():
        AuditEntry.objects.filter(number=4).update(detail={"found": 2})
    assert verify_ledger().faults == ["Entry 4 of the audit trail was changed."]


def trim_as_owner_with_keys(until: int, *, before: datetime) -> None:
    """Do what `trim_audit_trail` does, too early, as somebody with the database and its keys."""
    gone = AuditEntry.objects.order_by("number").filter(number__lte=until)
    tally = trims.Tally().plus((entry.pk, entry.mac) for entry in gone)
    base = {"until": until, "head": gone.get(number=until).mac, **vars(tally)}
    audit_trail.record_entry(AuditEntry.Kind.TRIMMED, before=before.isoformat(), base=base)
    with owning_the_database():
        AuditEntry.objects.filter(number__lte=until).delete()


def test_a_trim_that_came_too_early_is_a_fault() -> None:
    add_entries(3, days=400)
    trim_as_owner_with_keys(2, before=days_ago(300))
    assert "up to entry 2 before its end" in verify_ledger().faults[0]


def test_the_anchors_know_that_deleted_entries_were_younger_than_was_said() -> None:
    anchor_on(400)
    add_entries(3, days=399)
    anchor_on(300)
    thinning.thin_anchors(timezone.now())
    trim_as_owner_with_keys(3, before=days_ago(7 * 365))
    (fault,) = verify_ledger().faults
    assert "audit were added that were deleted before their end" in fault


# --- Anchors --------------------------------------------------------------------------------------


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
    from inquiries.models import Inquiry

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


def test_a_file_that_can_only_be_added_to_keeps_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (200, 199.99, 1):
        anchor_on(days)

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    thinning.thin_anchors(timezone.now())
    assert len(lines()) == 3
    assert not list(anchors.anchors_path().parent.glob(".*.new"))
    assert verify_ledger().faults == []


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


def test_the_purge_ends_both_and_not_while_the_clock_is_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_entries(2, days=SIX_YEARS.days + 1)
    for days in (200, 199.99, 1):
        anchor_on(days)

    def doubt() -> None:
        raise jobs.privacy.wall_clock.ClockInDoubt

    with monkeypatch.context() as patch:
        patch.setattr(jobs.privacy.wall_clock, "check_clock", doubt)
        with pytest.raises(jobs.privacy.wall_clock.ClockInDoubt):
            jobs.JOBS["purge"].do()
    assert AuditEntry.objects.filter(number=1).exists()
    assert jobs.JOBS["purge"].do()
    assert not AuditEntry.objects.filter(number=1).exists()
    assert len(lines()) < 3
