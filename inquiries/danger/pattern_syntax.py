"""The small language in which the clinic describes what may mean danger.

    chest pain              these words, one right after the other
    seizure*                a word that starts this way
    (chest, heart) pain     one of these
    [self]                  one of a named group: myself, himself, themselves …; see groups.txt
    end my? life            "my" may be missing
    chest ... hurts         up to six other words in between, none of them "no" or "not"
    chest + hurts           both, in either order, with up to six words in between
    fever & transplant      both, anywhere in the message

Case, accents, and punctuation do not matter. Neither do short forms and small misspellings.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from inquiries.danger import word_lists
from inquiries.danger import words as sentences
from inquiries.danger.short_forms import expand_short_form
from inquiries.search.normalization import normalized_words

#: The most words that `...` may match.
GAP_WORDS = 6
SHORTEST_STEM = 3
#: Groups inside parentheses multiply, so the total is limited.
_MOST_ALTERNATIVES = 500

#: The tokens that mark the end of a sentence, and a break within one.
SENTENCE_END, PAUSE = ".", ","

_GAP_SIGNS = {"...", "…"}
_SIGNS = re.compile(r"\.\.\.|…|[()\[\],?]|[^\s()\[\],*?…]+\*?|\*")


class PatternError(Exception):
    """A pattern that is not valid. The message is for the person editing the list."""


Alternative = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One position in a pattern, with the words allowed there; no words means a gap."""

    alternatives: tuple[Alternative, ...]
    is_optional: bool = False

    @property
    def is_gap(self) -> bool:
        return not self.alternatives

    @cached_property
    def single(self) -> frozenset[str]:
        """The alternatives of a single word."""
        return frozenset(words[0] for words in self.alternatives if len(words) == 1)

    @cached_property
    def several(self) -> tuple[Alternative, ...]:
        """The alternatives of several words."""
        return tuple(words for words in self.alternatives if len(words) > 1)

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        return tuple(word[:-1] for word in self.single if word.endswith("*"))

    @cached_property
    def _by_last_word(self) -> dict[str, list[Alternative]]:
        sorted_: dict[str, list[Alternative]] = {}
        for words in self.several:
            sorted_.setdefault("*" if words[-1].endswith("*") else words[-1], []).append(words)
        return sorted_

    def _ending_like(self, word: str) -> Iterator[Alternative]:
        """Yield the few alternatives of several words that may end in this word."""
        if self.several:
            yield from self._by_last_word.get(word, ())
            yield from self._by_last_word.get("*", ())

    def before(self, words: Sequence[str], end: int) -> set[int]:
        """Return where the text before this item may end, if the item itself ends at `end`."""
        if self.is_gap:
            places = {end}
            while end >= 0 and len(places) <= GAP_WORDS and may_fill_gap(words[end]):
                end -= 1
                places.add(end)
            return places
        places = {end} if self.is_optional else set()
        if end >= 0 and (words[end] in self.single or words[end].startswith(self._stems)):
            places.add(end - 1)
        for alternative in self._ending_like(words[end]) if end >= 0 else ():
            start = end - len(alternative)
            if start >= -1 and all(map(_fits, alternative, words[start + 1 : end + 1])):
                places.add(start)
        return places


_GAP = Item((), is_optional=True)

#: One way to read a part of a pattern.
Variant = tuple[Item, ...]
#: One of the parts joined by `&`: both orders, if its words are joined by `+`.
Part = tuple[Variant, ...]


def pattern_problem(pattern: str) -> str:
    """Return what is wrong, as a sentence for the person editing the list; empty if it is valid."""
    try:
        parse_pattern(pattern)
    except PatternError as problem:
        return str(problem)
    return ""


def parse_pattern(pattern: str) -> tuple[Part, ...]:
    """Return the parts of a pattern, which are joined by `&`. Raise PatternError."""
    return tuple(_parse_part(part) for part in pattern.split("&"))


@lru_cache(maxsize=512)
def parse_leniently(pattern: str) -> tuple[Part, ...]:
    """Fall back to the plain words of an invalid pattern: a clinic's entries are never dropped."""
    try:
        return parse_pattern(pattern)
    except PatternError:
        plain = " ".join(normalized_words(pattern))
        return parse_pattern(plain) if plain else ()


#: Groups given as ranges of numbers instead of lists.
_NUMBERS = {
    "year": range(1940, 2025),
    "age": range(13, 100),
    "fast_pulse": range(128, 240),
    "slow_pulse": range(20, 43),
    "low_pressure": range(50, 87),
    "high_pressure": range(195, 270),
    "low_oxygen": range(50, 89),
    "low_sugar": range(15, 55),
    "high_sugar": range(450, 900),
    "little_urine": range(1, 151),
}


