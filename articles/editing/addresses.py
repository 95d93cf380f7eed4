"""The last part of an article's address: unique, free, and not a name that the site itself uses."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.validators import slug_re
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.text import slugify

from articles.editing import words
from articles.models import Article, OldAddress
from articles.states import StepRefused

_STATIC = ("static", "media")


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
    languages = (code for code, _ in settings.LANGUAGES)
    return frozenset((*languages, *_STATIC, *_first_parts(get_resolver().url_patterns)))


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
