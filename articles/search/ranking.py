"""How well a text answers a query: the same on every database.

Each concept of the query counts by how rare it is, and by how much the text is about it. A text
that leaves out much of what was asked for is no answer.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from articles.search.entries import title_stems_of
from articles.search.query import Alternative, Concept
from articles.search.vocabulary import Vocabulary

#: Strength at which a text is half as much about a word as it can be.
_HALF = 4.0
#: The part of a query, by rarity, that a text has to answer; or how much it has to be about it.
LEAST_ANSWERED, LEAST_SAID = 0.55, 0.25
#: A word that one in ten articles holds is as good as any to tell them apart.
_RAREST = 2.5
#: What a part of a phrase is worth beside the whole.
_PART_OF_A_PHRASE = 0.4
#: What a title that says little else is worth.
_TITLE_SAYS_IT = 0.35


@dataclass(frozen=True)
class Rated:
    """A concept and how rare it is."""

    concept: Concept
    rarity: float
    #: How many articles hold it, and how many titles, about.
    held: int
    titles: int

    @cached_property
    def by_language(self) -> dict[str, list[Alternative]]:
        found: dict[str, list[Alternative]] = {}
        for each in self.concept.alternatives:
            found.setdefault(each.phrase.language, []).append(each)
        return found


@dataclass(frozen=True, order=True)
class Score:
    #: Between 0 (no answer) and about 1.35.
    points: float
    #: How much title and query say the same: between 0 and 1.
    says_it: float
    #: The part of the query that is answered: between 0 and 1.
    answered: float


NOTHING = Score(0.0, 0.0, 0.0)


def rate(concepts: Iterable[Concept], known: Vocabulary) -> list[Rated]:
    return [_rate(concept, known) for concept in concepts]


def _rate(concept: Concept, known: Vocabulary) -> Rated:
    held, titles = (
        max((_held_in(stems, each) for each in concept.alternatives), default=0)
        for stems in (known.stems, known.titles)
    )
    rarity = min(math.log(1 + (known.articles + 1) / (held + 1)), _RAREST)
    return Rated(concept, rarity, held, titles)


def _held_in(stems: Mapping[str, Mapping[str, int]], alternative: Alternative) -> int:
    of_language = stems.get(alternative.phrase.language, {})
    return min((of_language.get(each, 0) for each in alternative.phrase.stems), default=0)


def score(
    rated: Iterable[Rated], *, language: str, title: str, strengths: Mapping[str, float]
) -> Score:
    own = title_stems_of(title, language)
    total = answered = said = in_title = 0.0
    matched: set[str] = set()
    for each in rated:
        total += each.rarity
        strength = 0.0
        is_in_title = False
        for alternative in each.by_language.get(language, ()):
            if found := _strength(alternative, strengths):
                strength = max(strength, found)
                matched.update(alternative.phrase.stems)
                is_in_title = is_in_title or own.issuperset(alternative.phrase.stems)
        if strength:
            answered += each.rarity
            said += each.rarity * strength
        in_title += each.rarity * is_in_title
    if not total or (answered / total < LEAST_ANSWERED and said / total < LEAST_SAID):
        return NOTHING
    says_it = (len(own & matched) / len(own) if own else 0.0) * in_title / total
    points = answered / total * (said / total + _TITLE_SAYS_IT * says_it)
    return Score(points, says_it, answered / total)


def _strength(alternative: Alternative, strengths: Mapping[str, float]) -> float:
    """Return how much a text is about a phrase, between 0 and 1."""
    stems = alternative.phrase.stems
    if len(stems) == 1:  # as most are: it is the same as below, and takes half the time
        one = strengths.get(stems[0], 0.0)
        return alternative.weight * (one / (one + _HALF)) if one else 0.0
    found = [strengths.get(each, 0.0) for each in stems]
    there = [each for each in found if each]
    if not there:
        return 0.0
    strength = sum(each / (each + _HALF) for each in there) / len(stems)
    if len(there) == len(stems):
        return alternative.weight * strength
    return strength * _PART_OF_A_PHRASE if alternative.is_typed else 0.0
