"""Whether the database was restored from a backup: the anchors or the journal are ahead of it.

Nothing inside a restored database tells that it is older than it was. So the worker compares it
with what is outside before it sends a mail, and a restoration that it records holds all of them.
"""

import logging

from django.db import transaction
from django.utils import timezone

from inquiries import journal
from inquiries.journal import EntryKind
from inquiries.ledger import anchors
from inquiries.models import Inquiry, MissingRequest, Restoration

logger = logging.getLogger(__name__)

_BATCH = 500


def notice_restore(*, is_thorough: bool) -> Restoration | None:
    """Return the open restoration, recording one if the database is older than what is outside.

    None if all is well. `is_thorough` reads the whole journal of this machine, too; without it, the
    cost is one query and the end of the anchors file.
    """
    if known := Restoration.objects.open().first():
        return known
    if not (is_behind_anchors() or (is_thorough and is_behind_journal())):
        return None
    logger.error(
        "the database was restored from a backup: mail is held until after_restore has run"
    )
    return open_restoration()


@transaction.atomic
def open_restoration() -> Restoration:
    """Return the open restoration, or a new one that holds all mails made until now."""
    known = Restoration.objects.open().first()
    return known or Restoration.objects.create(noticed_at=timezone.now())


def is_unfinished() -> bool:
    """Whether `after_restore` has to run before anything else is done."""
    return Restoration.objects.open().filter(done_at=None).exists()


def is_behind_anchors() -> bool:
    return anchors.is_ahead(anchors.last_anchor())


def is_behind_journal() -> bool:
    """Whether a request that was stored before it was acknowledged is not there.

    Not one that `after_restore` has named already, or that was erased since.
    """
    try:
        reading = journal.read_entries()
    except OSError:
        return False  # health says that the journal does not work
    stored = {entry.name for entry in reading.of_kind(EntryKind.REQUEST)}
    stored -= {entry.name for entry in reading.of_kind(EntryKind.ERASURE)}
    lacking = stored - known_references(sorted(stored))
    return not lacking <= set(MissingRequest.objects.values_list("reference", flat=True))


def known_references(references: list[str]) -> set[str]:
    """Return those that the database has, erased ones too."""
    found: set[str] = set()
    for start in range(0, len(references), _BATCH):
        rows = Inquiry.objects.filter(reference__in=references[start : start + _BATCH])
        found.update(rows.values_list("reference", flat=True))
    return found
