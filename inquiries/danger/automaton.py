"""Finds many patterns in one pass over the words of a text."""

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
#: How many laid-out masks to cache, about three kilobytes each.
_KEPT = 200


class PatternHit(NamedTuple):
    """Which part of which pattern matched, and its first and last words (both included)."""

    pattern: int
    part: int
    start: int
    end: int


@dataclass
class Automaton:
    """All patterns side by side, with a bit for each word that one of them may wait for.

    Each word of the text advances everything that waited for it at once (Baeza-Yates and Gonnet, "A
    new approach to text searching", 1992), so every word costs the same. The bits that a word moves
    are stored as their numbers and laid out as a mask only when a text contains the word. Masks for
    all words would take a hundred times as much memory.
    """

    patterns: tuple[str, ...] = ()
    #: Each word, with the number of its set of places.
    words: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    #: The sets, one after another, and where each one begins.
    _places: "array[int]" = field(default_factory=lambda: array("I"))
    _bounds: "array[int]" = field(default_factory=lambda: array("I", [0]))
    _bytes: int = 0
    _gaps: int = 0
    _starts: int = 0
    _ends: int = 0
    _last: int = 0
    # For the place of an item's last word, the index in `_onwards` of what is waited for next,
    # counted from that word's own bit.
    _after: "array[int]" = field(default_factory=lambda: array("I"))
    _onwards: list[int] = field(default_factory=list)
    # Where each way to read a part ends, in order; and its pattern, part, and number, as three
    # entries each.
    _way_ends: "array[int]" = field(default_factory=lambda: array("I"))
    _ways: "array[int]" = field(default_factory=lambda: array("I"))
    # Caches filled by texts: bits by the numbers of their sets, and what is waited for after them.
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
        """Store the bits that each word moves. Words that always occur together share a set."""
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
        """Give each word of each item a bit; return first words' bits and last words' places."""
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
        """Yield the hits in the order in which they end."""
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
        """Return the bits that this word moves."""
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
    """Clear everything when it is full, because other threads may be reading."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = bits


def _chains(item: Item) -> Iterator[list[frozenset[str]]]:
    """Yield the alternatives of an item, with all its one-word alternatives together."""
    if item.single:
        yield [item.single]
    for words in item.several:
        yield [frozenset({word}) for word in words]


def _start(way: Variant, words: Sequence[str], end: int) -> int:
    """Return where the shortest match of `way` ending at `end` begins. A match must exist."""
    places = {end}
    for item in reversed(way):
        places = {before for place in places for before in item.before(words, place)}
    return max(places) + 1
