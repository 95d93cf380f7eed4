"""Where in a text the words of a query are, marked for readers."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from html import escape
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from articles.search.tokenizer import APOSTROPHES, stem, words_with_places

#: Characters of a snippet, and of what stands before the first word that was looked for.
LENGTH, _BEFORE = 220, 70
#: How many places are tried.
_MOST_TRIED = 20
#: “9 of 12”, “9 de las 12”, or “75%”.
_COUNT = re.compile(r"\d\s+(?:of|de)\s+(?:\w+\s+)?\d|\d\s*%")
#: An ending may change the last letter of a stem: “biopsy”, “biopsies”.
_CERTAIN_LETTERS = 3
_REST_OF_WORD = re.compile(rf"(?:\w|{APOSTROPHES})*")
#: Latin letters with an accent, and the letter without it: as long, so that places stay the same.
_UNACCENTED = {
    accented: plain[0]
    for accented in range(0xC0, 0x180)
    if len(plain := unicodedata.normalize("NFD", chr(accented))) > 1
}


def mark(text: str, stems: Collection[str], language: str) -> SafeString:
    """Return the text as HTML, with the words marked."""
    parts: list[str] = []
    end = 0
    for start, stop in _places(text, stems, language):
        parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - each part is escaped


def excerpt(text: str, stems: Collection[str], language: str) -> str:
    """Return a part of a text with some of the words; empty if there is none to show.

    What a study counted is not shown without what stands beside it in the article.
    """
    for first, _ in islice(_places(text, stems, language), _MOST_TRIED):
        part = _part_around(text, first)
        if not _COUNT.search(part):
            return part
    return ""


def _part_around(text: str, first: int) -> str:
    start = max(first - _BEFORE, 0)
    if start:
        start = text.find(" ", start) + 1
    part = " ".join(text[start : start + LENGTH].split())
    is_cut = start + LENGTH < len(text)
    if is_cut:
        part = part.rpartition(" ")[0]
    return f"{'… ' if start else ''}{part}{' …' if is_cut else ''}"


def _places(text: str, stems: Collection[str], language: str) -> Iterator[tuple[int, int]]:
    end = 0
    for first in _beginnings(text, stems):
        if first < end:
            continue
        end = first
        for word, (start, stop) in words_with_places(_REST_OF_WORD.match(text, first)[0]):  # type: ignore[index] # it matches anything
            if stem(word, language) in stems:
                end = first + stop
                yield first + start, end


def _beginnings(text: str, stems: Collection[str]) -> list[int]:
    """Return where a word begins like one of these, in order: few of a text's words do.

    Looking for each of them takes less than compiling a pattern of all.
    """
    plain = text.replace("İ", "I").lower().translate(_UNACCENTED)
    found: set[int] = set()
    for each in {each[:-1] if len(each) > _CERTAIN_LETTERS else each for each in stems}:
        place = plain.find(each)
        while place >= 0:
            if not place or not (plain[place - 1].isalnum() or plain[place - 1] == "_"):
                found.add(place)
            place = plain.find(each, place + 1)
    return sorted(found)
