"""The topics that somebody may ask about: the categories, as this process last read them.

Kept for a minute, and for as long as the database cannot be asked: the form needs none.
"""

import time

from django.core.validators import slug_re
from django.db import Error

from articles.models import Article, Category
from inquiries.circuit_breaker import DATABASE_BREAKER

_KEPT_SECONDS = 60
# The longest of ours.
_SLUG_LENGTH: int = Article._meta.get_field("slug").max_length  # type: ignore[assignment]


class _List:
    topics: tuple[tuple[str, str], ...] = ()
    read_at: float | None = None


def known_topics() -> list[tuple[str, str]]:
    """Slug and name of each, as readers see them listed."""
    if _List.read_at is None or time.monotonic() - _List.read_at > _KEPT_SECONDS:
        _read()
    return list(_List.topics)


def topic_name(slug: str) -> str:
    """Empty for none; the slug itself where its name was never read."""
    return dict(known_topics()).get(slug, slug)


def is_choosable(slug: str) -> bool:
    """Read the list once more before saying no; unread, take what could be one."""
    if slug in dict(known_topics()):
        return True
    if not is_slug(slug):
        return False
    return slug in dict(_List.topics) if _read() else True


def is_slug(text: str) -> bool:
    return len(text) <= _SLUG_LENGTH and bool(slug_re.fullmatch(text))


def clear_cache() -> None:
    """Read the list anew when it is next asked for."""
    _List.topics, _List.read_at = (), None


def _read() -> bool:
    """False where the database cannot be asked; then the last list stays."""
    if DATABASE_BREAKER.is_open:
        return False
    try:
        in_use = Category.objects.in_use().values_list("slug", "name")
        _List.topics = tuple((slug, name) for slug, name in in_use)
    except Error:
        DATABASE_BREAKER.trip()
        return False
    _List.read_at = time.monotonic()
    return True
