"""How sure one can be of a card: the four words of GRADE, and the grounds that lower it.

Guyatt GH et al. GRADE: an emerging consensus on rating quality of evidence and strength of
recommendations. BMJ 2008;336:924-6. A medical reviewer gives the rating; nothing here works it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Certainty(TextChoices):
    """From the highest to the lowest."""

    HIGH = "high", _("High")
    MODERATE = "moderate", _("Moderate")
    LOW = "low", _("Low")
    VERY_LOW = "very_low", _("Very low")


class Ground(TextChoices):
    """Why the certainty isn't high, for readers: grounds that GRADE names."""

    # Risk of bias
    NO_COMPARISON = "no_comparison", _("no one went without the treatment")
    NOT_RANDOMIZED = "not_randomized", _("chance did not decide who got it")
    NOT_BLINDED = "not_blinded", _("people knew who got it")
    RESULTS_MISSING = "results_missing", _("some people’s results are missing")
    STOPPED_EARLY = "stopped_early", _("it was stopped early")
    # Imprecision
    FEW_PEOPLE = "few_people", _("few people took part")
    # Inconsistency
    STUDIES_DISAGREE = "studies_disagree", _("studies disagree")
    # Indirectness
    ONE_PLACE = "one_place", _("it took place at one hospital")
    OTHER_PEOPLE = "other_people", _("the people in it may differ from other patients")
    SHORT_TIME = "short_time", _("people were not followed for long")
    # Publication bias
    UNPUBLISHED = "unpublished", _("some results may not have been published")


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A reviewer's rating of one card."""

    level: Certainty
    grounds: tuple[Ground, ...] = ()

    @property
    def is_explained(self) -> bool:
        """Return whether it says why. High certainty has nothing against it to name."""
        return bool(self.grounds) != (self.level is Certainty.HIGH)

    def as_json(self) -> dict[str, Any]:
        return {"level": str(self.level), "because": [str(each) for each in self.grounds]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote. Raise ValueError, KeyError, or TypeError for anything else."""
        return cls(
            level=Certainty(value["level"]),
            grounds=tuple(Ground(each) for each in value.get("because") or ()),
        )


#: The ratings of a page's cards by their number, which starts at 1. A card can be without one.
Ratings = Mapping[int, Rating]
NO_RATINGS: Ratings = MappingProxyType({})


def ratings_to_json(ratings: Ratings) -> dict[str, Any]:
    return {str(number): rating.as_json() for number, rating in sorted(ratings.items())}


def ratings_from_json(stored: Mapping[str, Any] | None) -> dict[int, Rating]:
    return {int(number): Rating.from_json(value) for number, value in (stored or {}).items()}
