"""A list of patterns at work on texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from inquiries.danger import context, cues, language
from inquiries.danger.automaton import Automaton
from inquiries.danger.reading import Word, read, without_invisible
from inquiries.danger.spellings import Spelling
from inquiries.search.normalize import words_of

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Match:
    """What was found: its kind, the language of its pattern, and the words as they are written."""

    kind: str
    language: str
    words: str


@dataclass(frozen=True)
class Patterns:
    """A list of patterns, each with its kind and language."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        return cls(tuple(rows))

    def found(self, text: str) -> tuple[Match, ...]:
        """What means danger in it, each kind in the same words once."""
        return tuple(dict.fromkeys(self.finding(text)))

    def finding(self, text: str) -> Iterator[Match]:
        """The same, one after the other."""
        text = without_invisible(text)
        words = read(text, self._spelling)
        around = context.Context([each.text for each in words])
        # What was found of patterns that have several parts.
        waiting: dict[int, dict[int, Match]] = {}
        for found in self._automaton.find(around.words):
            kind, spoken, _ = self.rows[found.pattern]
            if found.part and not around.is_said(found.start, found.end):
                continue
            if not found.part and not around.counts(kind, found.start, found.end):
                continue
            match = Match(kind, spoken, _written(text, words[found.start : found.end + 1]))
            parts = waiting.setdefault(found.pattern, {})
            parts.setdefault(found.part, match)
            if len(parts) == len(self._parts[found.pattern]):
                yield parts[0] if len(parts) > 1 else match

    @cached_property
    def _parts(self) -> list[tuple[language.Part, ...]]:
        return [_read(pattern) for _, _, pattern in self.rows]

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton.of(self._parts)

    @cached_property
    def _spelling(self) -> Spelling:
        found = self._automaton
        return Spelling.of({*found.words}, {*found.stems}, cues.vocabulary())


def _read(pattern: str) -> tuple[language.Part, ...]:
    """Its plain words where it cannot be read: what a clinic once wrote is never dropped."""
    try:
        return language.read(pattern)
    except language.Unreadable:
        plain = " ".join(words_of(pattern))
        return language.read(plain) if plain else ()


def _written(text: str, words: list[Word]) -> str:
    return " ".join(text[words[0].start : words[-1].end].split())
