"""Anchors: once a day, what the ledger holds is written down outside the database.

Somebody who can change the database, and even has its keys, cannot take an event, a receipt or an
audit entry away that an anchor has counted, unless she reaches the anchors too: keep them where the
database's administrators do not.
"""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger import audit_trail
from inquiries.models import AuditEntry, Event, Receipt
from inquiries.models.ledger_chain import keyed_hash

#: What is anchored, by the name under which it stands in an anchor.
ANCHORED: dict[str, type[models.Model]] = {
    "receipts": Receipt,
    "events": Event,
    "audit": AuditEntry,
}
_MODULUS = 2**256


@dataclass(frozen=True)
class Tally:
    """Of all rows up to and with the id `last`: how many, and the sum of their keyed hashes."""

    last: int = 0
    count: int = 0
    total: str = "0"

    def plus(self, macs: Iterator[tuple[int, str]]) -> Self:
        last, count, total = self.last, self.count, int(self.total, 16)
        for key, mac in macs:
            last, count, total = key, count + 1, (total + int(mac, 16)) % _MODULUS
        return type(self)(last, count, f"{total:x}")


@dataclass(frozen=True)
class Anchor:
    """One line of the file. `mac` covers the line before, so that no line can be left out."""

    at: str
    tallies: dict[str, Tally]
    mac: str

    @classmethod
    def parse(cls, line: str) -> Self:
        """Raise ValueError where it is not an anchor."""
        try:
            found: dict[str, Any] = json.loads(line)
            tallies = {name: Tally(**found["tallies"][name]) for name in ANCHORED}
            return cls(str(found["at"]), tallies, str(found["mac"]))
        except (KeyError, TypeError) as error:
            raise ValueError("This is not an anchor.") from error

    def expected_mac(self, previous: str) -> str:
        tallies = {name: asdict(tally) for name, tally in self.tallies.items()}
        return keyed_hash(purpose_key(Purpose.CHAIN), ["anchor", previous, self.at, tallies])


def anchors_path() -> Path:
    """settings.ANCHORS_FILE: a file that is only added to."""
    return Path(settings.ANCHORS_FILE)


def read_anchors() -> list[Anchor]:
    """Oldest first. Raise ValueError where a line is not an anchor."""
    if not anchors_path().exists():
        return []
    return [Anchor.parse(line) for line in anchors_path().read_text(encoding="utf-8").splitlines()]


def write_anchor() -> Anchor:
    """Write down what the ledger holds now, after the anchors that are there.

    Raise ValueError where one of these cannot be read: nothing is added then.
    """
    anchors_path().parent.mkdir(parents=True, exist_ok=True)
    with anchors_path().open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed: two at once stand in line
        anchor = _next_anchor(read_anchors())
        file.write(json.dumps(asdict(anchor)) + "\n")
    # So that a file that lost its end, or is gone, is noticed.
    audit_trail.record_entry(AuditEntry.Kind.ANCHORED, anchor=anchor.mac)
    return anchor


def _next_anchor(there: list[Anchor]) -> Anchor:
    before = there[-1].tallies if there else {name: Tally() for name in ANCHORED}
    ends = _last_ids()
    tallies = {
        name: before[name].plus(row_macs(name, after=before[name].last, until=ends[name]))
        for name in ANCHORED
    }
    anchor = Anchor(timezone.now().isoformat(), tallies, "")
    return replace(anchor, mac=anchor.expected_mac(there[-1].mac if there else ""))


def last_recorded_mac() -> str:
    """The mac of the last anchor, as the audit trail has it; empty where there is none."""
    entry = AuditEntry.objects.filter(kind=AuditEntry.Kind.ANCHORED).first()
    return str(entry.detail["anchor"]) if entry else ""


def row_macs(name: str, *, after: int, until: int) -> Iterator[tuple[int, str]]:
    """Id and keyed hash of each row, by id."""
    rows = ANCHORED[name]._default_manager.filter(id__gt=after, id__lte=until).order_by("id")
    yield from rows.values_list("id", "mac").iterator(chunk_size=5000)


@transaction.atomic
def _last_ids() -> dict[str, int]:
    """The last id of each table, when nothing is being written: a row still under way could take a
    lower id than one that is there, and would seem to have been slipped in.
    """
    with connection.cursor() as cursor:
        # In the order in which a request writes them, or each would wait for the other.
        for model in (Event, Receipt, AuditEntry):
            if connection.vendor == "postgresql":  # SQLite's transaction has the only pen
                cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE MODE")
    return {
        name: model._default_manager.aggregate(last=Max("id"))["last"] or 0
        for name, model in ANCHORED.items()
    }
