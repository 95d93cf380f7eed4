"""Addresses of articles: their last part, unique and free; and paths they had on another site."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.conf import settings
from django.core.validators import slug_re
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.text import slugify

from articles.editing import words
from articles.models import Article, OldAddress, OldPath
from articles.states import StepRefused

_STATIC = ("static", "media")
MAX_PATH = 400
_QUERY = re.compile(r"(?:p|page_id)=\d{1,12}")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\?#]")


def refuse_taken_slug(article: Article, slug: str) -> None:
    refuse_reserved_slug(slug)
    taken = OldAddress.objects.filter(slug=slug).exclude(article_id=article.pk)
    if taken.exists():
        raise StepRefused(words.ADDRESS_REDIRECTS % {"slug": slug})
    if Article.objects.filter(slug=slug).exclude(pk=article.pk).exists():
        raise StepRefused(words.ADDRESS_TAKEN % {"slug": slug})


def refuse_reserved_slug(slug: str) -> None:
    """Raise StepRefused if it is reserved for the site itself, or is malformed."""
    if slug.lower() in reserved_names():
        raise StepRefused(words.ADDRESS_RESERVED % {"slug": slug})
    if not slug_re.fullmatch(slug):
        raise StepRefused(words.ADDRESS_MALFORMED % {"slug": slug})


def reserved_names() -> frozenset[str]:
    """Return the first parts of the site's own addresses, such as “admin” and “es”.

    This keeps an imported address from shadowing one of them where old addresses are looked up.
    """
    return _reserved_by(get_resolver())


@lru_cache(maxsize=4)
def _reserved_by(resolver: URLResolver) -> frozenset[str]:
    """Kept, because an import of hundreds of posts asks for it a thousand times."""
    languages = (code for code, _ in settings.LANGUAGES)
    return frozenset((*languages, *_STATIC, *_first_parts(resolver.url_patterns)))


def _first_parts(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for each in patterns:
        first = str(each.pattern).partition("/")[0]
        if isinstance(each, URLResolver) and (not first or first in dict(settings.LANGUAGES)):
            yield from _first_parts(each.url_patterns)
        elif first == slugify(first) and first:
            yield first


def free_slug(title: str) -> str:
    stem = slugify(title)[:190].strip("-") or "article"
    taken = {
        *Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True),
        *OldAddress.objects.filter(slug__startswith=stem).values_list("slug", flat=True),
        *reserved_names(),
    }
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


# --- On another site ------------------------------------------------------------------------------


def clean_path(written: str) -> str:
    """Return “/2019/03/slug” or “/?p=12”; empty if no redirect may start there.

    It begins with one slash, and never where this site has pages of its own, now or later: browsers
    keep a permanent redirect for good.
    """
    path, _, query = written.partition("?")
    path = "/" + unicodedata.normalize("NFC", path).strip("/")
    if query and not _QUERY.fullmatch(query):
        return ""
    if len(path) > MAX_PATH or _UNFIT.search(path) or "//" in path:
        return ""
    parts = path.strip("/").split("/")
    if parts[0] in dict(settings.LANGUAGES):
        parts = parts[1:] or [""]
    if any(part in {".", ".."} for part in parts) or parts[0].lower() in reserved_names():
        return ""
    if not parts[0] and not query:
        return ""
    return f"{path}?{query}" if query else path


def find_moved(path: str, query: str) -> Article | None:
    """Return the published or retired article that was at a path, with its query, elsewhere."""
    number = next((part for part in query.split("&") if _QUERY.fullmatch(part)), "")
    if len(path) > MAX_PATH or "\x00" in path:
        return None
    plain = "/" + unicodedata.normalize("NFC", path).strip("/")
    wanted = [plain, f"{plain}?{number}"] if number else [plain]
    found = OldPath.objects.filter(path__in=wanted, article__published_at__isnull=False)
    kept = found.select_related("article").first()
    return kept.article if kept else None
