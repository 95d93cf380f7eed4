"""Finds many patterns in one walk over the words of a text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from inquiries.danger.pattern_syntax import (
    GAP_WORDS,
    PAUSE,
    SENTENCE_END,
    SHORTEST_STEM,
    Item,
    Part,
    Variant,
    may_fill_gap,
)


@dataclass(frozen=True)
class PatternHit:
    """Which part of which pattern, from which word to which (both included)."""

    pattern: int
    part: int
    start: int
    end: int


@dataclass
class Automaton:
    """All patterns side by side, a bit for each word that one of them may wait for.

    A word of the text moves all that waited for it on at once (Baeza-Yates and Gonnet, "A new
    approach to text searching", 1992). So each word costs the same, whatever stands there.
    """

    words: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    _gaps: int = 0
    _starts: int = 0
    _ends: int = 0
    # What is waited for after the last word of an item, counted from its own bit on.
    _after: dict[int, int] = field(default_factory=dict)
    _last: int = 0
    _ways: dict[int, tuple[int, int, Variant]] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Iterable[tuple[Part, ...]]) -> "Automaton":
        made = cls()
        waits: dict[frozenset[str], int] = {}
        place = 0
        for number, parts in enumerate(patterns):
            for which, part in enumerate(parts):
                for way in part:
                    firsts, lasts, place = made._lay(way, place, waits)
                    made._ways[place] = (number, which, way)
                    made._ends |= 1 << place
                    made._link(firsts, lasts, way, 1 << place)
                    place += 1
        made._keep(waits)
        return made

    def _keep(self, waits: dict[frozenset[str], int]) -> None:
        """The bits that each word moves; the same for words that stand together everywhere."""
        together: dict[str, list[int]] = {}
        for number, words in enumerate(waits):
            for word in words:
                together.setdefault(word, []).append(number)
        bits = [*waits.values()]
        masks: dict[tuple[int, ...], int] = {}
        for word, numbers in together.items():
            key = tuple(numbers)
            if key not in masks:
                masks[key] = reduce(or_, (bits[number] for number in key))
            table, name = (self.stems, word[:-1]) if word.endswith("*") else (self.words, word)
            table[name] = masks[key]

    def _lay(
        self, way: Variant, place: int, waits: dict[frozenset[str], int]
    ) -> tuple[list[int], list[list[int]], int]:
        """A bit for each word of each item: the bits of first words, and of last ones."""
        firsts: list[int] = []
        lasts: list[list[int]] = []
        for item in way:
            first, last = 0, []
            if item.is_gap:
                first = 1 << place
                last = [*range(place, place + GAP_WORDS)]
                self._gaps |= ((1 << GAP_WORDS) - 1) << place
                place += GAP_WORDS
            for chain in _chains(item):
                first |= 1 << place
                for words in chain:
                    waits[words] = waits.get(words, 0) | 1 << place
                    place += 1
                last.append(place - 1)
            firsts.append(first)
            lasts.append(last)
        return firsts, lasts, place

    def _link(self, firsts: list[int], lasts: list[list[int]], way: Variant, end: int) -> None:
        after = end
        for first, last, item in zip(reversed(firsts), reversed(lasts), reversed(way), strict=True):
            for number, place in enumerate(last):
                further = 2 if item.is_gap and number + 1 < GAP_WORDS else 0
                self._after[place] = after >> place | further
                self._last |= 1 << place
            after = first | (after if item.is_optional else 0)
        self._starts |= after

    def find(self, words: Sequence[str]) -> Iterator[PatternHit]:
        """What is found, in the order in which it ends."""
        waiting = self._starts
        masks: dict[str, int] = {SENTENCE_END: 0, PAUSE: self._gaps}
        onward: dict[int, int] = {0: 0}
        for place, word in enumerate(words):
            if word not in masks:
                masks[word] = self._mask(word)
            moved = waiting & masks[word]
            last = moved & self._last
            if last not in onward:
                onward[last] = self._onward(last)
            waiting = self._starts | (moved ^ last) << 1 | onward[last]
            ended = waiting & self._ends
            while ended:
                end = ended.bit_length() - 1
                ended ^= 1 << end
                number, which, way = self._ways[end]
                yield PatternHit(number, which, _start(way, words, place), place)

    def _onward(self, last: int) -> int:
        after = 0
        while last:
            place = last.bit_length() - 1
            last ^= 1 << place
            after |= self._after[place] << place
        return after

    def _mask(self, word: str) -> int:
        mask = self.words.get(word, 0) | (self._gaps if may_fill_gap(word) else 0)
        for length in range(SHORTEST_STEM, len(word) + 1):
            mask |= self.stems.get(word[:length], 0)
        return mask


def _chains(item: Item) -> Iterator[list[frozenset[str]]]:
    """The alternatives of an item, those of one word taken together."""
    if item.single:
        yield [item.single]
    for words in item.several:
        yield [frozenset({word}) for word in words]


def _start(way: Variant, words: Sequence[str], end: int) -> int:
    """Where the shortest piece begins that is read so and ends there, as is known."""
    places = {end}
    for item in reversed(way):
        places = {before for place in places for before in item.before(words, place)}
    return max(places) + 1
