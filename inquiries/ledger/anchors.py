"""Anchors: a record of what the ledger holds, written outside the database every minute.

Someone who can change the database, and even has its keys, cannot remove an event, a receipt, a
mail, or an audit entry that an anchor has counted, unless they also reach the anchors: keep those
where the database's administrators have no access. Each anchor chains the receipts of its minute,
and everything else, to the earlier ones. The database keeps a copy, so a truncated file is noticed.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from inquiries.keyring import Purpose, ledger_id, purpose_key
from inquiries.ledger.anchor_file import append_line, locked_file
from inquiries.ledger.settled_rows import settled_ids
from inquiries.models import AnchorCopy, AuditEntry, Delivery, Event, Receipt
from inquiries.models.ledger_chain import keyed_hash

logger = logging.getLogger(__name__)

#: What is anchored, by its name in an anchor.
ANCHORED: dict[str, type[models.Model]] = {
    "receipts": Receipt,
    "events": Event,
    "audit": AuditEntry,
    "deliveries": Delivery,
}
_MODULUS = 2**256
#: Parts of an anchor that those of earlier releases lack.
_LATER = ("number", "ledger", "skips", "restored_to")
#: Bytes at the end of the file that are searched first for the last anchor, then all of it.
_TAILS = (4_096, 65_536)


@dataclass(frozen=True)
class Tally:
    """The number of rows with ids up to and including `last`, and the sum of their keyed hashes."""

    last: int = 0
    count: int = 0
    total: str = "0"

    @classmethod
    def parse(cls, said: dict[str, Any]) -> Self:
        """Raise ValueError, TypeError or KeyError if this is not a tally."""
        int(said["total"], 16)
        return cls(int(said["last"]), int(said["count"]), said["total"])

    def plus(self, macs: Iterator[tuple[int, str]]) -> Self:
        last, count, total = self.last, self.count, int(self.total, 16)
        for key, mac in macs:
            # Mails from earlier releases have no hash.
            last, count, total = key, count + 1, (total + int(mac or "0", 16)) % _MODULUS
        return type(self)(last, count, f"{total:x}")


@dataclass(frozen=True)
class Anchor:
    """One line of the file. `mac` covers the previous anchor, so that no line can be left out."""

    at: str
    tallies: dict[str, Tally]
    mac: str = ""
    #: Its position, and the database it belongs to; 0 and empty in anchors from earlier releases.
    number: int = 0
    ledger: str = ""
    #: SHA-256 of each broken line between this anchor and the previous one.
    skips: list[str] = field(default_factory=list)
    #: After a restore: the number of the last anchor whose rows were all in the backup; 0 for none.
    restored_to: int | None = None

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Raise ValueError if this is not an anchor."""
        try:
            found: dict[str, Any] = json.loads(line)
            tallies = {name: Tally.parse(tally) for name, tally in found["tallies"].items()}
            more = {name: found[name] for name in _LATER if name in found}
            return cls(str(found["at"]), tallies, str(found["mac"]), **more)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("This is not an anchor.") from error

    def expected_mac(self, previous: str) -> str:
        said: list[Any] = ["anchor", previous, self.at, self.plain_tallies]
        if self.number:
            said += [self.number, self.ledger, self.skips]
        if self.restored_to is not None:
            said.append(self.restored_to)
        return keyed_hash(purpose_key(Purpose.CHAIN), said)

    @property
    def plain_tallies(self) -> dict[str, dict[str, Any]]:
        return {name: asdict(tally) for name, tally in self.tallies.items()}

    @property
    def line(self) -> str:
        said = asdict(self)
        if self.restored_to is None:  # so that the release before can read it
            del said["restored_to"]
        return json.dumps(said, separators=(",", ":"))

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to this database. An anchor that names no database counts as ours."""
        return self.ledger in {"", ledger_id()}


@dataclass(frozen=True)
class FileLine:
    """A line exactly as it is in the file; `anchor` is None if it cannot be parsed."""

    text: bytes
    anchor: Anchor | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


class LedgerBusy(Exception):
    """Some writers took too long to finish, so we stopped waiting."""


class DatabaseRestored(Exception):
    """The file is ahead of the database. `after_restore` has to run first."""


def anchors_path() -> Path:
    """Path from settings.ANCHORS_FILE: an append-only file."""
    return Path(settings.ANCHORS_FILE)


def read_lines(*, tail: int = 0) -> list[FileLine]:
    """Return the file's lines, oldest first; or only the whole lines in its last `tail` bytes."""
    if not anchors_path().exists():
        return []
    with anchors_path().open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(size - tail, 0) if tail else 0
        file.seek(start)
        lines = file.read().split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [_parse_line(line) for line in (lines[1:] if start else lines)]


