"""Texts about magnets in slippers, and the library that they cite, for testing the checks."""

from dataclasses import replace

from articles.checking import Issue, run_checks
from articles.content import Content
from articles.evidence_stages import Stage
from articles.rendering.library_snapshot import (
    GlossaryEntry,
    LibrarySnapshot,
    Picture,
    Source,
    Standing,
    StudyDesign,
)

LIBRARY = LibrarySnapshot(
    sources={
        source.key: source
        for source in (
            Source(key="sole-2013", title="Slippers and magnets", design=StudyDesign.UNCONTROLLED),
            Source(
                key="heel-2015", title="A breakthrough for ankles", design=StudyDesign.RANDOMISED
            ),
            Source(key="toe-2010", title="Toes", standing=Standing.RETRACTED),
            Source(
                key="arch-2011",
                title="Arches",
                standing=Standing.SUPERSEDED,
                standing_by="heel-2015",
            ),
        )
    },
    terms=(
        GlossaryEntry(slug="flare", name="flare", definition="Active again.", forms=("flares",)),
    ),
    pictures={"foot": Picture(name="foot", width=1, height=1, srcsets={}, src="/foot.png")},
)

FINDING = """\
```finding
study: sole-2013
design: uncontrolled
people: 8
followed: 3 months
deaths: 0 of 8
outcomes:
  - benefit: Felt better
    count: 5 of 8
  - harm: Fell over
    count: 1 of 8
cannot show: Whether the magnets were the cause.
```
"""

#: It passes every blocking check and has no warnings.
GOOD = Content(
    title="Magnets in slippers",
    summary="Not proven. In one study, 5 of 8 people felt better, and 1 of the 8 fell.",
    key_points="Nobody knows whether magnets help [@sole-2013].",
    stage=Stage.NOT_PROVEN,
    body=f"""\
## What the study found

{FINDING}
It took in 8 people [@sole-2013].

::: caution
No regulator has checked them.
:::

::: options
Rest helps some people.
:::

::: questions
- How many people wore them?
:::

::: medicines
Do not stop your medicines.
:::

::: unknown
We do not know whether they help.
:::
""",
)


def spots(check: str, body: str = "", **fields: object) -> list[Issue]:
    """Return what a check finds in the good text with this added to its body, or other fields."""
    content = replace(GOOD, **{"body": f"{GOOD.body}\n\n{body}", **fields})  # type: ignore[arg-type]
    return spots_of(check, content)


def spots_of(check: str, content: Content) -> list[Issue]:
    [answer] = [each for each in run_checks(content, LIBRARY) if each.check.id == check]
    return list(answer.issues)


def quotes(check: str, body: str = "", **fields: object) -> str:
    """Return all that the check quotes, in one line."""
    return " / ".join(spot.quote for spot in spots(check, body, **fields))
