"""Finds many patterns in one walk over the words of a text."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from inquiries.danger.pattern_syntax import (
    GAP_WORDS,
    PAUSE,
    SENTENCE_END,
    SHORTEST_STEM,
    Item,
    Variant,
    may_fill_gap,
    parse_leniently,
)

Key = TypeVar("Key")
#: What was laid out for so many sets of places is kept, some three kilobytes each.
_KEPT = 200


class PatternHit(NamedTuple):
    """Which part of which pattern, from which word to which (both included)."""

    pattern: int
    part: int
    start: int
    end: int


@dataclass
class Automaton:
    """All patterns side by side, a bit for each word that one of them may wait for.

    A word of the text moves all that waited for it on at once (Baeza-Yates and Gonnet, "A new
    approach to text searching", 1992). So each word costs the same, whatever stands there. Which
    bits a word moves is kept as their numbers, and laid out when a text has the word: all words
    laid out at once would take a hundred times as much memory.
    """

    patterns: tuple[str, ...] = ()
    #: Each with the number of its set of places.
    words: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    #: The sets, one behind the other, and where each of them begins.
    _places: "array[int]" = field(default_factory=lambda: array("I"))
    _bounds: "array[int]" = field(default_factory=lambda: array("I", [0]))
    _bytes: int = 0
    _gaps: int = 0
    _starts: int = 0
    _ends: int = 0
    _last: int = 0
    # By the place of the last word of an item, which of `_onwards`: what is waited for after it,
    # counted from its own bit on.
    _after: "array[int]" = field(default_factory=lambda: array("I"))
    _onwards: list[int] = field(default_factory=list)
    # Where each way to read a part ends, in order; and of each its pattern, part and number, as
    # three entries.
    _way_ends: "array[int]" = field(default_factory=lambda: array("I"))
    _ways: "array[int]" = field(default_factory=lambda: array("I"))
    # What texts asked for: bits by the numbers of their sets, and what is waited for after them.
    _masks: dict[tuple[int, ...], int] = field(default_factory=dict, repr=False, compare=False)
    _afters: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, patterns: Iterable[str]) -> "Automaton":
        made = cls(tuple(patterns))
        waits: dict[frozenset[str], list[int]] = {}
        after: dict[int, int] = {}
        place = 0
        for number, pattern in enumerate(made.patterns):
            for which, part in enumerate(parse_leniently(pattern)):
                for reading, way in enumerate(part):
                    firsts, lasts, place = made._lay(way, place, waits)
                    made._way_ends.append(place)
                    made._ways.extend((number, which, reading))
                    made._ends |= 1 << place
                    made._link(firsts, lasts, way, 1 << place, after)
                    place += 1
        made._bytes = place // 8 + 1
        made._keep_words(waits)
        made._keep_onwards(after, place)
        return made

    def _keep_words(self, waits: dict[frozenset[str], list[int]]) -> None:
        """The bits that each word moves; the same for words that stand together everywhere."""
        together: dict[str, list[int]] = {}
        for number, words in enumerate(waits):
            for word in words:
                together.setdefault(word, []).append(number)
        places = [*waits.values()]
        known: dict[tuple[int, ...], int] = {}
        for word, numbers in together.items():
            key = tuple(numbers)
            if key not in known:
                known[key] = len(known)
                for number in numbers:
                    self._places.extend(places[number])
                self._bounds.append(len(self._places))
            table, name = (self.stems, word[:-1]) if word.endswith("*") else (self.words, word)
            table[name] = known[key]

    def _keep_onwards(self, after: dict[int, int], places: int) -> None:
        numbers: dict[int, int] = {}
        self._after = array("I", bytes(4 * places))
        for place, bits in after.items():
            self._after[place] = numbers.setdefault(bits, len(numbers))
        self._onwards = list(numbers)

    def _lay(
        self, way: Variant, place: int, waits: dict[frozenset[str], list[int]]
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
                    waits.setdefault(words, []).append(place)
                    place += 1
                last.append(place - 1)
            firsts.append(first)
            lasts.append(last)
        return firsts, lasts, place

    def _link(
        self,
        firsts: list[int],
        lasts: list[list[int]],
        way: Variant,
        end: int,
        after_each: dict[int, int],
    ) -> None:
        after = end
        for first, last, item in zip(reversed(firsts), reversed(lasts), reversed(way), strict=True):
            for number, place in enumerate(last):
                further = 2 if item.is_gap and number + 1 < GAP_WORDS else 0
                after_each[place] = after >> place | further
                self._last |= 1 << place
            after = first | (after if item.is_optional else 0)
        self._starts |= after

    def find(self, words: Sequence[str]) -> Iterator[PatternHit]:
        """What is found, in the order in which it ends."""
        waiting = self._starts
        masks: dict[str, int] = {SENTENCE_END: 0, PAUSE: self._gaps}
        for place, word in enumerate(words):
            if word not in masks:
                masks[word] = self._mask(word)
            moved = waiting & masks[word]
            last = moved & self._last
            waiting = self._starts | (moved ^ last) << 1 | (self._onward(last) if last else 0)
            ended = waiting & self._ends
            while ended:
                end = ended.bit_length() - 1
                ended ^= 1 << end
                at = 3 * bisect_left(self._way_ends, end)
                number, which, reading = self._ways[at : at + 3]
                way = parse_leniently(self.patterns[number])[which][reading]
                yield PatternHit(number, which, _start(way, words, place), place)

    def _onward(self, last: int) -> int:
        known = self._afters.get(last)
        if known is not None:
            return known
        after, left = 0, last
        while left:
            place = left.bit_length() - 1
            left ^= 1 << place
            after |= self._onwards[self._after[place]] << place
        _keep(self._afters, last, after)
        return after

    def _mask(self, word: str) -> int:
        """The bits that this word moves."""
        sets = [self.words.get(word)]
        sets += [self.stems.get(word[:end]) for end in range(SHORTEST_STEM, len(word) + 1)]
        numbers = tuple(number for number in sets if number is not None)
        mask = self._masks.get(numbers)
        if mask is None:
            mask = self._lay_out(numbers)
            _keep(self._masks, numbers, mask)
        return mask | (self._gaps if may_fill_gap(word) else 0)

    def _lay_out(self, sets: tuple[int, ...]) -> int:
        bits = bytearray(self._bytes)
        for number in sets:
            for place in self._places[self._bounds[number] : self._bounds[number + 1]]:
                bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")


def _keep(kept: dict[Key, int], key: Key, bits: int) -> None:
    """All go where there is no room: other threads may be reading."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = bits


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
