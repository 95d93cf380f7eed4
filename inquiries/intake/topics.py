"""The topics that people may ask about: the categories, as this process last read them.

All are offered, because people ask about things nobody has written about yet. They are kept for a
minute, or while the database is unavailable, so that the form works without it.
"""

from django.core.validators import slug_re
from django.db import Error, OperationalError

from articles.languages import ORIGINAL, page_language
from articles.models import Article, Category
from articles.process_cache import ProcessCache
from inquiries.circuit_breaker import DATABASE_BREAKER

#: Each slug, with its name in each language.
Topics = tuple[tuple[str, dict[str, str]], ...]
# The maximum length of our slugs.
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


_topics: ProcessCache[Topics] = ProcessCache(_read, ())
#: Reread the list the next time it is needed.
clear_cache = _topics.clear
#: Reread it now; False if the database is unavailable.
refresh = _topics.refresh


def known_topics() -> list[tuple[str, str]]:
    """Return each topic's slug, and its name in the page's language."""
    language = page_language()
    return [(slug, names.get(language, names[ORIGINAL])) for slug, names in _topics.get()]


def topic_name(slug: str) -> str:
    """Return a topic's name; empty for no topic, and the slug if its name was never read."""
    return dict(known_topics()).get(slug, slug)


def is_choosable(slug: str) -> bool:
    """Reread the list before saying no. If it cannot be read, accept any valid slug."""
    if slug in dict(known_topics()):
        return True
    if not is_slug(slug):
        return False
    return slug in dict(_topics.value) if _topics.refresh() else True


def is_slug(text: str) -> bool:
    return len(text) <= _SLUG_LENGTH and bool(slug_re.fullmatch(text))
