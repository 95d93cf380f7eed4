"""Failed sign-ins, recorded so that no attack drowns out the rest of the audit trail.

Within a day, the first few failures of one kind on one account are recorded one by one, then the
10th, the 100th and so on, and when the day is over the total.
"""

from datetime import timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry
from portal.models import FailureTally, User

#: Recorded one by one: as many as an account allows tries of a password or code in a row.
ONE_BY_ONE = 5
_DAY = timedelta(days=1)
_FAILED = AuditEntry.Kind.SIGN_IN_FAILED


@transaction.atomic
def record_failure(
    request: HttpRequest | None, *, method: str, about: User | None = None, why: str = ""
) -> None:
    """`why`: one of our codes, such as `locked`; empty where the credential was just wrong."""
    subject = f"{about.pk if about else 'nobody'} {method} {why}"
    now = timezone.now()
    _close(FailureTally.objects.filter(subject=subject, ends_at__lte=now))
    FailureTally.objects.bulk_create(
        [FailureTally(subject=subject, about=about, method=method, why=why, ends_at=now + _DAY)],
        ignore_conflicts=True,
    )
    tally = FailureTally.objects.select_for_update().get(subject=subject)
    tally.count += 1
    if tally.count <= ONE_BY_ONE:
        _record(tally, **client_address(request))
    elif _is_power_of_ten(tally.count):
        _record(tally, count=tally.count, **client_address(request))
    else:
        tally.save(update_fields=["count"])
        return
    tally.told = tally.count
    tally.save(update_fields=["count", "told"])


def close_ended_tallies() -> int:
    """Record the totals of the days that are over; return how many tallies were closed."""
    with transaction.atomic():
        return _close(FailureTally.objects.filter(ends_at__lte=timezone.now()))


def _close(ended: Any) -> int:
    tallies = list(ended.select_for_update())
    for tally in tallies:
        if tally.count > tally.told:
            _record(tally, count=tally.count, within="day")
        tally.delete()
    return len(tallies)


def _record(tally: FailureTally, **more: Any) -> None:
    detail: dict[str, Any] = {"why": tally.why} if tally.why else {}
    audit_trail.record_entry(_FAILED, about=tally.about, method=tally.method, **detail, **more)


def _is_power_of_ten(count: int) -> bool:
    return str(count).strip("0") == "1" and count > 1


def client_address(request: HttpRequest | None) -> dict[str, Any]:
    """Return the client's address, if there is a request: a command has none."""
    address = get_client_ip(request) if request else None
    return {"address": address} if address else {}
