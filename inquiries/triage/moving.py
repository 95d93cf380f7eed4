"""Moving several requests of one colleague at once, each by the verb that moves one."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inquiries.ledger.transitions import StepRefused
from inquiries.models import Inquiry, Language
from inquiries.triage import steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.models import User

#: The most that one page lists and moves; the rest follows with the next.
MOST = 50


@dataclass
class Moved:
    done: int = 0
    #: What was refused, with why.
    refused: list[tuple[Inquiry, str]] = field(default_factory=list)


def list_requests(owner: "User", *, urgency: str = "", language: str = "") -> list[Inquiry]:
    """Return what they have open of one urgency or language, or all: the earliest due first.

    The language is the one that the sender asked for last.
    """
    rows = Inquiry.objects.claimed_by(owner).for_queue()
    if urgency:
        rows = rows.filter(urgency=urgency)
    if language:
        spoken = [language, ""] if language == Language.ENGLISH else [language]
        rows = rows.filter(current_language__in=spoken)
    return list(rows[: MOST + 1])


def move_requests(
    picked: "Iterable[tuple[Inquiry, int]]", *, to: "User | None", by: "User"
) -> Moved:
    """Hand each over to a colleague, or release it if `to` is None.

    Each is its own transaction: what changed since the page was made is refused and named, and the
    others still move.
    """
    moved = Moved()
    for inquiry, version in picked:
        try:
            if to is None:
                steps.release(inquiry, version=version, by=by)
            else:
                steps.reassign(inquiry, to=to, version=version, by=by)
        except StepRefused as refusal:
            moved.refused.append((inquiry, str(refusal)))
        else:
            moved.done += 1
    return moved
