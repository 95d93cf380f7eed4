"""Check that the ledger still matches its anchors, and that no anchor is missing."""

from collections.abc import Callable, Iterator

from django.db.models import Model

from inquiries.ledger import anchors
from inquiries.ledger.anchors import ANCHORED, Anchor, FileLine, Tally
from inquiries.ledger.restarts import standing_anchors
from inquiries.models import AnchorCopy, AuditEntry


def check_anchors(*, on_remark: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for each fault. Pass `on_remark` anything notable that is not a fault."""
    lines = anchors.read_lines()
    ours = [line.anchor for line in lines if line.anchor and line.anchor.is_ours]
    if others := sum(1 for line in lines if line.anchor and not line.anchor.is_ours):
        on_remark(f"{others:,} anchors in {_file()} are of another database: passed over.")
    copies = [Anchor.parse(copy.line.encode()) for copy in AnchorCopy.objects.order_by("number")]
    broken = list(_check_lines(lines, on_remark))
    faults = broken or list(_check_file_is_whole(ours, copies))
    yield from faults
    yield from _check_copies([] if broken else ours, copies)
    # If the file is incomplete, the copies can still be checked.
    standing = standing_anchors(copies if faults else ours, on_remark)
    for name in ANCHORED:
        yield from _check_tallies(name, standing)


def _file() -> str:
    return anchors.anchors_path().name


def _check_lines(lines: list[FileLine], on_remark: Callable[[str], None]) -> Iterator[str]:
    """Check the file's chain. Yield at most one fault: everything after it depends on it."""
    previous, unread = "", list[str]()
    for line in lines:
        anchor = line.anchor
        if anchor is None:
            unread.append(line.digest)
        elif anchor.is_ours:
            if anchor.mac != anchor.expected_mac(previous):
                yield f"The anchor of {anchor.at} was changed, or one before it was left out."
                return
            if unread and unread != anchor.skips:
                break
            if unread:
                on_remark(f"{_file()} has a broken line before the anchor of {anchor.at}.")
            previous, unread = anchor.mac, []
    if unread:
        yield f"The anchors in {_file()} cannot be read: a line is broken."


def _check_file_is_whole(ours: list[Anchor], copies: list[Anchor]) -> Iterator[str]:
    """Check that the file has every anchor the database knows of, from older releases too."""
    there = {anchor.mac for anchor in ours}
    known = {copy.mac for copy in copies}
    if entry := AuditEntry.objects.filter(kind=AuditEntry.Kind.ANCHORED).first():
        known.add(str(entry.detail["anchor"]))
    if known - there:
        yield f"The last anchor is gone from {_file()}, or more of them are."


def _check_copies(ours: list[Anchor], copies: list[Anchor]) -> Iterator[str]:
    """Check that the copies form the same chain as the file, and that the database has them all."""
    for before, copy in zip([None, *copies], copies, strict=False):
        if before and (copy.number, copy.mac) != (before.number + 1, copy.expected_mac(before.mac)):
            yield f"The database’s copy of the anchor of {copy.at} was changed, or one before it."
            return
    known = {copy.mac for copy in copies}
    # Skip the last one: a worker may be about to save its copy.
    for anchor in [each for each in ours if each.number][:-1]:
        if anchor.mac not in known:
            yield f"The database does not know of the anchor of {anchor.at}: it is older than that."
            return


def _check_tallies(name: str, ours: list[Anchor]) -> Iterator[str]:
    """Yield the first anchor that does not hold. Reads each row once for all anchors."""
    tally = Tally()
    held_by = [(anchor, anchor.tallies[name]) for anchor in ours if name in anchor.tallies]
    rows = _Rows(ANCHORED[name], until=max((held.last for _, held in held_by), default=0))
    for anchor, held in held_by:
        tally = tally.plus(rows.up_to(held.last))
        if (tally.count, tally.total) != (held.count, held.total):
            now = (
                "not all of these are what they were"
                if tally.count == held.count
                else f"of these, {tally.count:,} are there"
            )
            yield f"On {anchor.at} there were {held.count:,} {name}; {now}."
            return


class _Rows:
    """A table's rows in id order; each call continues where the last one stopped."""

    def __init__(self, model: type[Model], *, until: int) -> None:
        self._rows = anchors.row_macs(model, after=0, until=until)
        self._next = next(self._rows, None)

    def up_to(self, last: int) -> Iterator[tuple[int, str]]:
        while self._next and self._next[0] <= last:
            yield self._next
            self._next = next(self._rows, None)
