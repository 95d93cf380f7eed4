"""What is stored of a text so that it can be found: its stems, and how much it is about each."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from articles.models import SearchEntry
from articles.search.tokenizer import all_stems_of, silent_words, stems_of, words_of

#: How much a text is about a word, by where it stands. Each counts once; the body by how often.
TITLE, SUMMARY, HEADING, BODY = 10.0, 5.0, 3.0, 1.0
#: Words that say something: in a longer body, a word has to stand more often.
_USUAL_LENGTH = 200
#: What marks the stems of a title among the lexemes.
_TITLE_MARK = "0"


@dataclass(frozen=True)
class Text:
    """A text as readers find it."""

    language: str
    title: str
    summary: str = ""
    headings: tuple[str, ...] = ()
    words: str = ""

    @property
    def title_words(self) -> set[str]:
        return set(words_of(self.title)) - silent_words(self.language)

    @property
    def all_words(self) -> set[str]:
        parts = (self.title, self.summary, *self.headings, self.words)
        return {word for part in parts for word in words_of(part)} - silent_words(self.language)


def strengths_of(text: Text, *, keep_silent: bool = False) -> dict[str, float]:
    """Map each stem to how much the text is about it; `keep_silent`: also words that say little."""
    language = text.language
    stems_in = all_stems_of if keep_silent else stems_of
    found: dict[str, float] = {}
    for stems, strength in (
        (stems_in(text.title, language), TITLE),
        (stems_in(text.summary, language), SUMMARY),
        (stems_in(" ".join(text.headings), language), HEADING),
    ):
        for each in set(stems):
            found[each] = found.get(each, 0.0) + strength
    for each, strength in _strengths_in_body(text.words, language).items():
        found[each] = round(found.get(each, 0.0) + strength, 1)
    return found


@lru_cache(32)
def _strengths_in_body(words: str, language: str) -> dict[str, float]:
    body = stems_of(words, language)
    usual = min(1.0, _USUAL_LENGTH / len(body)) if body else 1.0
    return {each: BODY * math.log2(1 + count * usual) for each, count in Counter(body).items()}


def fields_of(text: Text) -> dict[str, str]:
    """Return the fields of its `SearchEntry`."""
    strengths = strengths_of(text)
    title = stems_of(text.title, text.language)
    return {
        "language": text.language,
        "title": text.title,
        "summary": text.summary,
        "headings": "\n".join(text.headings),
        "words": text.words,
        "lexemes": " ".join(
            [lexeme(each, text.language) for each in strengths]
            + [lexeme(each, text.language, in_title=True) for each in dict.fromkeys(title)]
        ),
        "strengths": json.dumps(strengths, ensure_ascii=False, separators=(",", ":")),
    }


def text_of(entry: SearchEntry) -> Text:
    headings = tuple(entry.headings.splitlines())
    return Text(entry.language, entry.title, entry.summary, headings, entry.words)


def lexeme(stem: str, language: str, *, in_title: bool = False) -> str:
    """Return the word that the index holds; letters and digits only, so that no parser splits it.

    It starts with the language: two languages share many stems, and few words.
    """
    return f"{_TITLE_MARK if in_title else ''}{language}{stem}"


def phrase_stems(phrase: str, language: str) -> tuple[str, ...]:
    """Return the stems of a phrase, with those that say nothing: “the pill”, “can’t breathe”."""
    return tuple(all_stems_of(phrase, language))


@lru_cache(2_000)
def title_stems_of(title: str, language: str) -> frozenset[str]:
    return frozenset(stems_of(title, language))
