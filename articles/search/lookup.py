"""Looks up which articles may be meant: a capped number, however many hold the words.

A few lists, each cut off: those with all of it, those with some of it in the title, and those with
each of its rarest parts. Nothing is ranked here, because the two databases would rank differently.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from articles.models import Article
from articles.search.entries import lexeme
from articles.search.query import Concept
from articles.search.ranking import Rated
from articles.search.vocabulary import vocabulary

#: How many parts of a query are looked up on their own, the rarest first.
_MOST_ALONE = 2
#: Rows of each list; more if only those of a topic count.
MOST_IN_A_LIST, _MOST_FOR_A_TOPIC = 20, 300
#: So many matching articles take the index no time worth saving.
_FEW = 500
#: PostgreSQL's index finds all that match before it gives the first. Looking among the newest, as
#: many as it takes, costs less from this many matches on for the square root of all articles:
#: measured, for titles and whole texts.
_COMMON_TITLES, _COMMON = 5, 17
_ON_POSTGRESQL = "SELECT root, language, title, strengths FROM articles_find(%s, %s, %s, %s)"
_ON_SQLITE = (
    "SELECT * FROM (SELECT rowid AS id FROM articles_searchindex "
    "WHERE articles_searchindex MATCH %s LIMIT %s)"
)
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


@dataclass(frozen=True)
class _List:
    """What to look up, whether in titles alone, and about how many articles match."""

    wanted: str
    matching: int
    in_titles: bool = False

    @property
    def way(self) -> str:
        """Return how PostgreSQL finds some of them soonest: `articles_find` says what each does."""
        part = _COMMON_TITLES if self.in_titles else _COMMON
        if self.matching <= max(_FEW, part * math.sqrt(vocabulary.get().articles)):
            return "rare"
        return "title" if self.in_titles else "common"


def candidates(rated: Sequence[Rated], topic: str) -> list[Candidate]:
    """Return articles that may be meant by these, the rarest first.

    `topic`: the slug of a category, or empty for all.
    """
    most = _MOST_FOR_A_TOPIC if topic else MOST_IN_A_LIST
    lists = [*_lists(rated)]
    statement: str
    values: list[Any]
    if connection.vendor == "postgresql":
        statement = _ON_POSTGRESQL
        values = [[each.wanted for each in lists], [each.way for each in lists], most, topic]
    else:
        parts = " UNION ".join([_ON_SQLITE] * len(lists))
        statement = f"WITH found AS ({parts}) {_SHOWN}"
        values = [value for each in lists for value in (each.wanted, most)]
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


def _lists(rated: Sequence[Rated]) -> Iterator[_List]:
    concepts = [each.concept for each in rated]
    every = _all_of(_any_of(_phrases(concept)) for concept in concepts)
    yield _List(every, min(each.held for each in rated))
    titles = [each for each in rated if each.titles][:_MOST_ALONE]
    for each in titles:
        yield _List(_any_of(_phrases(each.concept, in_title=True)), each.titles, in_titles=True)
    if len(concepts) > 1:
        for each in rated[:_MOST_ALONE]:
            yield _List(_any_of(_phrases(each.concept)), each.held)


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
