"""What every page must have, and what else a page on an unsettled treatment must have."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
            yield Issue(where=where, quote=tag, why=gettext("Readers would see this tag as text."))


def _no_stage(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage not in Stage.values:
        yield Issue(where="stage", why=gettext("You haven’t chosen one."))


def _no_summary(page: ParsedText) -> Iterator[Issue]:
    if not page.content.summary.strip():
        yield Issue(where="summary", why=gettext("It’s empty."))


def _no_key_points(page: ParsedText) -> Iterator[Issue]:
    if not page.points.passages:
        yield Issue(where="key points", why=gettext("There are none."))


def _no_parts(page: ParsedText) -> Iterator[Issue]:
    if page.content.stage not in UNSETTLED_STAGES:
        return
    for name, heading in REQUIRED_PARTS.items():
        if name not in page.body.parts and name != "unknown":  # has its own check
            yield Issue(
                where="body",
                quote=f"::: {name}",
                why=gettext("“%(heading)s” is missing.") % {"heading": heading},
            )


def _no_alt(page: ParsedText) -> Iterator[Issue]:
    for document, name in ((page.points, "key points"), (page.body, "body")):
        for use in document.images:
            if not use.alt.strip() and not use.is_decorative:
                yield Issue(
                    where=f"{name} line {use.line}",
                    quote=f"image:{use.name}",
                    why=gettext("It has no description for people who can’t see it."),
                )


CHECKS = (
    Check(
        id="readable",
        level=Level.BLOCKING,
        source="The portal’s own rule (decision 16)",
        title=_("Fix formatting that can’t be read"),
        hint=_("Fix these places. Readers wouldn’t see them as you meant."),
        find=_faults,
    ),
    Check(
        id="html",
        level=Level.BLOCKING,
        source="The portal’s own rule (decision 28)",
        title=_("Don’t use HTML"),
        hint=_("Use Markdown: **bold**, *italic*, - list item, [link text](address)."),
        find=_html,
    ),
    Check(
        id="stage",
        level=Level.BLOCKING,
        source="CDC Index item 11",
        title=_("Choose a stage of evidence"),
        hint=_("Choose how strong the evidence is. It’s the first thing readers see."),
        find=_no_stage,
    ),
    Check(
        id="summary",
        level=Level.BLOCKING,
        source="PEMAT-P item 11",
        title=_("Write a summary"),
        hint=_("Give the main message in one or two sentences that make sense on their own."),
        find=_no_summary,
    ),
    Check(
        id="key-points",
        level=Level.BLOCKING,
        source="CDC Index item 10",
        title=_("Write key points"),
        hint=_("Write what readers must not miss, one point per line."),
        find=_no_key_points,
    ),
    Check(
        id="parts",
        level=Level.BLOCKING,
        source="HONcode principle 2 (complementarity); PEMAT-P item 20",
        title=_("Include all required sections"),
        hint=_("Add each section named here: “::: caution”, its text, “:::”."),
        find=_no_parts,
    ),
    Check(
        id="alt",
        level=Level.BLOCKING,
        source="WCAG 2.2, 1.1.1; NHS standard for creating health content, point 6",
        title=_("Describe every picture"),
        hint=_(
            "Write what it shows: ![what it shows](image:name). If it’s only decorative: "
            '![](image:name "decorative").'
        ),
        find=_no_alt,
    ),
)
