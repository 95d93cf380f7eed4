"""What a page shows of each result: where it is, where the words are, how far to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from articles.evidence_stages import stage_badge
from articles.languages import describe_language, page_language, unlike_page
from articles.models import Article
from articles.search import snippets
from articles.search.finder import Result
from articles.search.query import Query

#: Each article among some originals and their translations that readers of a page in this language
#: get. As a QuerySet, building it would take longer than everything else here.
_ON_POSTGRESQL = "SELECT * FROM articles_show(%s, %s)"
_ON_SQLITE = """
    SELECT COALESCE(article.translation_of_id, article.id) AS root, article.translation_of_id,
        article.slug, article.language, live.title, live.summary, live.stage,
        COALESCE(reviewed.at, approval.at), entry.words
    FROM articles_article article
    JOIN articles_revision live ON live.id = article.live_id
    LEFT JOIN articles_searchentry entry ON entry.article_id = article.id
    LEFT JOIN articles_approval approval ON approval.id = article.approval_id
    LEFT JOIN articles_approval reviewed ON reviewed.id = approval.carried_from_id
    WHERE (article.id IN ({roots}) OR article.translation_of_id IN ({roots}))
        AND (article.language = %s OR article.translation_of_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM articles_article translated
            WHERE translated.translation_of_id = article.id AND translated.language = %s
                AND translated.live_id IS NOT NULL
        ))
"""

_A_SLUG = "SLUG"


@dataclass(frozen=True)
class Shown:
    kind: str
    url: str
    #: As plain text, and with the words marked.
    name: str
    title: SafeString
    snippet: SafeString
    #: The language to mark it with; empty if it is that of the page.
    lang: str = ""
    badge: str = ""
    #: The day as `datetime` and as readers see it.
    reviewed: tuple[str, str] | None = None

    def as_row(self) -> dict[str, Any]:
        """Return what templates/portal/search/_result.html shows."""
        return {
            "url": self.url,
            "title": self.title,
            "snippet": self.snippet,
            "lang": self.lang,
            "in_language": describe_language(self.lang) if self.lang else "",
            "badge": self.badge,
            "reviewed": [*self.reviewed] if self.reviewed else False,
            "is_term": self.kind == "term",
            "is_topic": self.kind == "topic",
        }


def show(results: Sequence[Result], asked: Query) -> list[Shown]:
    """Return what to show of these, in order, without what readers no longer see."""
    rows = _rows([result.article for result in results if result.article])
    found = []
    for result in results:
        if result.page:
            found.append(_show_page(result, asked))
        elif result.article in rows:
            found.append(_show_article(rows[result.article], asked))
    return found


def _rows(roots: list[UUID]) -> dict[UUID, "_Row"]:
    if not roots:
        return {}
    language = page_language()
    keys = [Article._meta.pk.get_db_prep_value(root, connection) for root in roots]
    statement = _ON_POSTGRESQL
    values: list[Any] = [keys, language]
    if connection.vendor == "sqlite":
        statement = _ON_SQLITE.format(roots=", ".join(["%s"] * len(keys)))
        values = [*keys, *keys, language, language]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    to_key = Article._meta.pk.to_python
    return {to_key(root): _Row(*columns) for root, *columns in rows}


class _Row(NamedTuple):
    translation_of: Any
    slug: str
    language: str
    title: str
    summary: str
    stage: str
    #: As the database returns it: SQLite keeps a text.
    reviewed_at: datetime | str | None
    words: str | None


def _show_article(row: _Row, asked: Query) -> Shown:
    stems = asked.stems_in(row.language)
    snippet = snippets.mark(row.summary, stems, row.language)
    if "<mark>" not in snippet:
        part = snippets.excerpt(row.words or "", stems, row.language)
        snippet = snippets.mark(part or row.summary, stems, row.language)
    return Shown(
        "article",
        _address(row),
        row.title,
        snippets.mark(row.title, stems, row.language),
        snippet,
        lang=unlike_page(row.language),
        badge=stage_badge(row.stage),
        reviewed=_day(row.reviewed_at, page_language()) if row.reviewed_at else None,
    )


@lru_cache(1000)
def _day(stored: datetime | str, language: str) -> tuple[str, str]:
    """Return the day on the clinic's clock, for a machine and for readers."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    day = timezone.localdate(at if at.tzinfo else at.replace(tzinfo=UTC))
    with translation.override(language):
        return day.isoformat(), date_format(day)


def _address(row: _Row) -> str:
    """As `Article.get_absolute_url` does."""
    language = row.language if row.translation_of else page_language()
    return _addresses(language).replace(_A_SLUG, row.slug)


@lru_cache(16)
def _addresses(language: str) -> str:
    """Return the address of an article with this slug: looking up the route takes long."""
    with translation.override(language):
        return reverse("articles:article", args=[_A_SLUG])


def _show_page(result: Result, asked: Query) -> Shown:
    page = result.page
    assert page is not None  # noqa: S101 - asked by who calls
    text = page.text
    stems = asked.stems_in(text.language)
    return Shown(
        result.kind,
        page.url,
        text.title,
        snippets.mark(text.title, stems, text.language),
        snippets.mark(text.summary or text.words, stems, text.language),
    )
