"""What an evidence card must state: deaths, follow-up time, and “not stated” only where true."""

import re
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking import words
from articles.checking.balance import OTHER_HARM, counts_people
from articles.checking.parsed_text import ParsedText, normalize_text
from articles.checking.results import Check, Issue, Level
from articles.rendering.findings import Finding, OutcomeKind, example_counts
from articles.rendering.not_stated import NotStated

#: Deaths of people; not of bone, cells, or tissue.
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


def _no_deaths(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if not finding.says(OutcomeKind.DEATH):
            yield Issue(
                where=_where(finding),
                quote=finding.study,
                why=gettext(
                    "It doesn’t mention deaths. Add the line “deaths: %(example)s” or “deaths: "
                    "%(silence)s”."
                )
                % {"example": example_counts(finding.groups), "silence": NotStated.SUMMARY},
            )


def _deaths_among_others(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        for outcome in finding.outcomes:
            found = _DEATH.search(normalize_text(outcome.what))
            if found and outcome.kind is not OutcomeKind.DEATH:
                yield Issue(
                    where=_where(finding),
                    quote=outcome.what[:80],
                    why=gettext(
                        "“%(word)s”: count deaths only in the line “deaths:”, and leave them out "
                        "here."
                    )
                    % {"word": found[0]},
                )


def _contradicted(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        for effect, silent in finding.silent.items():
            if where := _counted_where(page, finding, effect):
                what = f"{effect}s"
                yield Issue(
                    where=_where(finding),
                    quote=f"{what}: {silent}",
                    why=gettext("But %(where)s counts %(what)s in %(study)s. Count them here too.")
                    % {
                        "where": words.place_name(where),
                        "what": what,
                        "study": finding.study,
                    },
                )


def _counted_where(page: ParsedText, finding: Finding, effect: OutcomeKind) -> str:
    """Return where else such an outcome is counted for the same study; empty for nowhere."""
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
    return gettext("another live page") if effect in elsewhere else ""


def _no_cotreatment(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if finding.compares and not finding.everyone_also:
            yield Issue(
                where=_where(finding),
                quote=finding.study,
                why=gettext(
                    "It compares groups but doesn’t say what all of them also got. Add the line "
                    "“everyone also: took the usual medicines” or “everyone also: %(silence)s”."
                )
                % {"silence": NotStated.SUMMARY},
            )


def _no_time(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        if not isinstance(finding.followed, NotStated) and not _TIME.search(
            normalize_text(finding.followed)
        ):
            yield Issue(
                where=_where(finding),
                quote=f"followed: {finding.followed[:60]}",
                why=gettext("That isn’t a length of time. Write “12 months” or “%(silence)s”.")
                % {"silence": NotStated.SUMMARY},
            )


CHECKS = (
    Check(
        id="deaths",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Report deaths in every finding"),
        hint=format_lazy(
            _(
                "Count them in the line “deaths:” for each group. If you looked and it isn’t "
                "there, "
                "write “deaths: {silence}”."
            ),
            silence=NotStated.SUMMARY,
        ),
        find=_no_deaths,
    ),
    Check(
        id="deaths-apart",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Put deaths in their own row"),
        hint=_("Counting a death under “other harms” makes a treatment look safer than it was."),
        find=_deaths_among_others,
    ),
    Check(
        id="silence",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Say “not stated” only if that’s true"),
        hint=_("The same study is counted elsewhere. Give the same numbers here."),
        find=_contradicted,
    ),
    Check(
        id="given-besides",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability)",
        title=_("Say what all groups in a comparison also got"),
        hint=_("Readers may think “5 of 6 with placebo” means “without any treatment.”"),
        find=_no_cotreatment,
    ),
    Check(
        id="follow-up",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title=_("Say how long people were followed"),
        hint=_("Give a length of time, as stated in the study."),
        find=_no_time,
    ),
)
