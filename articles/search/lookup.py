"""Looks up which articles may be meant: a capped number, however many hold the words.

A few lists, each cut off: those with all of it, those with some of it in the title, and those with
each of its rarest parts. Nothing is ranked here, because the two databases would rank differently.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from articles.models import Article
from articles.search.entries import lexeme
from articles.search.query import Concept

#: Rows of each list; more if only those of a topic count.
MOST_IN_A_LIST, _MOST_FOR_A_TOPIC = 20, 300
#: With a limit, PostgreSQL may read the whole table instead of the index: its function does not.
_LISTED = {
    "sqlite": "SELECT * FROM (SELECT rowid AS id FROM articles_searchindex "
    "WHERE articles_searchindex MATCH %s LIMIT %s) AS list{number}",
    "postgresql": "SELECT id FROM articles_look_up(to_tsquery('simple', %s), %s) AS list{number}(id)",
}
_FILED = (
    "SELECT filed_entry.id FROM articles_searchentry filed_entry "
    "JOIN articles_article_categories filed ON filed.article_id = filed_entry.article_id "
    "JOIN articles_category category ON category.id = filed.category_id WHERE category.slug = %s"
)
_SHOWN = (
    "SELECT COALESCE(article.translation_of_id, article.id), entry.language, entry.title, "
    "entry.strengths FROM found "
    "JOIN articles_searchentry entry ON entry.id = found.id "
    "JOIN articles_article article ON article.id = entry.article_id"
)


@dataclass(frozen=True)
class Candidate:
    #: The key of the original, which it has in common with its translations.
    root: UUID
    language: str
    title: str
    strengths: dict[str, float]


def candidates(
    concepts: Sequence[Concept], rarest: Sequence[Concept], topic: str
) -> list[Candidate]:
    """Return articles that may be meant; `topic`: the slug of a category, or empty for all."""
    lists = _lists(concepts, rarest)
    listed = _LISTED[connection.vendor]
    parts = " UNION ".join(listed.format(number=number) for number in range(len(lists)))
    statement = f"WITH found AS ({parts}) {_SHOWN}"
    values: list[Any] = []
    for each in lists:
        values += [each, _MOST_FOR_A_TOPIC if topic else MOST_IN_A_LIST]
    if topic:
        statement += f" WHERE found.id IN ({_FILED})"
        values.append(topic)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    to_key = Article._meta.pk.to_python
    return [
        Candidate(to_key(root), language, title, json.loads(strengths))
        for root, language, title, strengths in rows
    ]


def _lists(concepts: Sequence[Concept], rarest: Sequence[Concept]) -> list[str]:
    every = _all_of(_any_of(_phrases(concept)) for concept in concepts)
    titles = _any_of(each for concept in concepts for each in _phrases(concept, in_title=True))
    lists = [every, titles]
    if len(concepts) > 1:
        lists += [_any_of(_phrases(concept)) for concept in rarest]
    return lists


def _phrases(concept: Concept, *, in_title: bool = False) -> Iterator[str]:
    for alternative in concept.alternatives:
        language = alternative.phrase.language
        yield _all_of(
            _quoted(lexeme(stem, language, in_title=in_title)) for stem in alternative.phrase.stems
        )


def _quoted(word: str) -> str:
    """Letters and digits only: nothing in them is an operator."""
    return f'"{word}"' if connection.vendor == "sqlite" else f"'{word}'"


def _all_of(parts: "Iterator[str]") -> str:
    return f"({(' AND ' if connection.vendor == 'sqlite' else ' & ').join(parts)})"


def _any_of(parts: "Iterator[str]") -> str:
    return f"({(' OR ' if connection.vendor == 'sqlite' else ' | ').join(parts)})"
