"""What the last recount of the ledger came to, for the page that shows it.

Kept as a file beside the anchors: it is no record, because the next recount makes it anew; the
database would need a table for one row, and the shared cache forgets within minutes and may be
emptied. Any worker writes the anchors, so where several machines serve they share that folder
already, and the page of each finds the file. Where there is none, nothing is known.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from inquiries.ledger import anchors
from inquiries.ledger.verification import Findings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recount:
    #: Aware.
    at: datetime
    #: As Findings.conservation says it.
    conservation: str


def save_recount(findings: Findings) -> None:
    """Whole or not at all: who reads meanwhile finds the one before."""
    path, draft = _path(), _path().with_suffix(".new")
    said = {"at": timezone.now().isoformat(), "conservation": findings.conservation}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(said), encoding="utf-8")
        draft.replace(path)
    except OSError:  # that it was counted, and whether all is there, the worker's job says
        logger.warning("what the recount came to could not be kept", exc_info=True)


def load_recount() -> Recount | None:
    """None where nobody has counted, or what is there is none of ours."""
    try:
        said = json.loads(_path().read_text(encoding="utf-8"))
        return Recount(datetime.fromisoformat(said["at"]), str(said["conservation"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path() -> Path:
    return anchors.anchors_path().with_name("recount.json")
