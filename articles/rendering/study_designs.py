"""Designs of studies in words that a reader needs no training for."""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.rendering.library_snapshot import StudyDesign


@dataclass(frozen=True)
class DesignText:
    name: str
    #: How it was made; then what it can show at its best, and what it cannot, whatever it found.
    how: str
    can: str
    cannot: str


#: They can show whether a treatment made a difference, where enough people took part.
COMPARATIVE_DESIGNS = frozenset({StudyDesign.RANDOMISED, StudyDesign.CONTROLLED})

DESIGN_TEXTS: Mapping[StudyDesign, DesignText] = {
    StudyDesign.RANDOMISED: DesignText(
        "Randomised trial",
        "Chance decided who got which treatment. In large groups, that helps to make them alike.",
        "whether the treatment made the difference",
        "what happens to people unlike those who took part, or after the study ended",
    ),
    StudyDesign.CONTROLLED: DesignText(
        "Study with a comparison group, not by chance",
        "People who got the treatment were compared with others. Chance did not decide who got it.",
        "that one group did better than the other",
        "that the treatment was the reason: the groups may have differed from the start",
    ),
    StudyDesign.UNCONTROLLED: DesignText(
        "Study without a comparison group",
        "Everybody in it got the treatment.",
        "what happened to these people",
        "that the treatment was the reason: some of them may have got better or worse without it",
    ),
    StudyDesign.CASES: DesignText(
        "Reports on single people",
        "Clinicians describe what happened to one or a few people.",
        "that something can happen",
        "how often it happens, or why",
    ),
    StudyDesign.LABORATORY: DesignText(
        "Laboratory study",
        "It was made with cells or animals. No people took part.",
        "how something might work",
        "whether it helps or harms people",
    ),
    StudyDesign.REVIEW: DesignText(
        "Review of studies",
        "It gathers several studies and weighs them.",
        "what they say together",
        "more than the studies in it could: weak studies stay weak together",
    ),
    StudyDesign.GUIDELINE: DesignText(
        "Guideline",
        "Specialists agreed on what to do, going by the studies there were.",
        "what specialists advised at that time",
        "what is right for one person",
    ),
    StudyDesign.REGULATOR: DesignText(
        "Notice of a regulator",
        "It comes from an authority that decides what may be sold as a treatment.",
        "what is approved, and what the authority warns of",
        "what is right for one person",
    ),
    StudyDesign.OTHER: DesignText(
        "Background",
        "It is no study of how well a treatment works.",
        "where a statement comes from",
        "whether a treatment works",
    ),
}
