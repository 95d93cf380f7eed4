"""Words that may mean that someone is in danger now: a signal for people, never a verdict.

The clinic edits the list of patterns in the admin. A match puts the emergency card first on the
confirmation and flags the request. It does not grade or refuse anything.
"""

import hashlib
import threading
from itertools import chain
from sys import intern

from django.db import Error

from articles.process_cache import ProcessCache
from inquiries.danger import prebuilt, word_lists
from inquiries.danger.pattern_syntax import pattern_problem
from inquiries.danger.patterns import Match, PatternRow, Patterns
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
    """Return what may mean danger, listing the same kind in the same words only once."""
    return load_patterns().matches(text)


def has_danger_words(text: str) -> bool:
    """Return whether anything in the text may mean danger."""
    return bool(languages_in(text))


def languages_in(text: str) -> tuple[str, ...]:
    """Return the languages in which the text mentions danger: those of the matching patterns.

    Each thread remembers its last answer, but not the text: storing a request asks three times.
    """
    patterns, digest = load_patterns(), hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    last: tuple[Patterns, bytes, tuple[str, ...]] | None = getattr(_last, "answer", None)
    if last is None or last[0] is not patterns or last[1] != digest:
        found = tuple(dict.fromkeys(match.language for match in patterns.iter_matches(text)))
        _last.answer = last = (patterns, digest, found)
    return last[2]


def shipped_patterns() -> tuple[PatternRow, ...]:
    """Return the patterns shipped with the portal, used while the database is unavailable.

    Anything that is not a danger now must stay out: a flag on every other request would be useless.
    """
    return tuple(
        (kind, language.value, pattern)
        for language in DangerPhrase.Language
        for kind, patterns in word_lists.sections(language.label.lower()).items()
        for pattern in patterns
    )


def load_patterns() -> Patterns:
    """Return the list, ready for a text. It is reread after a minute and rebuilt if it changed."""
    return _patterns.get()


def _read() -> Patterns:
    known = _patterns.value
    try:
        there = tuple(
            (intern(kind), intern(language), phrase)  # few values, each a thousand times
            for kind, language, phrase in DangerPhrase.objects.values_list(*_COLUMNS)
        )
    except Error:
        there = ()
    rows = there or known.rows or shipped_patterns()
    if rows == known.rows:
        return known
    source = "\n".join(chain.from_iterable(rows))
    return prebuilt.build_once("patterns", source, lambda: Patterns.of(rows).build())


_patterns: ProcessCache[Patterns] = ProcessCache(_read, Patterns.of(()))
#: Reread the list at the next request, because someone edited it in this process.
clear_cache = _patterns.expire
