"""Where in a text the words of a query are, marked for readers."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles.search.tokenizer import stem, words_with_places

#: Characters of a snippet, and of what stands before the first word that was looked for.
LENGTH, _BEFORE = 220, 70
#: How many places are tried.
_MOST_TRIED = 20
#: “9 of 12”, “9 de las 12”, or “75%”.
_COUNT = re.compile(r"\d\s+(?:of|de)\s+(?:\w+\s+)?\d|\d\s*%")
#: Letters that may have an accent in a text.
_ACCENTED = {"a": "[aáàâä]", "e": "[eéèêë]", "i": "[iíìîï]", "o": "[oóòôö]", "u": "[uúùûü]"}
_ACCENTED |= {"n": "[nñ]", "c": "[cç]"}
#: An ending may change the last letter of a stem: “biopsy”, “biopsies”.
_CERTAIN_LETTERS = 3


def mark(text: str, stems: Collection[str], language: str) -> SafeString:
    """Return the text as HTML, with the words marked."""
    parts: list[str] = []
    end = 0
    for start, stop in _places(text, stems, language):
        parts += [escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
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
    if not stems:
        return
    wanted = frozenset(stems)
    for found in _looking_for(wanted).finditer(text):
        for word, (start, stop) in words_with_places(found[0]):
            if stem(word, language) in wanted:
                yield found.start() + start, found.start() + stop


@lru_cache(256)
def _looking_for(stems: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of words that begin like one of these: few of a text's words do."""
    beginnings = sorted({each[:-1] if len(each) > _CERTAIN_LETTERS else each for each in stems})
    any_of = "|".join(
        "".join(_ACCENTED.get(letter, re.escape(letter)) for letter in each) for each in beginnings
    )
    return re.compile(rf"\b(?:{any_of})[\w'’]*", re.IGNORECASE)
