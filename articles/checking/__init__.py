"""The checks that a text has to pass before it may be published, and their results.

Pure: a text and the library it names go in, results come out. The verbs check who wrote it, who
reviews it, and where it is filed. Every check takes time in proportion to the text.

The checks themselves are imported when a text is checked: other requests never need them.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from articles.checking import attestations
from articles.checking.results import Check, CheckResult, Issue, Level
from articles.checking.words import place_name, split_place
from articles.content import Content
from articles.rendering.library_snapshot import LibrarySnapshot

__all__ = [
    "ATTESTED",
    "Check",
    "CheckResult",
    "Issue",
    "Level",
    "as_json",
    "blocking",
    "measure_readability",
    "place_name",
    "run_checks",
    "split_place",
    "warnings",
]

#: What a reviewer has to say yes to, by check ID.
ATTESTED = frozenset(check.id for check in attestations.CHECKS)

#: Issues of one check. Whoever fixes that many sees the rest afterwards.
MAX_ISSUES = 50


def run_checks(content: Content, library: LibrarySnapshot) -> tuple[CheckResult, ...]:
    """Return the result of every check. Never raises, whatever the text."""
    from articles.checking.all_checks import checks_for
    from articles.checking.parsed_text import parse_text

    page = parse_text(content, library)
    answers = []
    for check in checks_for(library.language):
        issues = tuple(islice(check.find(page), MAX_ISSUES))
        is_met = check.level is not Level.ATTESTED and not issues
        answers.append(CheckResult(check=check, issues=issues, is_met=is_met))
    return tuple(answers)


def blocking(answers: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the failed checks that keep a text from being published."""
    return _unmet(answers, Level.BLOCKING)


def warnings(answers: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    return _unmet(answers, Level.WARNING)


def _unmet(answers: Iterable[CheckResult], level: Level) -> tuple[CheckResult, ...]:
    return tuple(each for each in answers if each.check.level is level and not each.is_met)


def as_json(
    answers: Iterable[CheckResult], *, carried_from: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return results to keep with an approval: an ID always means the same check, so no hints.

    `carried_from` maps each check that an earlier approval answered to the digest of what it read.
    """
    return [
        {
            "check": answer.check.id,
            "level": str(answer.check.level),
            "title": str(answer.check.title),
            "is_met": answer.is_met,
            "spots": [
                {"where": spot.where, "quote": spot.quote, "why": spot.why}
                for spot in answer.issues
            ],
        }
        | (
            {"carried_from": carried_from[answer.check.id]}
            if answer.check.id in carried_from
            else {}
        )
        for answer in answers
    ]


def measure_readability(content: Content) -> tuple[float, float]:
    """Return a text's grade and words per sentence, without tables, headings, or list fragments."""
    from articles.checking import readability
    from articles.checking.parsed_text import parse_text

    page = parse_text(content, LibrarySnapshot())
    return readability.grade_of_page(page), readability.words_a_sentence_of_page(page)
