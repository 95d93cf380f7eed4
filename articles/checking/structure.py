"""What every page has to have, and what a page on an unsettled treatment has to have besides."""

from collections.abc import Iterator

from articles.checking.parsed_text import ParsedText
from articles.checking.results import Check, Issue, Level
from articles.evidence_stages import UNSETTLED_STAGES, Stage
from articles.rendering.html_tags import find_html
from articles.rendering.required_parts import REQUIRED_PARTS


def _faults(page: ParsedText) -> Iterator[Issue]:
    for document, name in ((page.points, "key points"), (page.body, "body")):
        for fault in document.faults:
            yield Issue(where=f"{name} line {fault.line}", why=fault.reason)


def _html(page: ParsedText) -> Iterator[Issue]:
    texts = {
        "summary": page.content.summary,
        "key points": page.content.key_points,
        "body": page.content.body,
    }
    for name, text in texts.items():
        for line, tag in find_html(text):
            where = name if name == "summary" else f"{name} line {line}"
            yield Issue(where=where, quote=tag, why="Readers see this tag as it stands.")


def _no_stage(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage not in Stage.values:
        yield Issue(where="stage", why="No stage of the evidence is chosen.")


def _no_summary(page: ParsedText) -> Iterator[Issue]:
    if not page.content.summary.strip():
        yield Issue(where="summary", why="It is empty.")


def _no_key_points(page: ParsedText) -> Iterator[Issue]:
    if not page.points.passages:
        yield Issue(where="key points", why="There are none.")


def _no_parts(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage not in UNSETTLED_STAGES:
        return
    for name, heading in REQUIRED_PARTS.items():
        if name not in page.body.parts and name != "unknown":  # a check of its own
            yield Issue(where="body", quote=f"::: {name}", why=f"“{heading}” is missing.")


def _no_alt(page: ParsedText) -> Iterator[Issue]:
    for document, name in ((page.points, "key points"), (page.body, "body")):
        for use in document.images:
            if not use.alt.strip() and not use.is_decorative:
                yield Issue(
                    where=f"{name} line {use.line}",
                    quote=f"image:{use.name}",
                    why="It has no words for who cannot see it.",
                )


CHECKS = (
    Check(
        id="readable",
        level=Level.BLOCKING,
        source="The portal’s own rule (decision 16)",
        title="Everything in the text can be read",
        hint="Mend what is named; readers would not see it as it was meant.",
        find=_faults,
    ),
    Check(
        id="html",
        level=Level.BLOCKING,
        source="The portal’s own rule (decision 28)",
        title="There is no HTML in the text",
        hint="Write it in Markdown: **strong**, *emphasis*, - item, [words](address).",
        find=_html,
    ),
    Check(
        id="stage",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title="The stage of the evidence is chosen",
        hint="Choose how well this is known. Readers see it first.",
        find=_no_stage,
    ),
    Check(
        id="summary",
        level=Level.BLOCKING,
        source="PEMAT-P item 11",
        title="There is a summary",
        hint="Say the main thing in one or two sentences that are true on their own.",
        find=_no_summary,
    ),
    Check(
        id="key-points",
        level=Level.BLOCKING,
        source="CDC Index item 10",
        title="There are key points",
        hint="Write what a reader must not miss, one point a line.",
        find=_no_key_points,
    ),
    Check(
        id="parts",
        level=Level.BLOCKING,
        source="HONcode principle 2 (complementarity); PEMAT-P item 20",
        title="A page on an unsettled treatment has its required parts",
        hint="Add each part that is named: “::: caution”, its words, “:::”.",
        find=_no_parts,
    ),
    Check(
        id="alt",
        level=Level.BLOCKING,
        source="WCAG 2.2, 1.1.1; NHS standard for creating health content, point 6",
        title="Every image can be read aloud",
        hint="Write what it shows: ![what it shows](image:name). Where it shows nothing that "
        'matters: ![](image:name "decorative").',
        find=_no_alt,
    ),
)
