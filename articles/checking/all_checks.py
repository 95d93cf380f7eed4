"""Every check there is."""

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
