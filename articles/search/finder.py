"""From what somebody typed to what they are shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import translation

from articles.search import glance, lookup, query, ranking, spelling
from articles.search.query import Query
from articles.search.ranking import Rated
from articles.search.vocabulary import vocabulary

#: What is as good in an article is better there than in a list of topics or terms.
_WORTH = {"site": 0.9, "term": 0.75, "topic": 0.55}
#: What a term is worth to somebody who asks for just that word, and to whoever asks what it means.
_WORTH_OF_ITS_TERM, _WORTH_OF_ITS_MEANING = 0.9, 1.2
#: Part of title and query that have to be the same.
_THAT_TERM = 0.9
#: How often a misspelled query is read in another way if nothing was found.
_MOST_READINGS = 3
#: The part of a query that a page of the site has to answer: it lists many words for a few things.
_LEAST_OF_A_SITE_PAGE = 0.7
#: A result that is this much worse than the best is none.
_LEAST_OF_THE_BEST = 0.15


@dataclass(frozen=True)
class Result:
    """Something that answers a query, as the page shows it."""

    score: float
    #: "article", "term", "topic", or "site".
    kind: str
    article: UUID | None = None
    page: glance.Page | None = None


@dataclass(frozen=True)
class Found:
    query: Query
    #: The corrected query; empty if it was read as it was typed.
    read_as: str = ""
    results: list[Result] = field(default_factory=list)


def find(typed: str, *, exactly: bool = False, topic: str = "") -> Found:
    """Find what answers a query, best first, on a page in the current language.

    `exactly`: as typed, even if it looks misspelled. `topic`: only articles filed under the
    category with this slug.
    """
    language = translation.get_language() or "en"
    asked = query.read(typed, language)
    fixed = {} if exactly else spelling.correct(asked.words, language)
    for read_as in _readings(asked.words, fixed):
        better = query.read(read_as, language)
        if results := _results(better, language, topic):
            return Found(better, read_as, results)
    return Found(asked, "", _results(asked, language, topic))


def _readings(words: Sequence[str], fixed: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield what was meant, with the likeliest words first, then with the next likely ones."""
    for number in range(min(_MOST_READINGS, max(map(len, fixed.values()), default=0))):
        read = (
            fixed[word][min(number, len(fixed[word]) - 1)] if word in fixed else word
            for word in words
        )
        yield " ".join(filter(None, read))


def _results(asked: Query, language: str, topic: str) -> list[Result]:
    if not asked.concepts:
        return []
    rated = ranking.rate(asked.concepts, vocabulary.get())
    found = [*_articles(rated, topic)]
    if not topic:
        found += _pages(rated, language, asked)
    found.sort(key=lambda result: (-result.score, str(result.article)))
    least = found[0].score * _LEAST_OF_THE_BEST if found else 0.0
    return [result for result in found if result.score >= least]


def _articles(rated: Sequence[Rated], topic: str) -> Iterator[Result]:
    held = sorted((each for each in rated if each.held), key=lambda each: -each.rarity)
    if not held:
        return
    best: dict[UUID, float] = {}
    for each in lookup.candidates(held, topic):
        score = ranking.score(
            rated, language=each.language, title=each.title, strengths=each.strengths
        )
        best[each.root] = max(best.get(each.root, 0.0), score.points)
    for root, points in best.items():
        if points:
            yield Result(points, "article", article=root)


def _pages(rated: Sequence[Rated], language: str, asked: Query) -> Iterator[Result]:
    for page in glance.in_language(language).that_say_any_of(asked.stems):
        score = max(
            ranking.score(rated, language=text.language, title=text.title, strengths=strengths)
            for text, strengths in page.said
        )
        if page.kind == "site" and score.answered < _LEAST_OF_A_SITE_PAGE:
            continue
        if score.points:
            worth = _WORTH[page.kind]
            if page.kind == "term" and score.says_it >= _THAT_TERM:
                worth = _WORTH_OF_ITS_MEANING if asked.asks_meaning else _WORTH_OF_ITS_TERM
            yield Result(score.points * worth, page.kind, page=page)
