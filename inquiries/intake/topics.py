"""The topics that somebody may ask about: the categories, as this process last read them.

All of them, as people ask about what nobody has written about yet. Kept for a minute, and for as
long as the database cannot be asked: the form needs none.
"""

from django.core.validators import slug_re
from django.db import Error, OperationalError

from articles.languages import ORIGINAL, page_language
from articles.models import Article, Category
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.minute_cache import MinuteCache

#: Each slug, with what it is called in each language.
Topics = tuple[tuple[str, dict[str, str]], ...]
# The longest of ours.
_SLUG_LENGTH: int = Article._meta.get_field("slug").max_length  # type: ignore[assignment]


def _read() -> Topics:
    if DATABASE_BREAKER.is_open:
        raise OperationalError
    try:
        return tuple(
            (each.slug, each.names()) for each in Category.objects.prefetch_related("translations")
        )
    except Error:
        DATABASE_BREAKER.trip()
        raise


_topics: MinuteCache[Topics] = MinuteCache(_read, ())
#: Read the list anew when it is next asked for.
clear_cache = _topics.clear
#: Read it now; False where the database cannot be asked.
refresh = _topics.refresh


def known_topics() -> list[tuple[str, str]]:
    """Slug and name of each, as the language of the page calls it."""
    language = page_language()
    return [(slug, names.get(language, names[ORIGINAL])) for slug, names in _topics.get()]


def topic_name(slug: str) -> str:
    """Empty for none; the slug itself where its name was never read."""
    return dict(known_topics()).get(slug, slug)


def is_choosable(slug: str) -> bool:
    """Read the list once more before saying no; unread, take what could be one."""
    if slug in dict(known_topics()):
        return True
    if not is_slug(slug):
        return False
    return slug in dict(_topics.value) if _topics.refresh() else True


def is_slug(text: str) -> bool:
    return len(text) <= _SLUG_LENGTH and bool(slug_re.fullmatch(text))
