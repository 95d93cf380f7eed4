"""The audit trail is one chain, and verification names each tampering."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from inquiries.ledger import audit_trail
from inquiries.ledger.verification import verify_ledger
from inquiries.models import AuditEntry, AuditTrail
from portal.models import User
from tests.factories import make_auditentry, make_staff
from tests.inquiries.ledger.tampering import cut_the_trail_off, entry, owning_the_database

pytestmark = pytest.mark.django_db


def test_the_audit_trail_is_one_chain(coordinator: User, stranger: User) -> None:
    audit_trail.record_entry(AuditEntry.Kind.SIGNED_IN, by=coordinator, method="password")
    audit_trail.record_entry(
        AuditEntry.Kind.ACCOUNT_CHANGED, by=coordinator, about=stranger, role="lead"
    )
    rows = AuditEntry.objects.order_by("number").values_list("number", "kind", "by", "about")
    assert list(rows) == [
        (1, "signed_in", coordinator.pk, None),
        (2, "account_changed", coordinator.pk, stranger.pk),
    ]
    trail, last = AuditTrail.objects.get(), AuditEntry.objects.get(number=2)
    assert (trail.chain_length, trail.chain_head) == (2, last.mac)


def _forge_entry() -> None:
    last = AuditEntry.objects.get(number=4)
    last.pk, last.number = None, 5
    last.save(force_insert=True)


def _swap_entries() -> None:
    entry(2).update(number=99)
    entry(3).update(number=2)
    entry(99).update(number=3)


AUDIT_TAMPERING: dict[str, tuple[Callable[[], object], str]] = {
    "kind": (lambda: entry(2).update(kind="signed_out"), "was changed at entry 2."),
    "time": (
        lambda: entry(1).update(at=F("at") - timedelta(seconds=1)),
        "was changed at entry 1.",
    ),
    "person": (lambda: entry(3).update(by=None), "was changed at entry 3."),
    "whom it is about": (lambda: entry(3).update(about=make_staff()), "was changed at entry 3."),
    "detail": (lambda: entry(4).update(detail={"found": 0}), "was changed at entry 4."),
    "first gone": (lambda: entry(1).delete(), "was changed at entry 1."),
    "middle gone": (lambda: entry(2).delete(), "was changed at entry 2."),
    "last gone": (lambda: entry(4).delete(), "has a count of 4 entries, and 3 are here."),
    "all gone": (
        lambda: AuditEntry.objects.all().delete(),
        "has a count of 4 entries, and 0 are here.",
    ),
    "two swapped": (_swap_entries, "was changed at entry 2."),
    "head": (
        lambda: AuditTrail.objects.update(chain_head="0" * 64),
        "has a count of 4 entries, and 4 are here.",
    ),
    "count only": (cut_the_trail_off, "has a count of 2 entries, and 4 are here."),
    "count gone": (
        lambda: AuditTrail.objects.all().delete(),
        "has a count of 0 entries, and 4 are here.",
    ),
    "forged": (_forge_entry, "has a count of 4 entries, and 5 are here."),
}


@pytest.mark.parametrize(("tamper", "sentence"), AUDIT_TAMPERING.values(), ids=AUDIT_TAMPERING)
def test_tampering_with_the_audit_trail_is_reported(
    tamper: Callable[[], object], sentence: str
) -> None:
    for found in range(4):
        make_auditentry(kind=AuditEntry.Kind.SEARCHED, found=found)
    with owning_the_database():
        tamper()
    (fault,) = verify_ledger().faults
    assert fault == f"The audit trail {sentence}"
