"""Audit entries end after six years, and what is left can still be verified."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from inquiries import wall_clock
from inquiries.ledger import anchor_lines, anchors, audit_trail, thinning, trims, verification
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AnchorCopy, AuditEntry
from inquiries.worker import jobs
from portal.models import User
from tests.inquiries.ledger.past import add_entries, anchor_on, days_ago, lines
from tests.inquiries.ledger.tampering import owning_the_database

# Entries are made in the past, and deleted now: the database asks its own clock.
pytestmark = [pytest.mark.django_db]
SIX_YEARS = timedelta(days=6 * 365.25 + 40)


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
    anchor_lines.anchors_path().unlink()
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


def test_an_operator_may_keep_them_longer_but_not_shorter(settings: Any) -> None:
    add_entries(2, days=SIX_YEARS.days + 1)
    settings.AUDIT_YEARS = 7
    assert trims.trim_audit_trail(timezone.now()) == 0
    settings.AUDIT_YEARS = 1
    assert trims.kept() == timedelta(days=6 * 366)
    assert trims.trim_audit_trail(timezone.now()) == 2


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
    assert verify_ledger().faults == ["The audit trail was changed at entry 4."]


@pytest.mark.parametrize("said", [{}, {"base": 3, "before": 3}, {"base": {"until": "x"}}])
def test_a_forged_record_of_a_trim_is_a_fault(said: dict[str, Any]) -> None:
    add_entries(3, days=1)
    with owning_the_database():
        AuditEntry.objects.filter(number=3).update(kind=AuditEntry.Kind.TRIMMED, detail=said)
    assert verify_ledger().faults == ["The audit trail was changed at entry 3."]


def trim_as_owner_with_keys(until: int, *, before: datetime) -> None:
    """Do what `trim_audit_trail` does, too early, as somebody with the database and its keys."""
    gone = AuditEntry.objects.order_by("number").filter(number__lte=until)
    tally = anchor_lines.Tally().plus((entry.pk, entry.mac) for entry in gone)
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


def test_the_purge_ends_both_and_not_while_the_clock_is_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_entries(2, days=SIX_YEARS.days + 1)
    for days in (200, 199.99, 1):
        anchor_on(days)

    def doubt() -> None:
        raise wall_clock.ClockInDoubt

    with monkeypatch.context() as patch:
        patch.setattr(wall_clock, "check_clock", doubt)
        with pytest.raises(wall_clock.ClockInDoubt):
            jobs.JOBS["purge"].do()
    assert AuditEntry.objects.filter(number=1).exists()
    assert jobs.JOBS["purge"].do()
    assert not AuditEntry.objects.filter(number=1).exists()
    assert len(lines()) < 3


def test_the_log_of_changes_to_lists_ends_with_the_audit_trail(lead: User) -> None:
    for days, name in ((6 * 366 + 1, "old"), (6 * 366 - 1, "young")):
        entry = LogEntry.objects.create(user=lead, action_flag=1, object_repr=name)
        LogEntry.objects.filter(pk=entry.pk).update(action_time=days_ago(days))
    assert jobs.JOBS["purge"].do()
    assert LogEntry.objects.get().object_repr == "young"


def test_a_check_that_an_end_overtook_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bases = iter([trims.Base(), trims.Base(until=3), trims.Base(until=3)])
    monkeypatch.setattr(trims, "current_base", lambda: next(bases))
    checked: list[trims.Base] = []

    def check(key: bytes, base: trims.Base) -> list[str]:
        checked.append(base)
        return [] if base.until else ["Entry 1 is missing."]

    monkeypatch.setattr(verification, "_check_entries", check)
    assert verification._check_audit(b"") == []
    assert checked == [trims.Base(), trims.Base(until=3)]
