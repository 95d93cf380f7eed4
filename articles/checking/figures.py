"""Numbers that say something about people or measurements, and whether they can be trusted.

A figure is a count of people (“81 people”, “half of patients”), one number out of another (“49 of
81”), a percentage, a measured value (“5 mg”, “69.51”), or a comparison (“twice as likely”). Years,
lengths of time, ages, phone numbers, prices, steps, and counts of other things (“2 questions”) are
not figures, so that ordinary prose needs no citation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.parsed_text import ContentField, ParsedSentence, ParsedText
from articles.checking.results import Check, Issue, Level
from articles.rendering.document import PassageKind
from articles.rendering.findings import Finding

_NUMBER = r"(?<![\w.,$£€-])\d[\d,]{0,11}(?:\.\d{1,6})?"
_WORDS = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
]
_SPELLED = rf"\b(?:{'|'.join(_WORDS)})\b"
#: “In 2020 people …”: a number without a comma that may be a year is taken as one.
_YEAR = r"(?:19|20)\d\d\b(?![,.]\d)"
_OTHERS = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|questions?|steps?|ways?|parts?"
    r"|pages?|points?|things?|kinds?|types?|groups?|studies|trials?|hospitals?|doctors?"
    r"|tablets?|pills?|doses?|visits?)\b"
)
_PEOPLE = (
    r"(?:people|persons?|patients?|adults?|children|women|men|participants?|volunteers?|users?"
    r"|survivors?|deaths?|died|remissions?|relapses?|flares?|infections?)\b"
)

#: Figures by kind; the first kind that matches at a position wins.
_FIGURE = re.compile(
    rf"(?P<percentage>{_NUMBER})\s?(?:%|per ?cent\b)"
    rf"|(?P<count>{_NUMBER}|{_SPELLED})\s(?:out\s)?(?:of|in)\s(?:(?:the|those|these|all|every)\s)?"
    rf"(?P<total>(?!{_YEAR}){_NUMBER})(?!\d|\s{_OTHERS})"
    rf"|(?<!type )(?<!phase )(?<!stage )(?<!class )(?<!grade )(?<!aged )"
    rf"(?P<people>(?!{_YEAR}){_NUMBER})\s(?!{_OTHERS})(?:[a-z-]{{1,20}}\s){{0,2}}{_PEOPLE}"
    r"|(?P<share>\b(?:half|third|thirds|quarter|quarters)\sof\s(?:all\s|the\s|these\s|those\s)?"
    rf"(?:[a-z-]{{1,20}}\s)?{_PEOPLE})"
    rf"|(?P<compared>(?:\b(?:twice|double|half)|{_NUMBER}\stimes)\sas\s(?:likely|many|much|often)"
    rf"|{_NUMBER}(?:\stimes\s(?:more|less|higher|lower|better)\b|-fold\b))"
    rf"|(?P<measured>{_NUMBER}(?=\s?(?:m[lg]|mcg|[µμ]g|g/|mmol|mm\s?hg|iu|u/l)\b)"
    r"|(?<![\w.,$£€-])\d{1,12}\.\d{1,6}(?!\d|\.\d|\s?[ap]\.?m\b))"
)
#: “95% confidence interval” says how sure a result is; it is not a result.
_NO_RESULT = re.compile(r"\s(?:confidence|credible|ci\b|interval)")
#: Decimal places of a percentage.
_MOST_PLACES = 2


@dataclass(frozen=True, kw_only=True)
class Figure:
    begin: int
    end: int
    #: The name by which two figures are the same: “60.5%”, “49/81”, “81 people”, “69.51”.
    name: str

    @property
    def is_ratio(self) -> bool:
        return "/" in self.name


def find_figures(sentence: ParsedSentence) -> Iterator[Figure]:
    for found in _FIGURE.finditer(sentence.plain):
        begin, end = found.span()
        number = (found[found.lastgroup or 0] or "").replace(",", "")
        match found.lastgroup:
            case "percentage":
                if not _NO_RESULT.match(sentence.plain, end):
                    yield Figure(begin=begin, end=end, name=f"{number}%")
            case "total":
                count = found["count"].replace(",", "")
                if count in _WORDS:
                    count = str(_WORDS.index(count) + 1)
                yield Figure(begin=begin, end=end, name=f"{count}/{number}")
            case "people":
                yield Figure(begin=begin, end=end, name=f"{number} people")
            case _:
                yield Figure(begin=begin, end=end, name=number)


def _of_cards(findings: tuple[Finding, ...]) -> set[str]:
    """Return the names of all figures on finding cards."""
    names: set[str] = set()
    for finding in findings:
        names.update(f"{group.people} people" for group in finding.groups)
        names.add(f"{sum(group.people for group in finding.groups)} people")
        for outcome in finding.outcomes:
            for count, total in zip(outcome.counts, outcome.totals, strict=False):
                names |= {f"{count}/{total}", f"{count} people", f"{total} people"}
    return names


def _equivalent_names(figure: Figure) -> set[str]:
    """Return a figure's name, with the counts of people that it also states."""
    return {figure.name, *(f"{number} people" for number in figure.name.split("/"))}


