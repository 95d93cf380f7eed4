"""How found words and cues relate in one text: their clauses, and how far apart they are."""

from bisect import bisect
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from inquiries.danger import cues
from inquiries.danger.cues import AND, BECAUSE, BUT, FILLERS, OPENERS, STARTS, WHEN, Cues, Span
from inquiries.danger.pattern_syntax import PAUSE, SENTENCE_END

#: The most words between a cue and what it is about.
_FURTHEST = 10
#: The most words besides the cue in a clause that only says when: "In the spring of 2009, …".
_ALONE = 3


class ClauseStructure:
    """The words of one text, and what is near what."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    @cached_property
    def _cues(self) -> dict[str, Cues]:
        return cues.find_cues(self.words)

    def _leading(self, name: str, found: Span) -> list[Span]:
        """Return cues right before the words, with nothing but fillers in between."""
        by_end = self._cues[name].by_end
        leading: list[Span] = []
        for place in range(found.start - 1, max(found.start - _FURTHEST, 0) - 1, -1):
            leading += by_end.get(place, ())
            if self.words[place] not in FILLERS:
                break
        return leading

    def _until(self, end: int, stops: frozenset[str], most: int) -> int:
        for place in range(end + 1, min(len(self.words), end + 1 + most)):
            if self.words[place] == SENTENCE_END or self.words[place] in stops:
                return place
        return min(len(self.words), end + 1 + most)

    @cached_property
    def _clauses(self) -> list[Span]:
        """The parts of sentences that have their own subject."""
        starts = [0]
        for place, (before, word) in enumerate(pairwise(self.words), 1):
            after = self.words[place + 1] if place + 1 < len(self.words) else ""
            if (
                before == SENTENCE_END
                or word in BUT
                or (before == PAUSE and word in STARTS)
                or (word in AND and after in STARTS)
            ):
                starts.append(place)
        return [Span(start, end - 1) for start, end in pairwise([*starts, len(self.words)])]

    def _clause_of(self, place: int) -> int:
        return bisect(self._clauses, place, key=lambda clause: clause.start) - 1

    @cached_property
    def _by_clause(self) -> dict[str, dict[int, list[Span]]]:
        sorted_: dict[str, dict[int, list[Span]]] = {name: {} for name in self._cues}
        for name, each in self._cues.items():
            for span in each.spans:
                sorted_[name].setdefault(self._clause_of(span.start), []).append(span)
        return sorted_

    def _in_clause(self, name: str, found: Span) -> list[Span]:
        """Return cues in its clause, or alone in an adjacent clause of the same sentence."""
        number = self._clause_of(found.start)
        kept = self._by_clause[name]
        near = [*kept.get(number, ())]
        for beside in (number - 1, number + 1):
            if beside not in kept:
                continue
            clause, first = self._clauses[beside], self._clauses[max(beside, number)].start
            if name == "past" and self.words[first] in (BECAUSE if beside < number else WHEN):
                opening = clause.start if beside < number else first
                near += [
                    each
                    for each in kept[beside]
                    if each.start == opening or (beside > number and self._is_date(each))
                ]
            if name == "past" and self.words[clause.start] in WHEN:
                near += kept[beside]
            if name == "general" or (name == "world" and self.words[clause.start] not in OPENERS):
                continue
            if self.words[first - 1] != SENTENCE_END and self.words[first] not in BUT:
                besides = clause.end - clause.start
                near += [each for each in kept[beside] if besides - each.end + each.start <= _ALONE]
        return near

    def _is_date(self, cue: Span) -> bool:
        return self.words[cue.end].isdigit() or self.words[cue.end] == "ago"

    def _opens(self, cue: Span) -> bool:
        """Return whether it begins a clause or part of one: "In the summer of 2009, …"."""
        if self.words[cue.start - 1] == PAUSE:
            return True
        start = self._clauses[self._clause_of(cue.start)].start
        return cue.start - start <= (4 if self.words[start] in OPENERS else 2)
