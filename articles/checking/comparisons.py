"""Comparison results in the text: given for all groups, with what everyone got in addition."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.balance import BENEFIT
from articles.checking.english import split_words
from articles.checking.figures import find_figures
from articles.checking.parsed_text import ParsedSentence, ParsedText
from articles.checking.results import Check, Issue, Level
from articles.rendering.findings import Finding, OutcomeKind
from articles.rendering.not_stated import NotStated
from articles.rendering.study_designs import COMPARATIVE_DESIGNS

#: “All 18 also took …”, “both groups took …”, where no card says what it was.
_COTREATMENT = re.compile(
    r"\b(?:all|everyone|everybody|each|both)\b.{0,60}\balso\b"
    r"|\bon top of\b|\bin addition to\b|\badded to\b|\bas well as\b"
)
#: Shorter words, such as “the”, carry no meaning here.
_LEAST_LETTERS = 4


@dataclass(frozen=True)
class _Passage:
    """A paragraph, a list item, a table, or the like, as readers take it in."""

    words: str
    #: Each count such as “9/12”, with its sentence.
    counts: Sequence[tuple[str, ParsedSentence]]

    def of(self, study: str, *, is_cited: bool) -> dict[str, ParsedSentence]:
        """Return the counts in sentences that cite a study, or, unless `is_cited`, cite nothing."""
        return {
            name: sentence
            for name, sentence in self.counts
            if study in sentence.cites or not (is_cited or sentence.cites)
        }


def _passages(page: ParsedText) -> Iterator[_Passage]:
    """Return the passages that contain counts; cards are left out."""
    passages: dict[int, list[ParsedSentence]] = {}
    for sentence in page.sentences:
        if not sentence.is_card:
            passages.setdefault(sentence.passage, []).append(sentence)
    for sentences in passages.values():
        counts = [
            (figure.name, sentence)
            for sentence in sentences
            for figure in find_figures(sentence)
            if figure.is_ratio
        ]
        if counts:
            yield _Passage(" ".join(sentence.plain for sentence in sentences), counts)


def _incomplete_comparisons(page: ParsedText) -> Iterator[Issue]:
    compared = [finding for finding in page.findings if finding.compares]
    on_cards = {finding.study for finding in page.findings}
    others = [
        source.key
        for source in page.cited
        if source.design in COMPARATIVE_DESIGNS and source.key not in on_cards
    ]
    for passage in _passages(page):
        for finding in compared:
            yield from _of_finding(finding, passage)
        if BENEFIT.search(passage.words) and not _COTREATMENT.search(passage.words):
            for key in others:
                yield from _without_card(key, passage)


def _of_finding(finding: Finding, passage: _Passage) -> Iterator[Issue]:
    counts = passage.of(finding.study, is_cited=False)
    for outcome in finding.outcomes:
        names = [
            f"{count}/{total}" for count, total in zip(outcome.counts, outcome.totals, strict=True)
        ]
        told = [name for name in names if name in counts]
        if outcome.kind is not OutcomeKind.BENEFIT or not told:
            continue
        sentence = counts[told[0]]
        for name, group in zip(names, finding.groups, strict=True):
            if name not in told:
                yield Issue(
                    where=sentence.where,
                    quote=sentence.quote(),
                    why=gettext("Add the count for “%(group)s”: %(count)s.")
                    % {"group": group.name, "count": name.replace("/", " of ")},
                )
        if not _names(finding.everyone_also, passage.words):
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(),
                why=gettext("Also say here: “%(also)s”") % {"also": finding.also},
            )


def _names(besides: str, words: str) -> bool:
    """Whether a passage names what everyone got in addition; true if the study doesn't say."""
    if not besides or isinstance(besides, NotStated):
        return True
    needed = [word.lower() for word in split_words(besides)[1:] if len(word) >= _LEAST_LETTERS]
    return all(word in words for word in needed or [besides.lower()])


def _without_card(study: str, passage: _Passage) -> Iterator[Issue]:
    counts = passage.of(study, is_cited=True)
    if len(counts) > 1:
        sentence = next(iter(counts.values()))
        yield Issue(
            where=sentence.where,
            quote=sentence.quote(),
            why=gettext(
                "It compares groups but doesn’t say what all of them also got: “All … also took …”."
            ),
        )


CHECKS = (
    Check(
        id="comparison-whole",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Give both sides of a comparison everywhere"),
        hint=_(
            "Next to one group’s count, give the other groups’ counts and what all of them also "
            "got. "
            "People may read only the summary or a key point."
        ),
        find=_incomplete_comparisons,
    ),
)
