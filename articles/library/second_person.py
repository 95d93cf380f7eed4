"""Changes that two people have to agree on before readers see them, and the second one's decision.

One of the two is a medical reviewer. Nobody is exempt, not even superusers (decision 28).
"""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from articles.editing import publishing, writing
from articles.library import categories, images, sources, standing, terms, words
from articles.library.page_updates import require_permission
from articles.models import Proposal
from articles.permissions import APPROVE, CHANGE_REFERENCES
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User

#: Each takes the row, its values before and after the change, and the person who approves it. It
#: locks the row and raises StepRefused if the values have changed since the proposal.
_APPLY: dict[str, Callable[..., Any]] = {
    Proposal.Kind.STANDING: standing.apply_standing,
    Proposal.Kind.SOURCE: sources.apply_details,
    Proposal.Kind.TERM: terms.apply_term,
    Proposal.Kind.CATEGORY: categories.apply_category,
    Proposal.Kind.CREDIT: images.apply_credit,
    Proposal.Kind.ADDRESS: writing.apply_address,
    Proposal.Kind.RETIREMENT: publishing.apply_retirement_reason,
}


def approval_blockers(proposal: Proposal, by: "User") -> list[str]:
    """Return the reasons why a person can't approve it; empty if they can."""
    if proposal.decision:
        return [str(words.DECIDED_ALREADY)]
    if not by.has_perm(CHANGE_REFERENCES):
        return [str(words.EDITORS_APPROVE)]
    if proposal.proposed_by_id == by.pk:
        return [str(words.OWN_PROPOSAL)]
    if by.has_perm(APPROVE):
        return []
    if proposal.proposed_by is None:
        return [str(words.LOOKED_UP)]
    return [] if proposal.proposed_by.has_perm(APPROVE) else [str(words.NEEDS_REVIEWER)]


@transaction.atomic
def approve_proposal(proposal: Proposal, *, by: "User") -> Proposal:
    """Approve it, so that readers see it. Raise StepRefused."""
    proposal = _reload(proposal.pk)
    if reasons := approval_blockers(proposal, by):
        raise StepRefused(*reasons)
    # Lock the row first and the proposal last, in the same order as when proposing, to avoid a
    # deadlock.
    _APPLY[proposal.kind](proposal.target, before=proposal.before, after=proposal.after, by=by)
    return _decide(proposal, Proposal.Decision.APPROVED, by=by)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, answer: str, by: "User") -> Proposal:
    """Decline it, with an answer for the person who proposed it, or withdraw one's own proposal.

    Raise StepRefused.
    """
    proposal = _reload(proposal.pk)
    require_permission(by, CHANGE_REFERENCES, words.EDITORS_DECLINE)
    if proposal.proposed_by_id == by.pk:
        return _decide(proposal, Proposal.Decision.TAKEN_BACK, by=by)
    answer = fold_spaces(answer)
    if not answer:
        raise StepRefused(words.SAY_WHY_DECLINED)
    return _decide(proposal, Proposal.Decision.DECLINED, by=by, answer=answer[:400])


def _reload(pk: uuid.UUID) -> Proposal:
    return Proposal.objects.for_staff().get(pk=pk)


def _decide(
    proposal: Proposal, decision: Proposal.Decision, *, by: "User", answer: str = ""
) -> Proposal:
    said = {
        "decision": decision,
        "decided_by": by,
        "decided_at": timezone.now(),
        "answer": answer,
    }
    if not Proposal.objects.filter(pk=proposal.pk, decision="").update(**said):
        raise StepRefused(words.DECIDED_ALREADY)
    for name, value in said.items():
        setattr(proposal, name, value)
    return proposal
