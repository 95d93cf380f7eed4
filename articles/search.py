"""Search of published articles.

A thin layer over what the databases provide: FTS5 with bm25 on SQLite, a stored tsvector with a
GIN index on PostgreSQL (articles/migrations/initial/search_index.py).
"""

import re
from uuid import UUID

from django.db import connection

from articles.models import Article

LIMIT = 20
#: An article and its translation can both match.
_MATCHES = 2 * LIMIT
#: Limits for a query: nobody types more, and each word costs time.
MAX_LENGTH = 200
MAX_WORDS = 10

_SQLITE = """
    SELECT COALESCE(article.translation_of_id, article.id)
    FROM articles_searchindex
    JOIN articles_searchentry entry ON entry.id = articles_searchindex.rowid
    JOIN articles_article article ON article.id = entry.article_id
    WHERE articles_searchindex MATCH %s
    ORDER BY bm25(articles_searchindex, 10.0, 4.0, 1.0), entry.id DESC
    LIMIT %s
"""
_POSTGRESQL = """
    SELECT COALESCE(article.translation_of_id, article.id)
    FROM to_tsquery('english', %s) query, articles_searchentry entry
    JOIN articles_article article ON article.id = entry.article_id
    WHERE entry.document @@ query
    ORDER BY ts_rank(entry.document, query) DESC, entry.id DESC
    LIMIT %s
"""


def search_articles(query: str) -> list[Article]:
    """Return published articles for a query, best first, each once, at most LIMIT.

    A match in any language is shown in the page's language if it is available in it. Words match by
    their stem and their beginning. Articles with all the words are returned; if there are none,
    articles with any of them.
    """
    words = re.findall(r"\w+", query[:MAX_LENGTH])[:MAX_WORDS]
    if not words:
        return []
    roots = _matching(words, all_of_them=True)
    if not roots and len(words) > 1:
        roots = _matching(words, all_of_them=False)
    shown = Article.objects.for_readers().in_families(roots).for_lists() if roots else ()
    by_root = {article.root_id: article for article in shown}
    return [by_root[root] for root in dict.fromkeys(roots) if root in by_root][:LIMIT]


def _matching(words: list[str], *, all_of_them: bool) -> list[UUID]:
    """Return the IDs of the originals of matching articles, best first."""
    if connection.vendor == "sqlite":
        statement = _SQLITE
        expression = (" AND " if all_of_them else " OR ").join(f'"{word}"*' for word in words)
    else:
        statement = _POSTGRESQL
        expression = (" & " if all_of_them else " | ").join(f"'{word}':*" for word in words)
    key = Article._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(statement, [expression, _MATCHES])
        return [key.to_python(row[0]) for row in cursor.fetchall()]
