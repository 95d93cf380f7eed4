"""Small corrections: changes to a text that leave what it says as it was.

A reviewer who has confirmed a text is not asked again about what a corrected slip leaves alone.
Whatever is not surely small is not small: one changed digit, unit, negation, citation, name, or
finding, anything that moved, and any word that may be another word.
"""

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from articles.content import Content
from articles.editing import words as sentences
from articles.editing.spelling_corrections import Corrector, guarded_words
from articles.editing.text_units import Block, read_text
from articles.search.tokenizer import plain, words_of

#: More than that is not the work of a few slips.
MOST_CORRECTIONS = 10
#: Units of a paragraph. A longer one is not compared: that would take too long.
_LONGEST = 3_000
#: Characters of what changed that the reviewer is shown.
_MOST_SHOWN = 80

_FIELDS = ("title", "stage", "condition", "condition_code", "justified")
_EMPHASIS = frozenset({"em", "strong"})
_MARKS = frozenset(".,;:")


class SaysMoreError(Exception):
    """A change that may change what the text says. The message tells the reviewer which."""


class Kind(StrEnum):
    SPELLING = "spelling"
    CAPITAL = "capital"
    PUNCTUATION = "punctuation"
    REPEATED = "repeated"
    EMPHASIS = "emphasis"


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One small change. A side can be empty."""

    kind: Kind
    #: As that of a `checking.Issue`.
    where: str
    before: str
    after: str


def list_corrections(
    before: Content,
    after: Content,
    *,
    language: str,
    terms: Iterable[str],
    is_used_elsewhere: Callable[[str], bool],
) -> tuple[Correction, ...]:
    """Return the corrections that make one text of the other. Raise SaysMoreError if it says more.

    `terms` are the names in the glossary. `is_used_elsewhere` tells whether other articles hold a
    word, as the tokenizer returns it. Spaces, quotation marks, and spellings of the same Markdown
    are no change at all.
    """
    before, after = _composed(before), _composed(after)
    if any(getattr(before, name) != getattr(after, name) for name in _FIELDS):
        raise SaysMoreError(sentences.NOT_ONLY_TEXT)
    if after.correction not in {"", before.correction}:
        raise SaysMoreError(sentences.NOT_ONLY_TEXT)
    (shape, blocks), (new_shape, new_blocks) = read_text(before), read_text(after)
    if shape != new_shape:
        raise SaysMoreError(sentences.BUILT_DIFFERENTLY)
    pairs = zip(blocks, new_blocks, strict=True)
    changed = [(old, new) for old, new in pairs if old.units != new.units]
    comparison = _Comparison(
        Corrector(
            language,
            near_words={word for block in blocks for word in words_of(" ".join(block.texts))},
            kept_words={text.lower() for block in new_blocks for text in block.texts},
            terms={word for term in terms for word in words_of(term)},
            is_used_elsewhere=is_used_elsewhere,
        )
    )
    found: list[Correction] = []
    for old, new in changed:
        found += comparison.compare(old, new)
        if len(found) > MOST_CORRECTIONS:
            raise SaysMoreError(sentences.TOO_MANY_CHANGES % {"most": MOST_CORRECTIONS})
    return tuple(found)


def _composed(content: Content) -> Content:
    """An accent can be a character of its own, which looks the same."""
    texts: dict[str, Any] = {
        name: unicodedata.normalize("NFC", getattr(content, name))
        for name in ("title", "summary", "key_points", "body", "condition", "correction")
    }
    return replace(content, **texts)


# --- Comparing ------------------------------------------------------------------------------------


class _Comparison:
    def __init__(self, corrector: Corrector) -> None:
        self._corrector = corrector

    def compare(self, old: Block, new: Block) -> Iterator[Correction]:
        if max(len(old.units), len(new.units)) > _LONGEST:
            raise SaysMoreError(sentences.BUILT_DIFFERENTLY)
        matcher = difflib.SequenceMatcher(None, old.texts, new.texts, autojunk=False)
        for tag, start, end, new_start, new_end in matcher.get_opcodes():
            if end - start == new_end - new_start:
                for place, new_place in zip(
                    range(start, end), range(new_start, new_end), strict=True
                ):
                    yield from self._unit(old, place, new, new_place, is_same=tag == "equal")
            elif tag == "delete" and end - start == 1:
                yield _deleted(old, start, new.where)
            elif tag == "insert" and new_end - new_start == 1:
                yield _inserted(new, new_start)
            else:
                raise _says_more(old.texts[start:end], new.texts[new_start:new_end])

    def _unit(
        self, old: Block, place: int, new: Block, new_place: int, *, is_same: bool
    ) -> Iterator[Correction]:
        before, after = old.units[place], new.units[new_place]
        if before.style - _EMPHASIS != after.style - _EMPHASIS:
            raise _says_more([before.text], [after.text])
        if before.style != after.style:
            yield _correction(Kind.EMPHASIS, new.where, before.text, after.text)
        if is_same:
            return
        may_be_capital = old.begins_sentence(place) and new.begins_sentence(new_place)
        kind = self._kind_of(before.text, after.text, may_be_capital=may_be_capital)
        if kind is None:
            raise _says_more([before.text], [after.text])
        yield _correction(kind, new.where, before.text, after.text)

    def _kind_of(self, before: str, after: str, *, may_be_capital: bool) -> Kind | None:
        if not (before.isalpha() and after.isalpha()) or min(len(before), len(after)) == 1:
            return None
        if not (before[1:].islower() and after[1:].islower()):
            return None
        if may_be_capital and before[1:] == after[1:] and before.lower() == after.lower():
            return None if plain(before) in guarded_words() else Kind.CAPITAL
        # Inside a sentence, a capital begins a name.
        is_name = not may_be_capital and not (before.islower() and after.islower())
        if is_name or before[0].isupper() != after[0].isupper():
            return None
        return Kind.SPELLING if self._corrector.is_slip(before.lower(), after.lower()) else None


def _deleted(old: Block, place: int, where: str) -> Correction:
    """A word or a mark that was there twice. Raise SaysMoreError for any other."""
    gone = old.units[place]
    neighbors = old.units[max(0, place - 1) : place] + old.units[place + 1 : place + 2]
    is_word = gone.text.isalpha() and gone.text.islower()
    if gone not in neighbors or not (is_word or gone.text in _MARKS):
        raise _says_more([gone.text], [])
    if plain(gone.text) in guarded_words():
        raise _says_more([gone.text], [])
    kind = Kind.REPEATED if is_word else Kind.PUNCTUATION
    return _correction(
        kind, where, f"{gone.text} {gone.text}" if is_word else gone.text * 2, gone.text
    )


def _inserted(new: Block, place: int) -> Correction:
    """A period that was missing at the end. Raise SaysMoreError for anything else."""
    come = new.units[place].text
    is_last = place == len(new.units) - 1
    if come != "." or not is_last or place == 0 or not new.units[place - 1].text.isalpha():
        raise _says_more([], [come])
    return _correction(Kind.PUNCTUATION, new.where, "", come)


def _correction(kind: Kind, where: str, before: str, after: str) -> Correction:
    return Correction(kind=kind, where=where, before=before, after=after)


def _says_more(before: list[str], after: list[str]) -> SaysMoreError:
    shown = {"before": _shown(before), "after": _shown(after)}
    if not after:
        return SaysMoreError(sentences.WORDS_LEFT_OUT % shown)
    if not before:
        return SaysMoreError(sentences.WORDS_ADDED % shown)
    return SaysMoreError(sentences.MAY_SAY_MORE % shown)


def _shown(units: list[str]) -> str:
    words = " ".join(units)
    return words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}…"
