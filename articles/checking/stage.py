"""Whether a page cites what its stage of the evidence says, and claims nothing without a stage."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from articles.checking.answers import Check, Level, Spot
from articles.checking.balance import BENEFIT, HARM
from articles.checking.claims import NAMES_TREATMENT, tells_cause
from articles.checking.figures import figures
from articles.checking.page import Page, Said
from articles.rendering.designs import DESIGNS
from articles.rendering.document import Kind
from articles.rendering.library import Design, Standing
from articles.stages import Stage


@dataclass(frozen=True, kw_only=True)
class Rests:
    """On what a stage rests: how many sources, and how they were made."""

    least: int
    designs: frozenset[Design]


_GOOD = frozenset({Design.RANDOMISED, Design.REVIEW, Design.GUIDELINE})
_COMPARED = frozenset({Design.RANDOMISED, Design.CONTROLLED, Design.REVIEW})
_STUDIES = _COMPARED | {Design.UNCONTROLLED, Design.CASES, Design.LABORATORY}

#: What a page has to cite where it speaks about the treatment; `stages.MEANS` says it to readers.
RESTS: Mapping[Stage, Rests] = {
    Stage.ESTABLISHED: Rests(least=2, designs=_GOOD),
    Stage.PROMISING: Rests(least=1, designs=_COMPARED),
    Stage.EARLY: Rests(least=1, designs=_STUDIES),
    Stage.NOT_PROVEN: Rests(least=1, designs=_STUDIES),
    Stage.DISPROVEN: Rests(least=2, designs=_GOOD),
}
#: What was taken back or replaced carries nothing any more.
_GONE = frozenset({Standing.RETRACTED, Standing.SUPERSEDED})


def _is_statement(said: Said) -> bool:
    return said.kind is not Kind.HEADING and not said.plain.endswith("?")


def _on_the_claim(page: Page) -> frozenset[str]:
    """The keys that are cited on cards, or in passages that speak about a treatment."""
    speaking = {said.passage for said in page.said if said.is_card} | _passages(
        page, NAMES_TREATMENT, BENEFIT, HARM
    )
    return frozenset(key for said in page.said if said.passage in speaking for key in said.cites)


def _passages(page: Page, *patterns: re.Pattern[str]) -> frozenset[int]:
    """Those in which a statement has a word of one of the patterns."""
    return frozenset(
        said.passage
        for said in page.said
        if _is_statement(said) and any(words.search(said.plain) for words in patterns)
    )


def _not_carried(page: Page) -> Iterator[Spot]:
    if page.content.stage not in RESTS:
        return
    stage = Stage(page.content.stage)
    rests = RESTS[stage]
    cited = _on_the_claim(page)
    carrying = [
        source.key
        for source in page.cited
        if source.key in cited
        and page.design_of(source.key) in rests.designs
        and source.standing not in _GONE
    ]
    if len(carrying) >= rests.least:
        return
    of = ", ".join(DESIGNS[design].name.lower() for design in Design if design in rests.designs)
    found = f"only {', '.join(carrying)}" if carrying else "none"
    yield Spot(
        where="stage",
        quote=stage.label,
        why=f"It rests on {rests.least} or more of these, cited where the treatment is spoken of: "
        f"{of}. This page cites {found}.",
    )


def _claimed(page: Page) -> Iterator[Spot]:
    if page.content.stage != Stage.NONE:
        return
    for finding in page.findings:
        yield Spot(
            where=f"body line {finding.line}",
            quote=finding.study,
            why="A finding is about what a treatment did.",
        )
    about_treatment = _passages(page, NAMES_TREATMENT)
    for said in page.said:
        if said.is_card or said.passage not in about_treatment or not _is_statement(said):
            continue
        found = BENEFIT.search(said.plain)
        if found and said.cites and any(figures(said)):
            yield Spot(
                where=said.where,
                quote=said.quote(*found.span()),
                why="It counts what a treatment did.",
            )
        elif span := tells_cause(said):
            yield Spot(
                where=said.where,
                quote=said.quote(*span),
                why="It says what a treatment does.",
            )


CHECKS = (
    Check(
        id="stage-carried",
        level=Level.BLOCKING,
        source="HONcode principle 5 (justifiability); CDC Index item 11",
        title="The page cites what its stage says",
        hint="Cite the studies where you speak about the treatment, or choose the stage that they "
        f"carry. A page that claims nothing about a treatment has the stage “{Stage.NONE.label}”.",
        find=_not_carried,
    ),
    Check(
        id="stage-missing",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title="A page that says what a treatment does has a stage",
        hint="Choose the stage that the cited studies carry, or leave to another page what the "
        "treatment did.",
        find=_claimed,
    ),
)
