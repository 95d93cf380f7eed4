"""The end of anchors: after three months one a day is enough, a year after audit entries none.

Each anchor counts everything before it, so a later one detects all that an earlier one would. What
the earlier ones add is when. A line that stays carries the hash of the one before it, and so can be
checked on its own.
"""

import errno
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from inquiries.ledger import trims
from inquiries.ledger.anchor_file import locked_file, replace_file
from inquiries.ledger.anchor_lines import Anchor, FileLine, anchors_path, reading
from inquiries.models import AnchorCopy

logger = logging.getLogger(__name__)

#: All anchors of this time stay, in the file and in the database, which refuses to delete copies
#: younger than 90 days by its own clock.
WHOLE_FOR = timedelta(days=91)
#: One a day stays for as long as it may have to show which audit entries there were, and a year.
_LONGER = timedelta(days=366)
_SLICE = 2000
#: Errors of a file that can only be added to, or that is mounted alone.
_FIXED = {errno.EACCES, errno.EBUSY, errno.EPERM, errno.EROFS}


def thin_anchors(now: datetime) -> None:
    """Take out of file and database what is past its end. Check the clock before.

    If the disk lets nobody replace the file, it keeps all its lines.
    """
    # Whole days, so that the last one of each is the last one tomorrow, too.
    young = datetime.combine((now - WHOLE_FOR).date(), time(), now.tzinfo)
    if not anchors_path().exists():
        return
    with locked_file(anchors_path()), reading() as lines:
        last_old = _find_last_old(lines(), young)
        if last_old is None:
            return
        if last_old.previous is None:
            try:
                replace_file(anchors_path(), _thinned(lines(), young, now - trims.kept() - _LONGER))
            except OSError as error:
                if error.errno not in _FIXED:
                    raise
                logger.info("the anchors file can only be added to, so it keeps all its lines")
    copies = AnchorCopy.objects.filter(number__lt=last_old.number).order_by("number")
    while ids := list(copies.values_list("pk", flat=True)[:_SLICE]):
        AnchorCopy.objects.filter(pk__in=ids).delete()


def _is_old(anchor: Anchor, before: datetime) -> bool:
    return datetime.fromisoformat(anchor.at) < before


def _find_last_old(lines: Iterator[FileLine], young: datetime) -> Anchor | None:
    """Return our last anchor from before; later ones continue its chain."""
    last: Anchor | None = None
    for anchor in (line.anchor for line in lines if line.anchor and line.anchor.is_ours):
        if not _is_old(anchor, young):
            break
        last = anchor
    return last


def _thinned(lines: Iterator[FileLine], young: datetime, gone: datetime) -> Iterator[bytes]:
    """Yield the lines that stay. Those of other databases are not ours to take out."""
    waiting: Anchor | None = None
    previous, is_young = "", False
    for line in lines:
        anchor = line.anchor if line.anchor and line.anchor.is_ours else None
        if is_young or (line.anchor and anchor is None):
            yield line.text
        elif anchor and not _is_old(anchor, young):
            assert waiting  # noqa: S101 - an old one comes first, or nothing is thinned
            yield waiting.line.encode()
            yield line.text
            is_young = True
        elif anchor:
            if waiting and _stays(waiting, anchor, gone):
                yield waiting.line.encode()
            own = anchor.previous
            waiting = replace(anchor, previous=previous if own is None else own)
            previous = anchor.mac
    if waiting and not is_young:
        yield waiting.line.encode()


def _stays(anchor: Anchor, following: Anchor, gone: datetime) -> bool:
    """Whether it is the last of its day, or says that the database was restored."""
    is_last = anchor.at[:10] != following.at[:10]
    return not _is_old(anchor, gone) and (is_last or anchor.restored_to is not None)
