"""What a restored database lacks, by the journal: requests, and what their senders said later."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries.encryption import KeyRefused, SealBroken
from inquiries.intake import spool
from inquiries.journal import MARK, Entry, EntryKind, Reading
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Event, MissingRequest
from inquiries.recovery.noticing import known_references

if TYPE_CHECKING:
    from portal.models import User

_BATCH = 500


def find_missing(reading: Reading) -> list[Entry]:
    """Return what was acknowledged and is neither in the database nor in this machine's spool.

    For a request that is missing as a whole, only that. What was erased since is not missing.
    """
    erased = last_erasures(reading)
    said = [
        entry
        for entry in reading.of_kind(EntryKind.REQUEST, EntryKind.SPOOLED, EntryKind.CHANGE)
        if entry.name not in erased or erased[entry.name].at < entry.at
    ]
    there = known_references([entry.name for entry in said]) | _waiting_references()
    missing = {entry.name: entry for entry in reversed(said) if entry.name not in there}
    changes = [entry for entry in said if entry.kind == EntryKind.CHANGE and entry.name in there]
    return [*reversed(missing.values()), *_without_event(changes)]


def last_erasures(reading: Reading) -> dict[str, Entry]:
    """Return the last erasure of each request, by reference."""
    return {entry.name: entry for entry in reading.of_kind(EntryKind.ERASURE)}


def _waiting_references() -> set[str]:
    found: set[str] = set()
    with suppress(OSError):
        for path in spool.waiting_entries():
            with suppress(FileNotFoundError, SealBroken, KeyRefused):
                found.add(spool.read_entry(path).reference)
    return found


def _without_event(changes: list[Entry]) -> list[Entry]:
    """Return the changes whose event is not there: after a restore, its number has another."""
    names = sorted({entry.name for entry in changes})
    known: set[tuple[str, str]] = set()
    for start in range(0, len(names), _BATCH):
        rows = Event.objects.filter(inquiry__reference__in=names[start : start + _BATCH])
        found = rows.order_by().values_list("inquiry__reference", "mac")
        known.update((reference, mac[:MARK]) for reference, mac in found)
    return [entry for entry in changes if (entry.name, entry.mark) not in known]


# --- What leads have to deal with -----------------------------------------------------------------


@transaction.atomic
def name_missing(reading: Reading) -> int:
    """Keep what is missing for the leads' start page; return how much of it was not named yet."""
    count = 0
    for entry in find_missing(reading):
        is_change = entry.kind == EntryKind.CHANGE
        kind = MissingRequest.Kind.CHANGE if is_change else MissingRequest.Kind.REQUEST
        _, is_new = MissingRequest.objects.get_or_create(
            reference=entry.name,
            kind=kind,
            mark=entry.mark if is_change else "",
            defaults={"at": entry.at},
        )
        count += is_new
    return count


@transaction.atomic
def settle_missing(keys: list[int], *, by: "User") -> int:
    """Record that somebody dealt with what is missing; return how many were open until now."""
    now: datetime = timezone.now()
    rows = MissingRequest.objects.unsettled().filter(pk__in=keys).order_by()
    count = rows.update(settled_at=now, settled_by=by)
    if count:
        audit_trail.record_entry(AuditEntry.Kind.RESTORED, by=by, missing_dealt_with=count)
    return count
