"""A list of patterns, applied to texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

from inquiries.danger import context, cues
from inquiries.danger.automaton import Automaton, PatternHit
from inquiries.danger.pattern_syntax import parse_leniently
from inquiries.danger.spellings import SpellingCorrector
from inquiries.danger.tokenizer import Token, strip_invisible, tokenize

PatternRow = tuple[str, str, str]


class Match(NamedTuple):
    """A match: its kind, the language of its pattern, and the words as they were written."""

    kind: str
    language: str
    words: str


@dataclass(frozen=True)
class Patterns:
    """A list of patterns, each with its kind and language."""

    rows: tuple[PatternRow, ...]

    @classmethod
    def of(cls, rows: Iterable[PatternRow]) -> Self:
        return cls(tuple(rows))

    def build(self) -> Self:
        """Build now what the first text would otherwise have to wait for."""
        _ = self._automaton, self._spelling
        return self

    def matches(self, text: str) -> tuple[Match, ...]:
        """Return the matches that mean danger, each kind in the same words only once."""
        return tuple(dict.fromkeys(self.iter_matches(text)))

    def iter_matches(self, text: str) -> Iterator[Match]:
        """Yield the matches one at a time, possibly with duplicates."""
        text = strip_invisible(text)
        words = tokenize(text, self._spelling)
        around = context.Context([each.text for each in words])
        # Matches so far, for patterns that have several parts.
        waiting: dict[int, dict[int, Match]] = {}
        for found in self._with_all_parts(around.words):
            kind, spoken, pattern = self.rows[found.pattern]
            if found.part and not around.is_affirmed(found.start, found.end):
                continue
            if not found.part and not around.is_danger(kind, found.start, found.end):
                continue
            match = Match(kind, spoken, _quote_words(text, words[found.start : found.end + 1]))
            parts = waiting.setdefault(found.pattern, {})
            parts.setdefault(found.part, match)
            if len(parts) == len(parse_leniently(pattern)):
                yield parts[0] if len(parts) > 1 else match

    def _with_all_parts(self, words: Sequence[str]) -> Iterator[PatternHit]:
        """Yield hits only once all parts of their pattern are found. A part alone means nothing, so
        its context need not be checked.
        """
        apart: dict[int, list[PatternHit]] = {}
        parts: dict[int, set[int]] = {}
        for found in self._automaton.find(words):
            number = len(parse_leniently(self.rows[found.pattern][2]))
            there = parts.setdefault(found.pattern, set())
            there.add(found.part)
            kept = apart.setdefault(found.pattern, [])
            kept.append(found)
            if len(there) == number:
                yield from kept
                kept.clear()

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton.of(pattern for _, _, pattern in self.rows)

    @cached_property
    def _spelling(self) -> SpellingCorrector:
        found = self._automaton
        return SpellingCorrector.of({*found.words}, {*found.stems}, cues.vocabulary())


def _quote_words(text: str, words: list[Token]) -> str:
    return " ".join(text[words[0].start : words[-1].end].split())
