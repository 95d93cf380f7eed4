"""What a text is asked before it may be published, and what it answered.

Pure: a text and the library it names go in, answers come out. Who wrote it, who reviews it and
where it is filed are asked by the verbs. Every check takes time in proportion to the text.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from articles.checking import (
    attested,
    balance,
    beyond,
    cards,
    claims,
    comparisons,
    figures,
    hype,
    plain,
    shape,
    sources,
    stage,
)
from articles.checking.answers import Answer, Check, Level, Spot
from articles.checking.english import grade, words_a_sentence
from articles.checking.page import open_page
from articles.content import Content
from articles.rendering.library import Library

__all__ = [
    "ATTESTED",
    "CHECKS",
    "Answer",
    "Check",
    "Level",
    "Spot",
    "as_json",
    "blocking",
    "examine",
    "grade",
    "measure",
    "warnings",
    "words_a_sentence",
]

#: In the order in which editors see them.
CHECKS: tuple[Check, ...] = (
    *shape.CHECKS,
    *stage.CHECKS,
    *sources.CHECKS,
    *figures.CHECKS,
    *cards.CHECKS,
    *balance.CHECKS,
    *comparisons.CHECKS,
    *hype.CHECKS,
    *claims.CHECKS,
    *beyond.CHECKS,
    *plain.CHECKS,
    *attested.CHECKS,
)

#: What a reviewer has to say yes to, by id.
ATTESTED = frozenset(check.id for check in attested.CHECKS)

#: Of one check. Who mends so many sees the rest then.
MOST_SPOTS = 50


def examine(content: Content, library: Library) -> tuple[Answer, ...]:
    """The answer of every check. Never raises, whatever the text."""
    page = open_page(content, library)
    answers = []
    for check in CHECKS:
        spots = tuple(islice(check.find(page), MOST_SPOTS))
        is_met = check.level is not Level.ATTESTED and not spots
        answers.append(Answer(check=check, spots=spots, is_met=is_met))
    return tuple(answers)


def blocking(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Those that keep it from being published."""
    return _failed(answers, Level.BLOCKING)


def warnings(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    return _failed(answers, Level.WARNING)


def _failed(answers: Iterable[Answer], level: Level) -> tuple[Answer, ...]:
    return tuple(each for each in answers if each.check.level is level and not each.is_met)


def as_json(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """For keeping with an approval; an id stands for its check for ever, so hints stay out."""
    return [
        {
            "check": answer.check.id,
            "level": str(answer.check.level),
            "title": answer.check.title,
            "is_met": answer.is_met,
            "spots": [
                {"where": spot.where, "quote": spot.quote, "why": spot.why} for spot in answer.spots
            ],
        }
        for answer in answers
    ]


def measure(content: Content) -> tuple[float, float]:
    """The grade of a text and its words a sentence, without tables, headings and bits of lists."""
    page = open_page(content, Library())
    return plain.grade_of_page(page), plain.words_a_sentence_of_page(page)
