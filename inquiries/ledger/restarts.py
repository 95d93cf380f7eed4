"""Anchoring after a restore: which anchors a restored database no longer answers for.

Nothing is taken out of the file for it. An anchor that names the last one in the backup sets aside
those in between: they stay in the chain and in the report, and their rows are not looked for.
"""

from collections.abc import Callable

from inquiries.ledger import anchors
from inquiries.ledger.anchor_file import append_line, locked_file
from inquiries.ledger.anchor_lines import Anchor, anchors_path, reading
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
    with locked_file(anchors_path()) as file:
        last, broken = anchors.read_last()
        copies = AnchorCopy.objects.order_by("number")
        if not anchors.is_ahead(last):
            missing = copies.filter(number__gt=_last_shared(last))
            for line in missing.values_list("line", flat=True).iterator():
                append_line(file, anchors_path(), line.encode())
            return None
        newest = copies.last()
        known = Anchor.parse(newest.line.encode()) if newest else None
        for lost in _lost_anchors(known):
            anchors.keep_copy(lost)
        tallies = anchors.count_on(known, ends)
        number = known.number if known else 0
        anchor = anchors.next_anchor(last, tallies, broken, restored_to=number)
        append_line(file, anchors_path(), anchor.line.encode())
        anchors.keep_copy(anchor)
    return anchor


def _last_shared(last: Anchor | None) -> int:
    """Return the number of the last anchor that file and database share. Raise AnchorsDiffer."""
    if last is None:
        return 0
    if AnchorCopy.objects.filter(mac=last.mac, number=last.number).exists():
        return last.number
    if not AnchorCopy.objects.filter(number__gte=last.number).exists():
        return last.number  # its copy is about to be kept
    raise AnchorsDiffer


def _lost_anchors(known: Anchor | None) -> list[Anchor]:
    """Return the anchors after the last one that the database knows. Raise AnchorsDiffer."""
    lost: list[Anchor] = []
    previous, is_after = "", known is None
    with reading() as lines:
        for anchor in (line.anchor for line in lines() if line.anchor and line.anchor.is_ours):
            if is_after and anchor.number:
                if anchor.mac != anchor.expected_mac(anchor.previous or previous):
                    raise AnchorsDiffer
                lost.append(anchor)
            if known and anchor.mac == known.mac:
                is_after = True
            previous = anchor.mac
    if not is_after:
        raise AnchorsDiffer
    return lost


def set_aside(restarts: list[Anchor], on_remark: Callable[[str], None]) -> list[range]:
    """Return the numbers of anchors that the database does not have to answer for.

    From the last restart back, each leads to the anchor that was the last in the backup.
    `restarts`: the anchors that followed a restore, oldest first.
    """
    aside: list[range] = []
    for anchor in reversed(restarts):
        back_to = anchor.restored_to or 0
        if not any(anchor.number in each for each in aside):
            aside.append(range(back_to + 1, anchor.number))
            on_remark(
                f"On {anchor.at}, the database had been restored from a backup: anchors "
                f"{back_to + 1:,} to {anchor.number - 1:,} counted what it lacks."
            )
    return aside