def _parse_line(text: bytes) -> FileLine:
    try:
        return FileLine(text, Anchor.parse(text))
    except ValueError:
        return FileLine(text, None)


def write_anchor() -> Anchor | None:
    """Record what the ledger holds now, after the existing anchors.

    Lines that cannot be read, such as the last one after a full disk, are skipped, and the
    anchor says so. Return None if nothing is new. Raise LedgerBusy or DatabaseRestored.
    """
    ends = settle_ends()
    with locked_file(anchors_path()) as file:
        last, broken = read_last()
        if is_ahead(last):
            raise DatabaseRestored
        tallies = count_on(last, ends)
        if last and last.number:
            keep_copy(last)  # in case the last run stopped before it did this
            if tallies == last.tallies and not broken:
                return None
        anchor = next_anchor(last, tallies, broken)
        append_line(file, anchors_path(), anchor.line.encode())
        keep_copy(anchor)
    if broken:
        logger.error("the anchors have a line that cannot be read; anchoring goes on after it")
    return anchor


def settle_ends() -> dict[type[models.Model], int]:
    """Return the last id of each table, once earlier writers are done. Raise LedgerBusy."""
    ends = settled_ids([*ANCHORED.values()])
    if ends is None:
        raise LedgerBusy
    return ends


def is_ahead(last: Anchor | None) -> bool:
    """Whether our last anchor counted what this database lacks: a backup was restored.

    If it is one ahead, a worker may have written it and not kept its copy yet; then its rows tell.
    """
    copies = AnchorCopy.objects.order_by("number")
    known = copies.last()
    number = known.number if known else 0
    if last is None or last.number <= number:
        return False
    if last.number > number + 1:
        return True
    base = known if last.restored_to is None else copies.filter(number=last.restored_to).first()
    before = Anchor.parse(base.line.encode()).tallies if base else {}
    return any(
        _count_from(ANCHORED[name], before.get(name, Tally()), held.last) != held
        for name, held in last.tallies.items()
    )


def last_anchor() -> Anchor | None:
    """The last readable anchor of this database."""
    return read_last()[0]


def read_last() -> tuple[Anchor | None, list[str]]:
    """Return our last readable anchor, and the hashes of the broken lines after it."""
    broken: list[str] = []
    for tail in (*_TAILS, 0):
        broken = []
        for line in reversed(read_lines(tail=tail)):
            if line.anchor is None:
                broken.insert(0, line.digest)
            elif line.anchor.is_ours:
                return line.anchor, broken
    return None, broken


def count_on(last: Anchor | None, ends: dict[type[models.Model], int]) -> dict[str, Tally]:
    before = last.tallies if last else {}
    return {
        name: _count_from(model, before.get(name, Tally()), ends[model])
        for name, model in ANCHORED.items()
    }


def _count_from(model: type[models.Model], tally: Tally, until: int) -> Tally:
    return tally.plus(row_macs(model, after=tally.last, until=until))


def next_anchor(
    last: Anchor | None,
    tallies: dict[str, Tally],
    broken: list[str],
    restored_to: int | None = None,
) -> Anchor:
    number = max(last.number if last else 0, _last_number()) + 1
    anchor = Anchor(
        timezone.now().isoformat(),
        tallies,
        number=number,
        ledger=ledger_id(),
        skips=broken,
        restored_to=restored_to,
    )
    return replace(anchor, mac=anchor.expected_mac(last.mac if last else ""))


def _last_number() -> int:
    return AnchorCopy.objects.order_by("number").values_list("number", flat=True).last() or 0


@transaction.atomic
def keep_copy(anchor: Anchor) -> None:
    if not AnchorCopy.objects.filter(number=anchor.number).exists():
        AnchorCopy.objects.create(number=anchor.number, mac=anchor.mac, line=anchor.line)


def row_macs(model: type[models.Model], *, after: int, until: int) -> Iterator[tuple[int, str]]:
    """Yield the id and keyed hash of each row, in id order."""
    rows = model._default_manager.filter(id__gt=after, id__lte=until).order_by("id")
    yield from rows.values_list("id", "mac").iterator(chunk_size=5000)