def _shares(names: set[str]) -> set[str]:
    """Return every percentage that “49/81” may be written as: “60%”, “60.5%”, “60.49%”."""
    shares: set[str] = set()
    for name in names:
        count, _, total = name.partition("/")
        if count.isdecimal() and total.isdecimal() and int(total):
            exact = 100 * int(count) / int(total)
            for places in range(_MOST_PLACES + 1):
                # Some people round a half up, others down.
                shares.update(f"{exact + nudge:.{places}f}%" for nudge in (1e-9, -1e-9))
    return shares


#: These repeat the text in short, where there is no room for a citation.
_REPEATING = frozenset({ContentField.TITLE, ContentField.SUMMARY})


def _repeats(sentence: ParsedSentence) -> bool:
    return sentence.field in _REPEATING or sentence.kind in {PassageKind.HEADING, PassageKind.CELL}


def _uncited(page: ParsedText) -> Iterator[Issue]:
    on_cards = _of_cards(page.findings)
    everywhere = set(on_cards)
    in_passage: dict[int, set[str]] = {}
    cited_tables: set[int] = set()
    for sentence in page.sentences:
        if sentence.cites:
            names = {
                name for figure in find_figures(sentence) for name in _equivalent_names(figure)
            }
            everywhere |= names
            in_passage.setdefault(sentence.passage, set()).update(names)
            if sentence.kind is PassageKind.CELL:
                cited_tables.add(sentence.passage)
    everywhere |= _shares(everywhere)
    on_cards |= _shares(on_cards)
    for sentence in page.sentences:
        if sentence.cites or sentence.passage in cited_tables:
            continue
        known = (
            everywhere if _repeats(sentence) else on_cards | in_passage.get(sentence.passage, set())
        )
        for figure in find_figures(sentence):
            if figure.name not in known:
                yield Issue(
                    where=sentence.where,
                    quote=sentence.quote(figure.begin, figure.end),
                    why=gettext("There is no source for “%(figure)s”.")
                    % {"figure": sentence.text[figure.begin : figure.end]},
                )
                break  # one citation serves the whole sentence


def _without_counts(page: ParsedText) -> Iterator[Issue]:
    on_cards = _shares(_of_cards(page.findings))
    counted: dict[int, set[str]] = {}  # by passage: percentages that have their counts
    for sentence in page.sentences:
        here = list(find_figures(sentence))
        percentages = [figure for figure in here if figure.name.endswith("%")]
        known = counted.setdefault(sentence.passage, set())
        if any(figure.is_ratio for figure in here):
            known.update(figure.name for figure in percentages)
            continue
        for figure in percentages:
            if figure.name in known or figure.name in on_cards:
                continue
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(figure.begin, figure.end),
                why=gettext("“%(figure)s” of how many people? Write “… of …” next to it.")
                % {"figure": figure.name},
            )


CHECKS = (
    Check(
        id="figures-cited",
        level=Level.BLOCKING,
        source="HONcode principles 4 (attribution) and 5 (justifiability)",
        title=_("Give a source for every number"),
        hint=_(
            "Cite the source in the sentence with the number: [@key]. A title, summary, heading, "
            "or table can repeat a number that’s cited in the text or on a finding card."
        ),
        find=_uncited,
    ),
    Check(
        id="percentages-counted",
        level=Level.BLOCKING,
        source="NHS content guide, Numbers: statistics; PEMAT-P item 6; CDC Index item 16",
        title=_("Say how many people are behind every percentage"),
        hint=_("Write the count first: “49 of 81 people (60.5%)”."),
        find=_without_counts,
    ),
)
