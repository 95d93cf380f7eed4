"""Check that the ledger still matches its anchors, and that no anchor is missing.

File and copies are read from the front several times, never as a whole: they hold 130,000 anchors
where something happens each minute.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Model

from inquiries.ledger import anchors, restarts, trims
from inquiries.ledger.anchor_lines import Anchor, FileLine, Tally, anchors_path, reading
from inquiries.ledger.anchors import ANCHORED
from inquiries.ledger.trims import Base
from inquiries.models import AnchorCopy, AuditEntry

#: An entry may be stored that long after the time it bears.
_LATE = timedelta(hours=1)


@dataclass
class _Seen:
    """What one look at the file, or at the copies, has found."""

    others: int = 0
    #: The first thing that is wrong with the chain: everything after it depends on it.
    fault: str = ""
    last: Anchor | None = None
    #: The number of the last one whose neighbors may be gone: they were thinned out.
    thinned: int = 0
    #: Those that followed a restore.
    restarts: list[Anchor] = field(default_factory=list)

    def add(self, anchor: Anchor) -> None:
        self.last = anchor
        if anchor.previous is not None:
            self.thinned = anchor.number
        if anchor.restored_to is not None:
            self.restarts.append(anchor)


def check_anchors(*, on_remark: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for each fault. Pass `on_remark` anything notable that is not a fault."""
    # Before the file, which a worker writes first.
    newest = AnchorCopy.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with reading() as lines:

        def ours() -> Iterator[Anchor]:
            return (line.anchor for line in lines() if line.anchor and line.anchor.is_ours)

        def copies() -> Iterator[Anchor]:
            return anchors.read_copies(until=newest)

        seen = _look_at_file(lines(), on_remark)
        if seen.others:
            on_remark(f"{seen.others:,} anchors in {_file()} are of another database: passed over.")
        faults = [seen.fault] if seen.fault else list(_check_file_is_whole(ours, copies, seen))
        yield from faults
        yield from _check_copies(() if seen.fault else ours(), copies, seen.last)
        source = ours
        if faults:  # If the file is incomplete, the copies can still be checked.
            source, seen = copies, _Seen()
            for copy in copies():
                seen.add(copy)
        if seen.last:
            aside = restarts.set_aside(seen.restarts, on_remark)
            for name in ANCHORED:
                standing = (a for a in source() if not any(a.number in each for each in aside))
                yield from _check_tallies(name, standing, until=seen.last)


def _file() -> str:
    return anchors_path().name


def _look_at_file(lines: Iterable[FileLine], on_remark: Callable[[str], None]) -> _Seen:
    """Check the file's chain, and each line that was kept when it was thinned out."""
    seen, unread = _Seen(), list[str]()
    for line in lines:
        anchor = line.anchor
        if anchor is None:
            unread.append(line.digest)
        elif not anchor.is_ours:
            seen.others += 1
        elif not seen.fault:
            if _is_out_of_place(anchor, seen):
                seen.fault = (
                    f"The anchor of {anchor.at} was changed, or one before it was left out."
                )
            elif unread and unread != anchor.skips:
                seen.fault = _cannot_be_read()
            elif unread:
                on_remark(f"{_file()} has a broken line before the anchor of {anchor.at}.")
            seen.add(anchor)
            unread = []
    if unread and not seen.fault:
        seen.fault = _cannot_be_read()
    return seen


def _cannot_be_read() -> str:
    return f"The anchors in {_file()} cannot be read: a line is broken."


def _is_out_of_place(anchor: Anchor, seen: _Seen) -> bool:
    before = seen.last
    if anchor.previous is None:
        return anchor.mac != anchor.expected_mac(before.mac if before else "")
    if before and (before.previous is None or before.number > anchor.number):
        return True
    return anchor.mac != anchor.expected_mac(anchor.previous)


_Read = Callable[[], Iterator[Anchor]]


def _check_file_is_whole(ours: _Read, copies: _Read, seen: _Seen) -> Iterator[str]:
    """Check that the file has every anchor the database knows of, from older releases too."""
    known = (copy for copy in copies() if copy.number >= seen.thinned)
    gone = any(copy and not _is_same(there, copy) for there, copy in _pair(ours(), known))
    entry = AuditEntry.objects.filter(kind=AuditEntry.Kind.ANCHORED).first()
    if entry and not seen.thinned:
        gone = gone or all(anchor.mac != entry.detail["anchor"] for anchor in ours())
    if gone:
        yield f"The last anchor is gone from {_file()}, or more of them are."


def _check_copies(ours: Iterable[Anchor], copies: _Read, last: Anchor | None) -> Iterator[str]:
    """Check that the copies form the same chain as the file, and that the database has them all."""
    before: Anchor | None = None
    first = 0
    for copy in copies():
        if before and (copy.number, copy.mac) != (before.number + 1, copy.expected_mac(before.mac)):
            yield f"The database’s copy of the anchor of {copy.at} was changed, or one before it."
            return
        before, first = copy, first or copy.number
    # The older ones are past their end. A worker may be about to save its copy of the last.
    expected = (each for each in ours if each.number >= max(first, 1) and each != last)
    for there, known in _pair(expected, copies()):
        if there and not _is_same(there, known):
            yield f"The database does not know of the anchor of {there.at}: it is older than that."
            return


def _is_same(one: Anchor | None, other: Anchor | None) -> bool:
    return one is not None and other is not None and one.mac == other.mac


def _pair(
    some: Iterable[Anchor], others: Iterable[Anchor]
) -> Iterator[tuple[Anchor | None, Anchor | None]]:
    """Yield the anchors of both that have the same number together, and the rest alone."""
    left, right = (each for each in some if each.number), iter(others)
    one, other = next(left, None), next(right, None)
    while one or other:
        numbers = [each.number for each in (one, other) if each]
        pair = (
            one if one and one.number == min(numbers) else None,
            other if other and other.number == min(numbers) else None,
        )
        yield pair
        one = next(left, None) if pair[0] else one
        other = next(right, None) if pair[1] else other


def _check_tallies(name: str, standing: Iterable[Anchor], *, until: Anchor) -> Iterator[str]:
    """Yield the first anchor that does not hold. Reads each row once for all anchors."""
    held_by = ((anchor, anchor.tallies[name]) for anchor in standing if name in anchor.tallies)
    base = trims.current_base() if name == "audit" else Base()
    yield from _check_held(name, held_by, base, until.tallies.get(name, Tally()).last)


def _check_held(
    name: str, held_by: Iterable[tuple[Anchor, Tally]], base: Base, last: int
) -> Iterator[str]:
    tally = base.tally
    rows = _Rows(ANCHORED[name], after=tally.last, until=last)
    for anchor, held in held_by:
        if held.last < base.tally.last:
            # What came before is deleted. All of it was there already when its end was reached.
            if base.before and datetime.fromisoformat(anchor.at) > base.before + _LATE:
                yield f"After {anchor.at}, {name} were added that were deleted before their end."
                return
            continue
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

    def __init__(self, model: type[Model], *, after: int, until: int) -> None:
        self._rows = anchors.row_macs(model, after=after, until=until)
        self._next = next(self._rows, None)

    def up_to(self, last: int) -> Iterator[tuple[int, str]]:
        while self._next and self._next[0] <= last:
            yield self._next
            self._next = next(self._rows, None)
