"""What became of sources since they were published: recorded, and proposed to the desk.

Nothing here sets a warning or takes one away: a person approves each proposal.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles.editing.proposals import propose_change
from articles.library import words
from articles.library.page_updates import require_permission
from articles.library.standing import current_standing, is_alarm
from articles.models import Proposal, Reference, SourceNotice
from articles.permissions import CHANGE_REFERENCES
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused

if TYPE_CHECKING:
    from articles.library.lookup.findings import FoundNotice
    from articles.models import ReferenceQuerySet
    from portal.models import User

#: How often a source is looked up, and within how many hours those of one day are spread.
EVERY, SPREAD_HOURS = timedelta(days=30), 72
#: How long a source belongs to the worker that looks it up, and the longest pause after failures.
LEASE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=7)
#: When a notice is tried again that a colleague's open proposal is in the way of.
_SOON = timedelta(days=1)
_STANDINGS = {
    SourceNotice.Kind.RETRACTION: Standing.RETRACTED,
    SourceNotice.Kind.CONCERN: Standing.DISPUTED,
}


def claim_source(reference: Reference, *, now: datetime) -> bool:
    """Return whether it is ours to look up: of two workers, only one moves its time ahead."""
    mine = Reference.objects.filter(pk=reference.pk, check_at=reference.check_at)
    return bool(mine.update(check_at=now + LEASE))


def record_failure(reference: Reference, *, now: datetime) -> None:
    """Nobody could say anything about it: ask again after 1, 2, 4 … hours."""
    failures = min(reference.check_failures + 1, 30)
    pause = min(timedelta(hours=2 ** min(failures - 1, 10)), LONGEST_PAUSE)
    _same(reference).update(check_at=now + pause, check_failures=failures)


@transaction.atomic
def record_check(
    reference: Reference,
    *,
    missing: Sequence[str],
    notices: Collection["FoundNotice"],
    now: datetime,
) -> None:
    """Record what a look-up said: which of its numbers nobody knows, and all notices about it.

    A retraction or an expression of concern is proposed as its status, once for each notice.
    Nothing is recorded if its numbers were changed meanwhile.
    """
    spread = timedelta(hours=reference.pk.int % SPREAD_HOURS)
    said = {
        "check_at": now + EVERY + spread,
        "check_failures": 0,
        "missing_numbers": ", ".join(missing),
    }
    if not _same(reference).update(**said):  # also locks the row
        return
    if not missing:
        Reference.objects.missing().filter(pk=reference.pk).update(missing_since=None)
    else:
        fresh = Reference.objects.filter(pk=reference.pk, missing_since=None)
        fresh.update(missing_since=now)
    for each in notices:
        SourceNotice.objects.get_or_create(reference=reference, kind=each.kind, number=each.number)
    if not _propose_standing(Reference.objects.get(pk=reference.pk), now):
        Reference.objects.filter(pk=reference.pk).update(check_at=now + _SOON)


def _propose_standing(reference: Reference, now: datetime) -> bool:
    """Propose what open notices say; return False if that has to wait for a colleague."""
    waiting = SourceNotice.objects.unproposed().filter(reference=reference)
    found = list(waiting)
    if not found:
        return True
    standing = max((_STANDINGS[SourceNotice.Kind(each.kind)] for each in found), key=_strength)
    proposed = Proposal.objects.waiting().filter(kind=Proposal.Kind.STANDING, target=reference.pk)
    open_one = proposed.first()
    if open_one and open_one.proposed_by_id:
        return False
    before = current_standing(reference)
    known = Standing(before["standing"])
    if open_one:
        known = max(known, Standing(str(open_one.after["standing"])), key=_strength)
    if is_alarm(known, standing):
        names = ", ".join(str(each) for each in found)
        try:
            propose_change(
                Proposal.Kind.STANDING,
                target=reference.pk,
                subject=f"[@{reference.key}]",
                before=before,
                after={"standing": standing.value, "standing_note": "", "standing_by": None},
                why=words.PROPOSED_BECAUSE % {"notices": names},
                by=None,
            )
        except StepRefused:
            return False
    waiting.update(settled_at=now)
    return True


def _strength(standing: Standing) -> int:
    return sum(is_alarm(other, standing) for other in Standing)


@transaction.atomic
def mark_corrections_read(reference: Reference, *, by: "User") -> None:
    """Say that one has read the corrections of a source. Raise StepRefused."""
    require_permission(by, CHANGE_REFERENCES, words.EDITORS_READ)
    unread = SourceNotice.objects.unread().filter(reference=reference)
    unread.update(settled_at=timezone.now(), settled_by=by)


def _same(reference: Reference) -> "ReferenceQuerySet":
    """The row, if its numbers are still those that were looked up."""
    return Reference.objects.filter(pk=reference.pk, doi=reference.doi, pmid=reference.pmid)
