"""Harms next to benefits, counted among the same people; and what is not known."""

import re
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.figures import find_figures
from articles.checking.parsed_text import ParsedSentence, ParsedText, is_negated
from articles.checking.results import Check, Issue, Level
from articles.evidence_stages import UNSETTLED_STAGES
from articles.rendering.document import PassageKind
from articles.rendering.findings import Group, OutcomeKind
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.not_stated import NotStated

BENEFIT = re.compile(
    r"\b(?:remissions?|improv(?:e|es|ed|ing|ements?)|better|respon(?:d|ded|ds|se|ses|ders?)"
    r"|recover(?:y|ed|s)?|benefit(?:s|ed)?|cure[sd]?|healed|healthier|relief|relieved|survived"
    r"|successful(?:ly)?|success|symptom-free|pain-free|effective|reduced|went away)\b"
)
_OTHER_HARMS = (
    r"harm(?:s|ed)?|side effects?|adverse|complications?|relapse[sd]?|flare[sd]?|worse|worsened"
    r"|infections?|pneumonia|strokes?|tumou?rs?|cancers?|blind(?:ness)?|bleeding"
    r"|injur(?:y|ies|ed)|hospitali[sz]ed|reactions?|toxicity|unwell|dropped out"
)
OTHER_HARM = re.compile(rf"\b(?:{_OTHER_HARMS})\b")
HARM = re.compile(rf"\b(?:{_OTHER_HARMS}|died|dies|deaths?)\b")
#: “One died”; counts in digits are figures.
_SPELLED = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|none|nobody|both)"
    r" (?:of|person|people|patients?|died|had|has|was|were|got|deaths?)\b"
)
_NOT_TOLD = re.compile(
    r"\b(?:not|no|never|nor|without|n't)\b.{0,60}"
    r"\b(?:report|count|figure|number|measure|record|say|tell|data|information)"
)


def _one_sided(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        where = f"body line {finding.line}"
        if finding.of(OutcomeKind.BENEFIT) and not finding.says(OutcomeKind.HARM):
            yield Issue(
                where=where,
                quote=finding.study,
                why=gettext(
                    "It counts a benefit but no harm. Add “- harm: …” or “harms: %(silence)s”."
                )
                % {"silence": NotStated.SUMMARY},
            )
        for outcome in finding.outcomes:
            for group, total in zip(finding.groups, outcome.totals, strict=False):
                if total != group.people:
                    yield Issue(
                        where=where,
                        quote=outcome.what[:80],
                        why=_other_total(total, group),
                    )


def _other_total(total: int, group: Group) -> str:
    counts = {"total": f"{total:,}", "people": f"{group.people:,}", "group": group.name}
    if not group.name:
        return gettext("It’s out of %(total)s people, but the group has %(people)s.") % counts
    return gettext("It’s out of %(total)s people, but “%(group)s” has %(people)s.") % counts


def _other_design(page: ParsedText) -> Iterator[Issue]:
    for finding in page.findings:
        source = page.library.sources.get(finding.study)
        if source and source.design not in {finding.design, StudyDesign.OTHER}:
            yield Issue(
                where=f"body line {finding.line}",
                quote=f"design: {finding.design}",
                why=gettext("In the library, the study design of %(key)s is “%(design)s”.")
                % {"key": source.key, "design": source.design},
            )


def _missing_harms(page: ParsedText) -> Iterator[Issue]:
    """Find numbers for a treatment's benefits in a text that has none for its harms.

    A harm counts if it has a count, is on a finding card, or is said not to be reported. General
    words, such as “can have side effects”, do not make up for it.
    """
    has_harm = any(
        finding.says(OutcomeKind.DEATH) or finding.says(OutcomeKind.HARM)
        for finding in page.findings
    )
    if has_harm or any(_tells_harm(sentence) for sentence in page.sentences):
        return
    for sentence in page.sentences:
        found = BENEFIT.search(sentence.plain)
        if (
            found
            and (sentence.is_card or any(find_figures(sentence)))
            and sentence.kind is not PassageKind.HEADING
        ):
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*found.span()),
                why=gettext("Benefits are given in numbers, but there are no numbers for harms."),
            )


def _tells_harm(sentence: ParsedSentence) -> bool:
    if not HARM.search(sentence.plain) or sentence.plain.endswith("?"):
        return False
    return bool(_NOT_TOLD.search(sentence.plain)) or counts_people(sentence, HARM)


def counts_people(sentence: ParsedSentence, words: re.Pattern[str]) -> bool:
    """Whether a sentence counts people, in digits or words, and matches `words`."""
    found = words.search(sentence.plain)
    if not found or sentence.plain.endswith("?") or is_negated(sentence.plain, found.start()):
        return False
    return bool(_SPELLED.search(sentence.plain)) or any(find_figures(sentence))


def _unknowns(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage in UNSETTLED_STAGES and "unknown" not in page.body.parts:
        yield Issue(where="body", why=gettext("It doesn’t say what is not known."))


CHECKS = (
    Check(
        id="symmetry",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Count harms next to benefits, in the same people"),
        hint=format_lazy(
            _(
                "Add the harms the study counted, out of the same people. If you looked and found "
                "none stated, write “harms: {silence}”."
            ),
            silence=NotStated.SUMMARY,
        ),
        find=_one_sided,
    ),
    Check(
        id="missing-harms",
        level=Level.BLOCKING,
        source="CDC Index item 19; HONcode principle 5 (justifiability)",
        title=_("Include the harms"),
        hint=format_lazy(
            _(
                "Where you count benefits, also count harms: deaths, relapses, side effects. If "
                "you "
                "looked and found none stated, say they are {silence}."
            ),
            silence=NotStated.SUMMARY,
        ),
        find=_missing_harms,
    ),
    Check(
        id="design",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability)",
        title=_("Use the right study design in a finding"),
        hint=_("Correct the finding or the source in the library."),
        find=_other_design,
    ),
    Check(
        id="unknowns",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title=_("Say what is not known"),
        hint=_("Add a section “::: unknown” about the questions the studies leave open."),
        find=_unknowns,
    ),
)
