"""How an article comes before readers: drafted, revised, published by another, withdrawn."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from articles import rendering
from articles.models import Article, Category, SearchEntry

if TYPE_CHECKING:
    from portal.models import User


#: Characters: a long book chapter, and well within what a search index takes of one text.
MAX_BODY_LENGTH = 200_000
# Feeds are XML, which has no way to write these.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Refused(Exception):
    """A step that the rules of publishing do not allow now. `reasons` are sentences for editors."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True)
class Content:
    """What an editor writes."""

    title: str
    #: Its last part of the address; made from the title where empty.
    slug: str = ""
    summary: str = ""
    body: str
    #: One source a line.
    references: str = ""


@transaction.atomic
def draft(content: Content, *, categories: Iterable[Category], by: "User | None") -> Article:
    """A new draft. `by` is None where a post was imported without naming its author."""
    article = Article(written_by=by)
    _fill(article, content)
    _save(article)
    article.categories.set(categories)
    return article


@transaction.atomic
def revise(
    article: Article,
    content: Content,
    *,
    categories: Iterable[Category],
    version: int,
    by: "User | None",
) -> Article:
    """Change a draft that was read at `version`.

    Whoever changed its words last is its author and may not publish it; None where an import did
    not say who. Raise Refused where it is
    published, or was changed since `version`.
    """
    article = _take(article, version)
    if article.is_published:
        raise Refused("This article is published. Withdraw it before you change it.")
    # Who saves it unchanged has not written it: she must not become an author in name only.
    if _fill(article, content) or article.written_by is None:
        article.written_by = by
    article.reviewed_by = None
    article.reviewed_at = None
    _save(article)
    article.categories.set(categories)
    return article


@transaction.atomic
def publish(article: Article, *, version: int, by: "User") -> Article:
    """Put a draft, as it was read at `version`, before readers, `by` vouching for it as reviewer.

    Raise Refused with every reason that stands against it: four eyes, a complete page.
    """
    article = _take(article, version)
    reasons = list(_against_publishing(article, by))
    if reasons:
        raise Refused(*reasons)
    now = timezone.now()
    article.state = Article.State.PUBLISHED
    article.reviewed_by = by
    article.reviewed_at = now
    article.published_at = article.published_at or now
    article.save()
    SearchEntry.objects.update_or_create(article=article, defaults=search_fields(article))
    return article


@transaction.atomic
def withdraw(article: Article, *, version: int, by: "User") -> Article:
    """Take an article from readers at once; it is a draft again."""
    article = _take(article, version)
    if not article.is_published:
        raise Refused("This article is not published.")
    if not by.has_perm("articles.publish_article") and not by.has_perm("articles.change_article"):
        raise Refused("Only an editor or a medical reviewer can withdraw an article.")
    article.state = Article.State.DRAFT
    article.save()
    SearchEntry.objects.filter(article=article).delete()
    return article


def search_fields(article: Article) -> dict[str, str]:
    """What the search index holds of an article."""
    return {
        "title": article.title,
        "summary": article.summary,
        "words": rendering.to_text(article.body_html),
    }


def _against_publishing(article: Article, by: "User") -> Iterable[str]:
    if article.is_published:
        yield "This article is published already."
    if not by.has_perm("articles.publish_article"):
        yield "Only a medical reviewer can publish an article."
    if article.written_by is None:
        yield "It has no author: an editor has to read it and save it first."
    elif article.written_by_id == by.pk:
        yield "You wrote it. Somebody else has to review and publish it."
    if not article.summary.strip():
        yield "It has no summary."
    if not article.categories.exists():
        yield "It is filed under no category."
    if not article.reference_list:
        yield "It names no reference."


def _take(article: Article, version: int) -> Article:
    """The row, ours to change until the transaction ends.

    A conditional update rather than a lock, because SQLite has no row locks.
    """
    taken = Article.objects.filter(pk=article.pk, version=version).update(version=F("version") + 1)
    if not taken:
        raise Refused(
            "Somebody changed this article after you opened it, so nothing was saved. "
            "Open it again in a new tab, compare, and save once more."
        )
    return Article.objects.for_reading().get(pk=article.pk)


def _fill(article: Article, content: Content) -> bool:
    """Whether any word changed by it. Raise Refused where the body is too long."""
    words = {
        field: _CONTROL.sub(" ", value.replace("\r\n", "\n")).strip()
        for field, value in asdict(content).items()
    }
    if len(words["body"]) > MAX_BODY_LENGTH:
        raise Refused(
            f"The text has {len(words['body']):,} characters. {MAX_BODY_LENGTH:,} are the most."
        )
    changed = any(getattr(article, field) != value for field, value in words.items())
    for field, value in words.items():
        setattr(article, field, value)
    article.slug = article.slug or _free_slug(article)
    article.body_html = rendering.to_html(article.body)
    return changed


def _save(article: Article) -> None:
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        raise Refused(f"Another article already has the address “{article.slug}”.") from error


def _free_slug(article: Article) -> str:
    stem = slugify(article.title)[:190].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
