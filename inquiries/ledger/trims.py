"""The end of audit entries: six years at least, as HIPAA asks (45 CFR 164.316(b)(2)(i)).

Entries go from the front of the chain, and only together with a new entry that says so. It keeps
what the rest of the chain, and the anchors, continue from.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Self

from django.conf import settings
from django.db import transaction

from inquiries.ledger import audit_trail
from inquiries.ledger.anchor_lines import Tally
from inquiries.models import AuditEntry, AuditTrail

#: The database refuses to delete entries that are younger than six years; see migration 0017.
LEAST_KEPT = timedelta(days=6 * 366)
#: An entry is recorded for each trim, so trims wait until there is this much to delete.
_PAUSE = timedelta(days=30)
#: Entries in one transaction: meanwhile, nobody can sign in.
_SLICE = 2000


@dataclass(frozen=True)
class Base:
    """What was deleted from the front of the audit trail: nothing, at first."""

    #: The number and hash of the last entry deleted.
    until: int = 0
    head: str = ""
    tally: Tally = field(default_factory=Tally)
    #: Only what was older than this was deleted, and when that happened.
    before: datetime | None = None
    at: datetime | None = None

    @classmethod
    def parse(cls, entry: AuditEntry) -> Self:
        """Raise ValueError, TypeError or KeyError if this is not what a trim records."""
        said = entry.detail["base"]
        before = datetime.fromisoformat(entry.detail["before"])
        return cls(int(said["until"]), said["head"], Tally.parse(said), before, entry.at)


def kept() -> timedelta:
    """Return for how long an entry is kept: settings.AUDIT_YEARS, but never less than six."""
    return max(timedelta(days=settings.AUDIT_YEARS * 366), LEAST_KEPT)


def current_base() -> Base:
    """Return what all trims so far have deleted. A forged trim says nothing, and is a fault."""
    trims = AuditEntry.objects.filter(kind=AuditEntry.Kind.TRIMMED).order_by("-number")
    last = trims.first()
    try:
        return Base.parse(last) if last else Base()
    except (ValueError, TypeError, KeyError):
        return Base()


def trim_audit_trail(now: datetime) -> int:
    """Delete the entries that are past their end; return how many. Check the clock before."""
    count = 0
    while gone := _trim(now - kept()):
        count += gone
    return count


@transaction.atomic
def _trim(before: datetime) -> int:
    AuditTrail.objects.select_for_update().filter(pk=1).first()  # one worker at a time
    entries = AuditEntry.objects.order_by("number")
    first = entries.first()
    if first is None or first.at >= before - _PAUSE:
        return 0
    gone = list(takewhile(lambda entry: entry.at < before, entries[:_SLICE]))
    base = current_base()
    tally = base.tally.plus((entry.pk, entry.mac) for entry in gone)
    last = gone[-1]
    said: dict[str, Any] = {"until": last.number, "head": last.mac, **asdict(tally)}
    audit_trail.record_entry(
        AuditEntry.Kind.TRIMMED, before=before.isoformat(), deleted=len(gone), base=said
    )
    AuditEntry.objects.filter(number__lte=last.number).delete()
    return len(gone)


def delete_old_changes(now: datetime) -> None:
    """Delete what Django's admin logged of changes to lists. Check the clock before."""
    from django.contrib.admin.models import LogEntry  # the admin is loaded by then

    LogEntry.objects.filter(action_time__lt=now - kept()).delete()
