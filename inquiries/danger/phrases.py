"""Words that may mean that somebody is in danger now: a sign for a human, never a verdict.

The clinic edits the list of patterns in the admin. Found words put the emergency card first on the
confirmation and a mark on the request; nothing is graded, and nothing is refused.
"""

import time

from django.db import Error

from inquiries.danger import word_lists
from inquiries.danger.pattern_syntax import pattern_problem
from inquiries.danger.patterns import Match, PatternRow, Patterns
from inquiries.models import DangerPhrase

__all__ = [
    "SHIPPED_PATTERNS",
    "Match",
    "Patterns",
    "clear_cache",
    "find_matches",
    "has_danger_words",
    "languages_in",
    "pattern_problem",
]

#: Shipped with the portal, and what counts while the database cannot be asked: kind, language and
#: pattern. What is no danger now has to stay out: a mark on every second request would be no mark.
SHIPPED_PATTERNS: tuple[PatternRow, ...] = tuple(
    (kind, language.value, pattern)
    for language in DangerPhrase.Language
    for kind, patterns in word_lists.sections(language.label.lower()).items()
    for pattern in patterns
)
_KEPT_SECONDS = 60


class _Known:
    """The list as this process last read it."""

    patterns: Patterns | None = None
    read_at: float | None = None


def find_matches(text: str) -> tuple[Match, ...]:
    """What may mean danger in it, each kind in the same words once."""
    return _patterns().matches(text)


def has_danger_words(text: str) -> bool:
    """Whether anything in it may mean danger."""
    return any(True for _ in _patterns().iter_matches(text))


def languages_in(text: str) -> tuple[str, ...]:
    """In which languages it speaks of danger: those of the patterns that are found in it."""
    return tuple(dict.fromkeys(match.language for match in find_matches(text)))


def clear_cache() -> None:
    """Read the list anew at the next request: somebody has edited it here."""
    _Known.read_at = None


def _patterns() -> Patterns:
    now = time.monotonic()
    if _Known.patterns is None or _Known.read_at is None or now - _Known.read_at > _KEPT_SECONDS:
        try:
            there = tuple(DangerPhrase.objects.values_list("kind", "language", "phrase"))
        except Error:
            there = ()
        rows = there or (_Known.patterns.rows if _Known.patterns else SHIPPED_PATTERNS)
        # Made anew only where it changed: that takes longer than a message does.
        if _Known.patterns is None or rows != _Known.patterns.rows:
            _Known.patterns = Patterns.of(rows)
        _Known.read_at = now
    return _Known.patterns
