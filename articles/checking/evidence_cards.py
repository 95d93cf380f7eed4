"""What an evidence card has to say outright: deaths, silence only where it is so, how long."""

import re
from collections.abc import Iterator

from articles.checking.balance import OTHER_HARM, counts_people
from articles.checking.parsed_text import ParsedText, normalize_text
from articles.checking.results import Check, Issue, Level
from articles.rendering.findings import Finding, OutcomeKind
from articles.rendering.not_stated import NotStated

#: Not the death of bone or of a cell, which nobody dies of.
_DEATH = re.compile(
    r"\b(?:died?|dies|dying|dead|(?<!bone )(?<!cell )(?<!tissue )deaths?|mortality|fatal"
    r"|fatality|fatalities|lethal|killed|perished|passed away"
    r"|lost (?:his|her|their) li(?:fe|ves)|alive|surviv(?:e|es|ed|al|ing|ors?))\b"
)
_TIME = re.compile(
    r"\b(?:hours?|days?|weeks?|months?|years?|until|while)\b|\b\d+ ?(?:h|d|w|wk|mo|y|yr)s?\b"
)


def _where(finding: Finding) -> str:
    return f"body line {finding.line}"


def _example(finding: Finding) -> str:
    """How a count is written for the groups of a finding."""
    if not finding.groups[0].name:
        return f"… of {finding.people:,}"
    return f"{{{', '.join(f'{each.name}: … of {each.people:,}' for each in finding.groups)}}}"


def _no_deaths(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if not finding.says(OutcomeKind.DEATH):
            yield Issue(
                where=_where(finding),
                quote=finding.study,
                why="It has no word on deaths. Add the line "
                f"“deaths: {_example(finding)}”, or “deaths: {NotStated.SUMMARY}”.",
            )


def _deaths_among_others(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        for outcome in finding.outcomes:
            found = _DEATH.search(normalize_text(outcome.what))
            if found and outcome.kind is not OutcomeKind.DEATH:
                yield Issue(
                    where=_where(finding),
                    quote=outcome.what[:80],
                    why=f"“{found[0]}”: who died is counted in the line “deaths:” alone. Count the "
                    "others here without them.",
                )


def _contradicted(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        for effect, silent in finding.silent.items():
            if where := _counted_where(page, finding, effect):
                what = f"{effect}s"
                yield Issue(
                    where=_where(finding),
                    quote=f"{what}: {silent}",
                    why=f"But {where} counts {what} of {finding.study}. Count them here too.",
                )


def _counted_where(page: ParsedText, finding: Finding, effect: OutcomeKind) -> str:
    """Where else something of the kind is counted for the same study; empty for nowhere."""
    for other in page.findings:
        if other.study == finding.study and other.of(effect):
            return _where(other)
    for sentence in page.sentences:
        if finding.study not in sentence.cites or sentence.is_card:
            continue
        tells_death = bool(_DEATH.search(sentence.plain))
        # “One died of pneumonia” counts a death, and no other harm.
        words = _DEATH if effect is OutcomeKind.DEATH else OTHER_HARM
        if tells_death == (effect is OutcomeKind.DEATH) and counts_people(sentence, words):
            return sentence.where
    elsewhere = page.library.counted_elsewhere.get(finding.study, frozenset())
    return "another page that readers see" if effect in elsewhere else ""


def _no_cotreatment(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if finding.compares and not finding.everyone_also:
            yield Issue(
                where=_where(finding),
                quote=finding.study,
                why="It compares groups, and does not say what all of them got besides. Add the "
                "line “everyone also: took the usual medicines”, or “everyone also: "
                f"{NotStated.SUMMARY}”.",
            )


def _no_time(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if not isinstance(finding.followed, NotStated) and not _TIME.search(
            normalize_text(finding.followed)
        ):
            yield Issue(
                where=_where(finding),
                quote=f"followed: {finding.followed[:60]}",
                why=f"That is no length of time. Write “12 months”, or “{NotStated.SUMMARY}”.",
            )


CHECKS = (
    Check(
        id="deaths",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title="Every finding has a word on deaths",
        hint="Count them in the line “deaths:”, for each group. Only where you looked and it is "
        f"not there: “deaths: {NotStated.SUMMARY}”.",
        find=_no_deaths,
    ),
    Check(
        id="deaths-apart",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title="Deaths stand in a row of their own",
        hint="A death among “other harms” makes a treatment look safer than it was.",
        find=_deaths_among_others,
    ),
    Check(
        id="silence",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title="“Not stated” is said only where it is so",
        hint="The same study is counted elsewhere: give the same numbers here.",
        find=_contradicted,
    ),
    Check(
        id="given-besides",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability)",
        title="Every comparison says what all groups got besides",
        hint="Readers take “5 of 6 with placebo” for “without any treatment”.",
        find=_no_cotreatment,
    ),
    Check(
        id="follow-up",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title="Every finding says for how long people were followed",
        hint="A length of time, as the study gives it.",
        find=_no_time,
    ),
)
