"""What two people have to agree on before readers see it, and how a second one decides.

Of the two, one is a medical reviewer. Nobody is exempt, superusers neither (decision 28).
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

#: Each takes the row, what stood there, what is to stand there, and who approves; it locks the
#: row, and raises StepRefused where something else stands there by now.
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
    """Why somebody cannot approve it; empty where they can."""
    if proposal.decision:
        return [str(words.DECIDED_ALREADY)]
    if not by.has_perm(CHANGE_REFERENCES):
        return [str(words.EDITORS_APPROVE)]
    if proposal.proposed_by_id == by.pk:
        return [str(words.OWN_PROPOSAL)]
    if not (by.has_perm(APPROVE) or proposal.proposed_by.has_perm(APPROVE)):
        return [str(words.NEEDS_REVIEWER)]
    return []


@transaction.atomic
def approve_proposal(proposal: Proposal, *, by: "User") -> Proposal:
    """Let readers see it. Raise StepRefused."""
    proposal = _reload(proposal.pk)
    if reasons := approval_blockers(proposal, by):
        raise StepRefused(*reasons)
    # The row first and the proposal last, as the proposing verbs take them: no two wait for each
    # other.
    _APPLY[proposal.kind](proposal.target, before=proposal.before, after=proposal.after, by=by)
    return _decide(proposal, Proposal.Decision.APPROVED, by=by)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, answer: str, by: "User") -> Proposal:
    """Let it be, and say why to who proposed it; who proposed it themselves takes it back.

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
