"""Words as patterns know them, however spelled: shortened, misspelled, run together, or masked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from inquiries.danger import word_lists
from inquiries.danger.short_forms import SHORT_FORMS, expand_short_form

_OFTEN_MISSPELLED, _RUN_TOGETHER, _REAL_WORDS = (
    word_lists.words("spellings", section)
    for section in ("often_misspelled", "run_together", "real")
)
#: In a word with at least this many letters, one wrong letter rarely makes another word.
_LONG = 8
_SHORTEST_MISSPELLED = 4
#: Lengths of unbroken text that may be several words, and the fewest letters per word on average.
_RUN = range(6, 61)
_LETTERS_OF_ONE = 3
_LONGEST_WORD = 14
_LONGEST_ENDING = 4
_SHORTEST_TYPED_SHORT = 3
#: The shortest word whose -ing may be written -in: havin, dyin.
_SHORTEST_CLIPPED = 5
#: Endings with which a known beginning is a word of its own.
_USUAL_ENDINGS = ("a", "o", "y", "s", "er", "ar", "or", "ed", "ly", "ing", "able")

#: Characters that hide a letter, as in k*ll; the last is from a file in another encoding.
MASKS = "*#\ufffd"
_AS_LETTERS = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("01!3457@$", "ollieasta"))
_REPEATED = re.compile(r"(.)\1{2,}")
_NUMBER_FIRST = re.compile(r"(\d+)([a-z]+)")


@dataclass
class SpellingCorrector:
    """Knows the words that patterns wait for, and which of them a misspelling may stand for."""

    words: set[str]
    stems: set[str]
    # The words that a misspelling may stand for.
    _meant: set[str] = field(default_factory=set)
    _meant_by_shape: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    _by_sound: dict[str, str] = field(default_factory=dict)
    _lengths: list[int] = field(default_factory=list)
    _lengths_meant: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, words: set[str], stems: set[str], around: Iterable[str]) -> "SpellingCorrector":
        """`words` and `stems` may be misspelled; words `around` them must be spelled right."""
        short = {each for each in SHORT_FORMS if len(each) >= _SHORTEST_TYPED_SHORT}
        made = cls(words | short | {*around}, stems)
        made._lengths = sorted({len(each) for each in stems})
        listed = {each for each in _OFTEN_MISSPELLED if made.knows(each)}
        made.words |= listed
        made._meant = listed | {each for each in words | stems | short if len(each) >= _LONG}
        for each in sorted(made._meant):
            made._meant_by_shape.setdefault((len(each), each[0]), []).append(each)
            made._by_sound.setdefault(_sound(each), each)
        made._lengths_meant = sorted({len(each) for each in stems & made._meant}, reverse=True)
        return made

    @cached_property
    def _by_shape(self) -> dict[tuple[int, str], list[str]]:
        """By length and first letter. Built only when needed: few messages contain masked words."""
        found: dict[tuple[int, str], list[str]] = {}
        for each in sorted(self.words):
            found.setdefault((len(each), each[0]), []).append(each)
        return found

    def knows(self, word: str) -> bool:
        if word in self.words:
            return True
        for length in self._lengths:  # noqa: SIM110 - asked of every word: half the time of any()
            if word[:length] in self.stems:
                return True
        return False

    def correct_word(self, word: str) -> list[str]:
        """Return the word as patterns know it; several if it was run together or shortened."""
        if word in _REAL_WORDS:
            return [word]
        plain = _REPEATED.sub(r"\1", word)
        readings = (word, plain, _REPEATED.sub(r"\1\1", word))
        for each in readings:
            if each in self.words or each in SHORT_FORMS:
                return expand_short_form(each)
        if len(plain) >= _SHORTEST_CLIPPED and plain.endswith("in") and f"{plain}g" in self.words:
            return [f"{plain}g"]
        if self._knows_closely(word):
            return [self._slip_in_stem(plain) or word]
        slip = self._one_slip_from(plain, self.words) if len(plain) >= _LONG else ""
        known = [slip] if slip else self._run_together(plain)
        known = known or [each for each in readings if self.knows(each)][:1]
        if not known:
            known = [self._corrected(plain)] if word.isalpha() else self._with_digits(word)
        return [each for part in known for each in expand_short_form(part)] or [word]

    def unmasked(self, piece: str) -> str:
        """Return the word this may be, if each mask hides one letter."""
        shown = "".join("." if each in MASKS else re.escape(each) for each in piece.lower())
        alike = self._by_shape.get((len(piece), piece[0].lower()), ())
        return next(filter(re.compile(shown).fullmatch, alike), "")

    def in_letters(self, word: str) -> str:
        """Return the known word if digits and signs stand for letters; otherwise empty."""
        read = (word.lower().translate(letters) for letters in _AS_LETTERS)
        return next((each for each in read if each.isalpha() and self.knows(each)), "")

    def _knows_closely(self, word: str) -> bool:
        """Return whether it is a stem and an ending, not joined words: killings, not killmyself."""
        return any(
            word[:length] in self.stems
            for length in self._lengths
            if length <= len(word) <= length + _LONGEST_ENDING
        )

    def _slip_in_stem(self, word: str) -> str:
        """Return the word meant, unless only the ending differs: killng, but not fevers."""
        if word.endswith(_USUAL_ENDINGS):
            return ""
        meant = self._one_slip_from(word, self.words)
        return "" if meant[:-1] == word and meant[-1] in "sdryo" else meant

    def _with_digits(self, word: str) -> list[str]:
        letters = self.in_letters(word)
        parts = _NUMBER_FIRST.fullmatch(word)
        return [letters] if letters else list(parts.groups()) if parts else []

    def _corrected(self, word: str) -> str:
        """Return the word one letter away from this one, or one that sounds the same."""
        if len(word) < _SHORTEST_MISSPELLED:
            return ""
        found = self._by_sound.get(_sound(word)) or self._one_slip_from(word, self.words)
        for length in self._lengths_meant:
            for beginning in (word[: length + 1], word[:length], word[: length - 1]):
                found = found or self._one_slip_from(beginning, self.stems)
        return found or next(filter(self.words.__contains__, _with_two_swapped(word)), "")

    def _one_slip_from(self, typed: str, known: set[str]) -> str:
        """Prefer the word whose typo comes first. The first letter is assumed to be right."""
        near = [
            meant
            for length in (len(typed) - 1, len(typed), len(typed) + 1)
            for meant in self._meant_by_shape.get((length, typed[:1]), ())
            if meant in known and _is_one_typo(typed, meant)
        ]
        return min(near, key=lambda meant: (_place_of_slip(typed, meant), meant), default="")

    def _run_together(self, word: str) -> list[str]:
        """Return the fewest known words that make up this one, or an empty list."""
        if len(word) not in _RUN:
            return []
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, here = best[start], best[end]
                if before is None or not self._is_of_a_run(word[start:end]):
                    continue
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, word[start:end]]
        found = best[-1] or []
        return found if len(word) >= _LETTERS_OF_ONE * len(found) else []

    def _is_of_a_run(self, word: str) -> bool:
        known = word in self.words or word in self.stems
        return known and (len(word) >= _LETTERS_OF_ONE or word in _RUN_TOGETHER)


def _one_letter_less(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _place_of_slip(typed: str, meant: str) -> int:
    """Return which letter of `typed` to drop to get `meant`, or `meant` with one letter dropped.

    -1 if none: `typed` itself lacks a letter or is what was meant.
    """
    left = {meant, *_one_letter_less(meant)}
    shorter = enumerate((typed, *_one_letter_less(typed)), -1)
    return next(place for place, each in shorter if each in left)


def _with_two_swapped(word: str) -> list[str]:
    """Swap each pair of adjacent letters, except the first: pian, cnat, rihgt."""
    return [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        for place in range(1, len(word) - 1)
    ]


def _is_one_typo(typed: str, meant: str) -> bool:
    """Return whether one letter is missing, extra, or wrong, or two are swapped; not the first."""
    if typed[1:2] != meant[1:2] and typed[-1:] != meant[-1:] and len(typed) > _SHORTEST_MISSPELLED:
        return False  # as most are: no typo changes both the second letter and the last
    start = 0
    for one, other in zip(typed, meant, strict=False):
        if one != other:
            break
        start += 1
    one, other = typed[start:], meant[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return start > 0 and (
        max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])  # noqa: PLR2004 - two, swapped
    )


_SOUNDS = (
    *(
        ("ch", "x"),
        ("ll", "y"),
        ("qu", "k"),
        ("ph", "f"),
        ("ck", "k"),
        ("h", ""),
        ("v", "b"),
        ("z", "s"),
    ),
    *(("ce", "se"), ("ci", "si"), ("ge", "je"), ("gi", "ji"), ("c", "k")),
)


def _sound(word: str) -> str:
    """Return the same key for spellings that sound alike, mainly in Spanish: vomitar, bomitar."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return "".join(one for one, after in pairwise(f"{word} ") if one != after)
