"""Changes that wait for a second person: proposed here, decided in `library.second_person`."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.editing import words
from articles.models import Proposal
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


def propose_change(  # noqa: PLR0913 - each is a part of what waits
    kind: Proposal.Kind,
    *,
    target: uuid.UUID | None,
    subject: str,
    before: dict[str, Any],
    after: dict[str, Any],
    why: str = "",
    by: "User | None",
) -> Proposal | None:
    """Propose a change for a second person to decide; it replaces what waited for the same row.

    `by` is None if the worker noticed it. Return None if nothing would change. Call it inside the
    verb's transaction. Raise StepRefused if somebody else proposes a change to the row at the same
    moment.
    """
    changes = {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
    if not changes:
        return None
    if target is not None:
        waiting = Proposal.objects.filter(kind=kind, target=target, decision="")
        same = waiting.filter(proposed_by=by).first()
        if same and same.changes == changes:
            return same
        close_proposals(kind, target)
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                kind=kind,
                target=target,
                subject=subject[:500],
                changes=changes,
                why=why[:400],
                proposed_by=by,
            )
    except IntegrityError:
        raise StepRefused(words.PROPOSED_JUST_NOW) from None


def require_unchanged(now: Mapping[str, object], before: Mapping[str, object]) -> None:
    """Raise StepRefused if the values are different `now` from when the change was proposed."""
    if any(now[name] != value for name, value in before.items()):
        raise StepRefused(words.CHANGED_SINCE_PROPOSED)


def close_proposals(kind: Proposal.Kind, target: uuid.UUID) -> None:
    """Mark what waits for the row as out of date."""
    Proposal.objects.filter(kind=kind, target=target, decision="").update(
        decision=Proposal.Decision.REPLACED, decided_at=timezone.now()
    )
