"""Anchoring after a restore: which anchors a restored database no longer answers for.

Nothing is taken out of the file. An anchor that names the last one in the backup sets aside those
in between: they stay in the chain and in the report, and their rows are not looked for.
"""

from collections.abc import Callable

from inquiries.ledger import anchors
from inquiries.ledger.anchor_file import append_line, locked_file
from inquiries.ledger.anchors import Anchor
from inquiries.models import AnchorCopy


class AnchorsDiffer(Exception):
    """File and database hold different anchors; neither is an older state of the other."""


def restart_anchors() -> Anchor | None:
    """Make file and database agree after either was restored. Return the anchor, if one was added.

    If the database is older, it gets copies of the anchors that it lacks, and the file an anchor
    of what is there. If the file is older, it gets back the lines that the database has. Raise
    AnchorsDiffer or LedgerBusy.
    """
    ends = anchors.settle_ends()
    with locked_file(anchors.anchors_path()) as file:
        last, broken = anchors.read_last()
        copies = [Anchor.parse(copy.line.encode()) for copy in _copies()]
        if not anchors.is_ahead(last):
            for copy in copies[_count_shared(last, copies) :]:
                append_line(file, anchors.anchors_path(), copy.line.encode())
            return None
        ours = [line.anchor for line in anchors.read_lines() if line.anchor and line.anchor.is_ours]
        known = copies[-1] if copies else None
        for lost in _lost_anchors(ours, known):
            anchors.keep_copy(lost)
        tallies = anchors.count_on(known, ends)
        number = known.number if known else 0
        anchor = anchors.next_anchor(last, tallies, broken, restored_to=number)
        append_line(file, anchors.anchors_path(), anchor.line.encode())
        anchors.keep_copy(anchor)
    return anchor


def _copies() -> list[AnchorCopy]:
    return list(AnchorCopy.objects.order_by("number"))


def _count_shared(last: Anchor | None, copies: list[Anchor]) -> int:
    """Return how many of the copies the file has. Raise AnchorsDiffer."""
    if last is None:
        return 0
    macs = [copy.mac for copy in copies]
    if last.mac in macs:
        return macs.index(last.mac) + 1
    if last.number > (copies[-1].number if copies else 0):
        return len(copies)  # its copy is about to be kept
    raise AnchorsDiffer


def _lost_anchors(ours: list[Anchor], known: Anchor | None) -> list[Anchor]:
    """Return the anchors after the last one that the database knows. Raise AnchorsDiffer."""
    macs = [anchor.mac for anchor in ours]
    if known and known.mac not in macs:
        raise AnchorsDiffer
    start = macs.index(known.mac) + 1 if known else 0
    previous = known.mac if known else ""
    lost = [anchor for anchor in ours[start:] if anchor.number]
    for anchor in lost:
        if anchor.mac != anchor.expected_mac(previous):
            raise AnchorsDiffer
        previous = anchor.mac
    return lost


def standing_anchors(ours: list[Anchor], on_remark: Callable[[str], None]) -> list[Anchor]:
    """Return the anchors that the database has to answer for: all, unless it was restored.

    From the last one back, each restart leads to the anchor that was the last in the backup.
    """
    standing: list[Anchor] = []
    most: int | None = None
    for anchor in reversed(ours):
        if most is not None and anchor.number > most:
            continue
        standing.append(anchor)
        if anchor.restored_to is not None:
            most = anchor.restored_to
            on_remark(
                f"On {anchor.at}, the database had been restored from a backup: anchors "
                f"{anchor.restored_to + 1:,} to {anchor.number - 1:,} counted what it lacks."
            )
    return standing[::-1]
