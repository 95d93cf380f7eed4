"""Words that may mean that somebody is in danger now: a sign for a human, never a verdict.

The clinic edits the list of patterns in the admin. Found words put the emergency card first on the
confirmation and a mark on the request; nothing is graded, and nothing is refused.
"""

import hashlib
import threading
from itertools import chain
from sys import intern

from django.db import Error

from inquiries.danger import prebuilt, word_lists
from inquiries.danger.pattern_syntax import pattern_problem
from inquiries.danger.patterns import Match, PatternRow, Patterns
from inquiries.minute_cache import MinuteCache
from inquiries.models import DangerPhrase

__all__ = [
    "Match",
    "Patterns",
    "clear_cache",
    "find_matches",
    "has_danger_words",
    "languages_in",
    "load_patterns",
    "pattern_problem",
    "shipped_patterns",
]

_COLUMNS = ("kind", "language", "phrase")
_last = threading.local()


def find_matches(text: str) -> tuple[Match, ...]:
    """What may mean danger in it, each kind in the same words once."""
    return load_patterns().matches(text)


def has_danger_words(text: str) -> bool:
    """Whether anything in it may mean danger."""
    return bool(languages_in(text))


def languages_in(text: str) -> tuple[str, ...]:
    """In which languages it speaks of danger: those of the patterns that are found in it.

    A thread knows the last answer, but not the text: who stores a request asks three times.
    """
    patterns, digest = load_patterns(), hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    last: tuple[Patterns, bytes, tuple[str, ...]] | None = getattr(_last, "answer", None)
    if last is None or last[0] is not patterns or last[1] != digest:
        found = tuple(dict.fromkeys(match.language for match in patterns.iter_matches(text)))
        _last.answer = last = (patterns, digest, found)
    return last[2]


def shipped_patterns() -> tuple[PatternRow, ...]:
    """Shipped with the portal, and what counts while the database cannot be asked.

    What is no danger now has to stay out: a mark on every second request would be no mark.
    """
    return tuple(
        (kind, language.value, pattern)
        for language in DangerPhrase.Language
        for kind, patterns in word_lists.sections(language.label.lower()).items()
        for pattern in patterns
    )


def load_patterns() -> Patterns:
    """The list, ready for a text: read again after a minute, built again where it changed."""
    return _patterns.get()


def _read() -> Patterns:
    known = _patterns.value
    try:
        there = tuple(
            (intern(kind), intern(language), phrase)  # few of them, each a thousand times
            for kind, language, phrase in DangerPhrase.objects.values_list(*_COLUMNS)
        )
    except Error:
        there = ()
    rows = there or known.rows or shipped_patterns()
    if rows == known.rows:
        return known
    source = "\n".join(chain.from_iterable(rows))
    return prebuilt.build_once("patterns", source, lambda: Patterns.of(rows).build())


_patterns: MinuteCache[Patterns] = MinuteCache(_read, Patterns.of(()))
#: Read the list anew at the next request: somebody has edited it here.
clear_cache = _patterns.expire
