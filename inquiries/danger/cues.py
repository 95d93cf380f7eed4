"""The cues of cues.txt, and their places in a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from inquiries.danger import prebuilt, word_lists
from inquiries.danger.automaton import Automaton

#: Sections that list words; all other sections hold patterns.
_LISTS = (
    *("topics", "but", "because", "and", "or", "subjects", "starts", "fillers"),
    *("openers", "when", "no", "before_nouns", "me"),
)
TOPICS, BUT, BECAUSE, AND, OR, SUBJECTS, STARTS, FILLERS, OPENERS, WHEN, NO, BEFORE_NOUNS, ME = (
    word_lists.words("cues", section) for section in _LISTS
)


class Span(NamedTuple):
    """The first and last words, both included."""

    start: int
    end: int


@cache
def _automaton() -> tuple[list[str], Automaton]:
    sections = {
        name: lines for name, lines in word_lists.sections("cues").items() if name not in _LISTS
    }
    names = [name for name, lines in sections.items() for _ in lines]
    lines = [line for lines in sections.values() for line in lines]
    return names, prebuilt.build_once("cues", "", lambda: Automaton.of(lines))


def vocabulary() -> Iterable[str]:
    """Return the words used in cues."""
    _, automaton = _automaton()
    return {*automaton.words, *FILLERS, *BUT, *AND, *SUBJECTS}


@dataclass
class Cues:
    """The cues of one kind in a text, by position."""

    spans: list[Span]

    @cached_property
    def by_end(self) -> dict[int, list[Span]]:
        sorted_: dict[int, list[Span]] = {}
        for span in self.spans:
            sorted_.setdefault(span.end, []).append(span)
        return sorted_

    @cached_property
    def starts(self) -> set[int]:
        return {span.start for span in self.spans}

    @cached_property
    def places(self) -> set[int]:
        return {place for span in self.spans for place in range(span.start, span.end + 1)}

    def within(self, start: int, end: int) -> list[Span]:
        """Return the cues between `start` and `end`, both included."""
        ending = (span for place in range(start, end + 1) for span in self.by_end.get(place, ()))
        return [span for span in ending if span.start >= start]

    def overlaps(self, span: Span) -> bool:
        return not self.places.isdisjoint(range(span.start, span.end + 1))


def find_cues(words: Sequence[str]) -> dict[str, Cues]:
    """Return the cues by kind."""
    names, automaton = _automaton()
    cues = {name: Cues([]) for name in names}
    for found in automaton.find(words):
        cues[names[found.pattern]].spans.append(Span(found.start, found.end))
    return cues
