"""All checks."""

from articles.checking import (
    attestations,
    balance,
    claims,
    comparisons,
    evidence_cards,
    figures,
    hype,
    overclaims,
    readability,
    sources,
    stage,
    structure,
)
from articles.checking.results import Check
from articles.languages import ORIGINAL

#: In the order in which editors see them.
CHECKS: tuple[Check, ...] = (
    *structure.CHECKS,
    *stage.CHECKS,
    *sources.CHECKS,
    *figures.CHECKS,
    *evidence_cards.CHECKS,
    *balance.CHECKS,
    *comparisons.CHECKS,
    *hype.CHECKS,
    *claims.CHECKS,
    *overclaims.CHECKS,
    *readability.CHECKS,
    *attestations.CHECKS,
)

#: These depend on English words. The verbs compare a translation with its original instead.
_ENGLISH_ONLY = frozenset(
    check.id
    for group in (stage, figures, comparisons, hype, claims, overclaims)
    for check in group.CHECKS
) | {"missing-harms", "unknowns", "follow-up", "grade", "jargon"}
_TRANSLATED_ONLY = frozenset({attestations.SAYS_THE_SAME})


def checks_for(language: str) -> tuple[Check, ...]:
    """Return the checks that work for a text in this language."""
    leave_out = _TRANSLATED_ONLY if language == ORIGINAL else _ENGLISH_ONLY
    return tuple(check for check in CHECKS if check.id not in leave_out)
