"""Anchors: each minute, what the ledger holds is written down outside the database.

Somebody who can change the database, and even has its keys, cannot take an event, a receipt, a
mail or an audit entry away that an anchor has counted, unless they reach the anchors too: keep them
where the database's administrators do not. An anchor chains the receipts of its minute, and all
else, to those before; the database keeps a copy, so that a file that lost its end is noticed.
"""

import fcntl
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

from inquiries.keyring import Purpose, purpose_key
from inquiries.ledger.settled_rows import settled_ids
from inquiries.models import AnchorCopy, AuditEntry, Delivery, Event, Receipt
from inquiries.models.ledger_chain import keyed_hash

logger = logging.getLogger(__name__)

#: What is anchored, by the name under which it stands in an anchor.
ANCHORED: dict[str, type[models.Model]] = {
    "receipts": Receipt,
    "events": Event,
    "audit": AuditEntry,
    "deliveries": Delivery,
}
_MODULUS = 2**256
#: Bytes, from the end of the file, in which the last anchor is looked for first.
_TAIL = 65_536


@dataclass(frozen=True)
class Tally:
    """Of all rows up to and with the id `last`: how many, and the sum of their keyed hashes."""

    last: int = 0
    count: int = 0
    total: str = "0"

    @classmethod
    def parse(cls, said: dict[str, Any]) -> Self:
        """Raise ValueError, TypeError or KeyError where it is none."""
        int(said["total"], 16)
        return cls(int(said["last"]), int(said["count"]), said["total"])

    def plus(self, macs: Iterator[tuple[int, str]]) -> Self:
        last, count, total = self.last, self.count, int(self.total, 16)
        for key, mac in macs:
            # Mails of the releases before have none.
            last, count, total = key, count + 1, (total + int(mac or "0", 16)) % _MODULUS
        return type(self)(last, count, f"{total:x}")


@dataclass(frozen=True)
class Anchor:
    """One line of the file. `mac` covers the anchor before, so that no line can be left out."""

    at: str
    tallies: dict[str, Tally]
    mac: str = ""
    #: Its place, and whose it is; 0 and empty in those of the releases before.
    number: int = 0
    ledger: str = ""
    #: SHA-256 of each broken line between it and the anchor before.
    skips: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Raise ValueError where it is not an anchor."""
        try:
            found: dict[str, Any] = json.loads(line)
            tallies = {name: Tally.parse(tally) for name, tally in found["tallies"].items()}
            more = {name: found[name] for name in ("number", "ledger", "skips") if name in found}
            return cls(str(found["at"]), tallies, str(found["mac"]), **more)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("This is not an anchor.") from error

    def expected_mac(self, previous: str) -> str:
        said: list[Any] = ["anchor", previous, self.at, self.plain_tallies]
        if self.number:
            said += [self.number, self.ledger, self.skips]
        return keyed_hash(purpose_key(Purpose.CHAIN), said)

    @property
    def plain_tallies(self) -> dict[str, dict[str, Any]]:
        return {name: asdict(tally) for name, tally in self.tallies.items()}

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @property
    def is_ours(self) -> bool:
        """Whether it is of this database, as far as it says whose it is."""
        return self.ledger in {"", ledger_id()}


@dataclass(frozen=True)
class FileLine:
    """A line as it stands in the file; `anchor` is None where it cannot be read."""

    text: bytes
    anchor: Anchor | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text).hexdigest()


class LedgerBusy(Exception):
    """Some who write took too long to wait for."""


def ledger_id() -> str:
    """By which anchors are known for this database's. It tells nothing of the key."""
    return keyed_hash(purpose_key(Purpose.CHAIN), ["ledger"])[:16]


def anchors_path() -> Path:
    """settings.ANCHORS_FILE: a file that is only added to."""
    return Path(settings.ANCHORS_FILE)


def read_lines(*, tail: int = 0) -> list[FileLine]:
    """All of the file, oldest first; or the whole lines among its last `tail` bytes."""
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
    """Write down what the ledger holds now, after the anchors that are there.

    Lines that cannot be read, such as the last one after a full disk, are passed over, and the
    anchor says so. Return None where nothing is new. Raise LedgerBusy.
    """
    ends = settled_ids([*ANCHORED.values()])
    if ends is None:
        raise LedgerBusy
    anchors_path().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(anchors_path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with open(descriptor, "ab") as file:  # noqa: PTH123 - a mode of its own
        fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed: two at once stand in line
        last, broken = _last_anchor()
        tallies = _count_on(last, ends)
        if last and last.number:
            _keep_copy(last)  # where we were stopped before we could
            if tallies == last.tallies and not broken:
                return None
        anchor = _next_anchor(last, tallies, broken)
        _append(file, anchor)
        _keep_copy(anchor)
    if broken:
        logger.error("the anchors have a line that cannot be read; anchoring goes on after it")
    return anchor


def _append(file: Any, anchor: Anchor) -> None:
    """On the disk, with its folder's entry, before the database hears of it."""
    line = anchor.line.encode()
    is_torn = os.fstat(file.fileno()).st_size > 0 and not _ends_with_newline()
    file.write((b"\n" if is_torn else b"") + line + b"\n")
    file.flush()
    os.fsync(file.fileno())
    folder = os.open(anchors_path().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ends_with_newline() -> bool:
    with anchors_path().open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def last_anchor() -> Anchor | None:
    """The last one of this database's that can be read."""
    return _last_anchor()[0]


def _last_anchor() -> tuple[Anchor | None, list[str]]:
    """The last of ours that can be read, and prints of the broken lines after it."""
    broken: list[str] = []
    for tail in (_TAIL, 0):
        broken = []
        for line in reversed(read_lines(tail=tail)):
            if line.anchor is None:
                broken.insert(0, line.digest)
            elif line.anchor.is_ours:
                return line.anchor, broken
    return None, broken


def _count_on(last: Anchor | None, ends: dict[type[models.Model], int]) -> dict[str, Tally]:
    before = last.tallies if last else {}
    return {
        name: _count_from(model, before.get(name, Tally()), ends[model])
        for name, model in ANCHORED.items()
    }


def _count_from(model: type[models.Model], tally: Tally, until: int) -> Tally:
    return tally.plus(row_macs(model, after=tally.last, until=until))


def _next_anchor(last: Anchor | None, tallies: dict[str, Tally], broken: list[str]) -> Anchor:
    number = max(last.number if last else 0, _last_number()) + 1
    at = timezone.now().isoformat()
    anchor = Anchor(at, tallies, number=number, ledger=ledger_id(), skips=broken)
    return replace(anchor, mac=anchor.expected_mac(last.mac if last else ""))


def _last_number() -> int:
    return AnchorCopy.objects.order_by("number").values_list("number", flat=True).last() or 0


@transaction.atomic
def _keep_copy(anchor: Anchor) -> None:
    if not AnchorCopy.objects.filter(number=anchor.number).exists():
        AnchorCopy.objects.create(number=anchor.number, mac=anchor.mac, line=anchor.line)


def row_macs(model: type[models.Model], *, after: int, until: int) -> Iterator[tuple[int, str]]:
    """Id and keyed hash of each row, by id."""
    rows = model._default_manager.filter(id__gt=after, id__lte=until).order_by("id")
    yield from rows.values_list("id", "mac").iterator(chunk_size=5000)
