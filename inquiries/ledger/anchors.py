"""Anchors: a record of what the ledger holds, written outside the database every minute.

Someone who can change the database, and even has its keys, cannot remove an event, a receipt, a
mail, or an audit entry that an anchor has counted, unless they also reach the anchors: keep those
where the database's administrators have no access. Each anchor chains the receipts of its minute,
and everything else, to the earlier ones. The database keeps a copy, so a truncated file is noticed.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

from django.db import models, transaction
from django.utils import timezone

from inquiries.keyring import ledger_id
from inquiries.ledger import trims
from inquiries.ledger.anchor_file import append_line, locked_file
from inquiries.ledger.anchor_lines import Anchor, Tally, anchors_path, read_tail, reading
from inquiries.ledger.settled_rows import settled_ids
from inquiries.models import AnchorCopy, AuditEntry, Delivery, Event, Receipt

logger = logging.getLogger(__name__)

#: What is anchored, by its name in an anchor.
ANCHORED: dict[str, type[models.Model]] = {
    "receipts": Receipt,
    "events": Event,
    "audit": AuditEntry,
    "deliveries": Delivery,
}
#: Bytes at the end of the file that are searched first for the last anchor, then all of it.
_TAILS = (4_096, 65_536)
#: Rows read at once. A server-side cursor would do the same, but not behind every pooler.
_SLICE = 5000


class LedgerBusy(Exception):
    """Some writers took too long to finish, so we stopped waiting."""


class DatabaseRestored(Exception):
    """The file is ahead of the database. `after_restore` has to run first."""


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
        _count_from(ANCHORED[name], before.get(name) or start_of(name), held.last) != held
        for name, held in last.tallies.items()
    )


def last_anchor() -> Anchor | None:
    """The last readable anchor of this database."""
    return read_last()[0]


def read_last() -> tuple[Anchor | None, list[str]]:
    """Return our last readable anchor, and the hashes of the broken lines after it."""
    for size in _TAILS:
        broken: list[str] = []
        for line in reversed(read_tail(size)):
            if line.anchor is None:
                broken.insert(0, line.digest)
            elif line.anchor.is_ours:
                return line.anchor, broken
    last, broken = None, []
    with reading() as lines:
        for line in lines():
            if line.anchor is None:
                broken.append(line.digest)
            elif line.anchor.is_ours:
                last, broken = line.anchor, []
    return last, broken


def start_of(name: str) -> Tally:
    """Return what to count on from where no anchor says it: what was deleted at its end."""
    return trims.current_base().tally if name == "audit" else Tally()


def count_on(last: Anchor | None, ends: dict[type[models.Model], int]) -> dict[str, Tally]:
    before = last.tallies if last else {}
    return {
        name: _count_from(model, before.get(name) or start_of(name), ends[model])
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
    """Yield the id and keyed hash of each row, in id order; never more than a slice in memory."""
    rows = model._default_manager.filter(id__lte=until).order_by("id").values_list("id", "mac")
    while batch := list(rows.filter(id__gt=after)[:_SLICE]):
        yield from batch
        after = batch[-1][0]


def read_copies(*, until: int) -> Iterator[Anchor]:
    """Yield the database's copies up to this number, in order; only a slice is in memory."""
    rows = AnchorCopy.objects.filter(number__lte=until).order_by("number")
    last = 0
    while batch := list(rows.filter(number__gt=last).values_list("number", "line")[:_SLICE]):
        yield from (Anchor.parse(line.encode()) for _, line in batch)
        last = batch[-1][0]
