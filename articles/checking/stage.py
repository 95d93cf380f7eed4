"""Whether a page cites what its stage of evidence requires, and claims nothing without a stage."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.balance import BENEFIT, HARM
from articles.checking.claims import NAMES_TREATMENT, tells_cause
from articles.checking.figures import find_figures
from articles.checking.parsed_text import ParsedSentence, ParsedText
from articles.checking.results import Check, Issue, Level
from articles.evidence_stages import Stage
from articles.rendering.document import PassageKind
from articles.rendering.library_snapshot import Standing, StudyDesign
from articles.rendering.study_designs import DESIGN_TEXTS


@dataclass(frozen=True, kw_only=True)
class StageRequirement:
    """What a stage is based on: how many sources, and of which designs."""

    least: int
    designs: frozenset[StudyDesign]


_GOOD = frozenset({StudyDesign.RANDOMISED, StudyDesign.REVIEW, StudyDesign.GUIDELINE})
_COMPARED = frozenset({StudyDesign.RANDOMISED, StudyDesign.CONTROLLED, StudyDesign.REVIEW})
_STUDIES = _COMPARED | {StudyDesign.UNCONTROLLED, StudyDesign.CASES, StudyDesign.LABORATORY}

#: What a page has to cite where it writes about the treatment; `evidence_stages.STAGE_MEANINGS`
#: puts it into words for readers.
STAGE_REQUIREMENTS: Mapping[Stage, StageRequirement] = {
    Stage.ESTABLISHED: StageRequirement(least=2, designs=_GOOD),
    Stage.PROMISING: StageRequirement(least=1, designs=_COMPARED),
    Stage.EARLY: StageRequirement(least=1, designs=_STUDIES),
    Stage.NOT_PROVEN: StageRequirement(least=1, designs=_STUDIES),
    Stage.DISPROVEN: StageRequirement(least=2, designs=_GOOD),
}
#: Retracted or superseded sources no longer support a stage.
_GONE = frozenset({Standing.RETRACTED, Standing.SUPERSEDED})


def _is_statement(sentence: ParsedSentence) -> bool:
    return sentence.kind is not PassageKind.HEADING and not sentence.plain.endswith("?")


def _keys_on_treatment(page: ParsedText) -> frozenset[str]:
    """Return the keys that are cited on cards, or in passages about a treatment."""
    speaking = {sentence.passage for sentence in page.sentences if sentence.is_card} | _passages(
        page, NAMES_TREATMENT, BENEFIT, HARM
    )
    return frozenset(
        key for sentence in page.sentences if sentence.passage in speaking for key in sentence.cites
    )


def _passages(page: ParsedText, *patterns: re.Pattern[str]) -> frozenset[int]:
    """Return the passages in which a statement matches one of the patterns."""
    return frozenset(
        sentence.passage
        for sentence in page.sentences
        if _is_statement(sentence) and any(words.search(sentence.plain) for words in patterns)
    )


def _unsupported_stage(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage not in STAGE_REQUIREMENTS:
        return
    stage = Stage(page.content.stage)
    rests = STAGE_REQUIREMENTS[stage]
    cited = _keys_on_treatment(page)
    carrying = [
        source.key
        for source in page.cited
        if source.key in cited
        and page.design_of(source.key) in rests.designs
        and source.standing not in _GONE
    ]
    if len(carrying) >= rests.least:
        return
    of = ", ".join(
        str(DESIGN_TEXTS[design].name).lower() for design in StudyDesign if design in rests.designs
    )
    needed = {"least": rests.least, "designs": of, "cited": ", ".join(carrying)}
    if carrying:
        why = gettext(
            "It needs at least %(least)d of these, cited where the treatment is discussed: "
            "%(designs)s. This page cites only %(cited)s."
        )
    else:
        why = gettext(
            "It needs at least %(least)d of these, cited where the treatment is discussed: "
            "%(designs)s. This page cites none."
        )
    yield Issue(
        where="stage",
        quote=str(stage.label),
        why=why % needed,
    )


def _claims_without_stage(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage != Stage.NONE:
        return
    for finding in page.findings:
        yield Issue(
            where=f"body line {finding.line}",
            quote=finding.study,
            why=gettext("A finding is about what a treatment did."),
        )
    about_treatment = _passages(page, NAMES_TREATMENT)
    for sentence in page.sentences:
        if (
            sentence.is_card
            or sentence.passage not in about_treatment
            or not _is_statement(sentence)
        ):
            continue
        found = BENEFIT.search(sentence.plain)
        if found and sentence.cites and any(find_figures(sentence)):
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*found.span()),
                why=gettext("It counts what a treatment did."),
            )
        elif span := tells_cause(sentence):
            yield Issue(
                where=sentence.where,
                quote=sentence.quote(*span),
                why=gettext("It says what a treatment does."),
            )


CHECKS = (
    Check(
        id="stage-carried",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability); CDC Index item 11",
        title=_("Cite studies that support the stage"),
        hint=format_lazy(
            _(
                "Cite the studies where you discuss the treatment, or choose the stage they "
                "support. "
                "If the page makes no claims about a treatment, choose “{none}”."
            ),
            none=Stage.NONE.label,
        ),
        find=_unsupported_stage,
    ),
    Check(
        id="stage-missing",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title=_("Choose a stage if the page says what a treatment does"),
        hint=_(
            "Choose the stage the cited studies support, or move what the treatment did to another "
            "page."
        ),
        find=_claims_without_stage,
    ),
)
