"""Finding published articles by their words.

A thin layer over what the databases bring: FTS5 with bm25 on SQLite, a stored tsvector with a GIN
index on PostgreSQL (articles/migrations/initial/search_index.py).
"""

import re

from django.db import connection

from articles.models import Article

LIMIT = 20
#: What is read of a query: nobody types more, and each word costs.
MAX_LENGTH = 200
MAX_WORDS = 10

_SQLITE = """
    SELECT entry.article_id
    FROM articles_searchindex
    JOIN articles_searchentry entry ON entry.id = articles_searchindex.rowid
    WHERE articles_searchindex MATCH %s
    ORDER BY bm25(articles_searchindex, 10.0, 4.0, 1.0), entry.id DESC
    LIMIT %s
"""
_POSTGRESQL = """
    SELECT entry.article_id
    FROM articles_searchentry entry, to_tsquery('english', %s) query
    WHERE entry.document @@ query
    ORDER BY ts_rank(entry.document, query) DESC, entry.id DESC
    LIMIT %s
"""


def search_articles(query: str) -> list[Article]:
    """Published articles for what somebody typed, best first, at most LIMIT.

    Words match by their stem and their beginning. Articles with all the words come; where there is
    none, articles with any of them.
    """
    words = re.findall(r"\w+", query[:MAX_LENGTH])[:MAX_WORDS]
    if not words:
        return []
    keys = _matching(words, all_of_them=True)
    if not keys and len(words) > 1:
        keys = _matching(words, all_of_them=False)
    by_key = Article.objects.published().for_lists().in_bulk(keys)
    return [by_key[key] for key in keys if key in by_key]


def _matching(words: list[str], *, all_of_them: bool) -> list[str]:
    if connection.vendor == "sqlite":
        statement = _SQLITE
        expression = (" AND " if all_of_them else " OR ").join(f'"{word}"*' for word in words)
    else:
        statement = _POSTGRESQL
        expression = (" & " if all_of_them else " | ").join(f"'{word}':*" for word in words)
    key = Article._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(statement, [expression, LIMIT])
        return [key.to_python(row[0]) for row in cursor.fetchall()]