def group_names() -> list[str]:
    return [*word_lists.sections("groups"), *_NUMBERS]


@cache
def word_group(name: str) -> tuple[Alternative, ...]:
    """Return the alternatives of a named group. Groups may refer to other groups."""
    if name in _NUMBERS:
        return tuple((str(number),) for number in _NUMBERS[name])
    found: list[Alternative] = []
    for written in " ".join(word_lists.sections("groups")[name]).split(","):
        inner = re.fullmatch(r"\s*\[(.+)\]\s*", written)
        found += word_group(inner[1]) if inner else [_pattern_words(written)]
    return tuple(dict.fromkeys(found))


def may_fill_gap(word: str) -> bool:
    """Return whether a word may be in a gap. A gap holds no sentence end and no denial."""
    return word not in _not_in_gaps()


@cache
def _not_in_gaps() -> frozenset[str]:
    return frozenset({SENTENCE_END, *(words[0] for words in word_group("not"))})


def _fits(expected: str, word: str) -> bool:
    return word == expected or (expected.endswith("*") and word.startswith(expected[:-1]))


# --- Reading a pattern ----------------------------------------------------------------------------


def _parse_part(written: str) -> Part:
    near = [_parse_variant(each) for each in written.split("+")]
    if len(near) == 1:
        return (near[0],)
    if len(near) > 2:  # noqa: PLR2004 - two
        raise PatternError(sentences.ONE_PLUS)
    one, other = near
    return (*one, _GAP, *other), (*other, _GAP, *one)


def _parse_variant(written: str) -> Variant:
    signs = _SIGNS.findall(written)[::-1]
    items: list[Item] = []
    while signs:
        items.append(_parse_item(signs))
    if all(item.is_gap or item.is_optional for item in items):
        raise PatternError(sentences.NEEDS_A_WORD)
    if items[0].is_gap or items[-1].is_gap:
        raise PatternError(sentences.WORDS_AROUND_GAP)
    return tuple(items)


def _parse_item(signs: list[str]) -> Item:
    sign = signs.pop()
    if sign in _GAP_SIGNS:
        return _GAP
    alternatives = _parse_parentheses(signs) if sign == "(" else _parse_single(sign, signs)
    if len(alternatives) > _MOST_ALTERNATIVES:
        raise PatternError(sentences.TOO_MANY_READINGS)
    is_optional = bool(signs) and signs[-1] == "?"
    if is_optional:
        signs.pop()
    return Item(tuple(dict.fromkeys(alternatives)), is_optional)


def _parse_parentheses(signs: list[str]) -> list[Alternative]:
    alternatives: list[Alternative] = []
    parts: list[list[Alternative]] = []
    while signs:
        sign = signs.pop()
        if sign == "(" or sign in _GAP_SIGNS:
            raise PatternError(sentences.INSIDE_PARENTHESES)
        if sign not in ",)":
            parts.append(_parse_single(sign, signs))
            continue
        if not parts:
            raise PatternError(sentences.WORD_BEFORE_COMMA)
        chosen = itertools.islice(itertools.product(*parts), _MOST_ALTERNATIVES + 1)
        alternatives += [tuple(itertools.chain(*words)) for words in chosen]
        parts = []
        if sign == ")":
            return alternatives
    raise PatternError(sentences.OPEN_PARENTHESIS)


def _parse_single(sign: str, signs: list[str]) -> list[Alternative]:
    """Parse a word, the beginning of one, or a named group."""
    if sign == "[":
        name = signs.pop() if signs else ""
        if name not in group_names():
            known = ", ".join(f"[{each}]" for each in group_names())
            raise PatternError(sentences.UNKNOWN_GROUP % {"name": name, "known": known})
        if not signs or signs.pop() != "]":
            raise PatternError(sentences.OPEN_BRACKET)
        return list(word_group(name))
    if sign == "*":
        raise PatternError(sentences.STAR_ALONE)
    if sign.endswith("*") and len("".join(normalized_words(sign))) < SHORTEST_STEM:
        raise PatternError(sentences.SHORT_STEM)
    words = _pattern_words(sign)
    if not words:
        raise PatternError(sentences.MISPLACED % {"sign": sign})
    return [words]


def _pattern_words(written: str) -> Alternative:
    """Normalize the words as texts are, but keep a star at the end."""
    words = tuple(
        spelled for word in normalized_words(written) for spelled in expand_short_form(word)
    )
    if words and written.rstrip().endswith("*"):
        return (*words[:-1], f"{words[-1]}*")
    return words
