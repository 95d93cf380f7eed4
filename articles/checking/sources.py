"""What a text is based on: whether it names its sources, and whether they are still valid."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.checking.parsed_text import ParsedText
from articles.checking.results import Check, Issue, Level
from articles.rendering.library_snapshot import Source, Standing

_SAYS_RETRACTED = re.compile(r"\b(?:retract|withdr[ae]w)")


def _no_reference(page: ParsedText) -> Iterator[Issue]:
    if not page.cited:
        yield Issue(where="body", why=gettext("It doesn’t cite any source in the library."))


def _unknown(page: ParsedText) -> Iterator[Issue]:
    missing = {key: "" for key in page.cites if key not in page.library.sources}
    for sentence in page.sentences:
        for key in sentence.cites:
            if key in missing and not missing[key]:
                missing[key] = sentence.where
    for key, where in missing.items():
        yield Issue(
            where=where or "body", quote=f"[@{key}]", why=gettext("The library has no such source.")
        )
    for document, name in ((page.points, "key points"), (page.body, "body")):
        for use in document.images:
            if use.name and use.name not in page.library.pictures:
                yield Issue(
                    where=f"{name} line {use.line}",
                    quote=f"image:{use.name}",
                    why=gettext("This picture was withdrawn. Take it out.")
                    if use.name in page.library.withdrawn
                    else gettext("The library has no such picture."),
                )


def _retracted(page: ParsedText) -> Iterator[Issue]:
    # A card shows its numbers as prominently as any other; a sentence can say what became of them.
    gone = {source.key for source in page.cited if source.standing is Standing.RETRACTED}
    for sentence in page.sentences if gone else ():
        for key in gone.intersection(sentence.cites):
            if sentence.is_card or not _SAYS_RETRACTED.search(sentence.plain):
                yield Issue(
                    where=sentence.where,
                    quote=sentence.quote(),
                    why=gettext("%(key)s was retracted.") % {"key": key},
                )


def _outdated(page: ParsedText) -> Iterator[Issue]:
    for source in page.cited:
        if source.standing in {Standing.DISPUTED, Standing.SUPERSEDED} and not _answered(
            source, page
        ):
            why = gettext("Its status is “%(status)s”.") % {"status": source.standing.label}
            if source.standing_by:
                why = gettext("Its status is “%(status)s”. Also cite %(newer)s.") % {
                    "status": source.standing.label,
                    "newer": source.standing_by,
                }
            yield Issue(where="body", quote=f"[@{source.key}]", why=why)


def _answered(source: Source, page: ParsedText) -> bool:
    return bool(source.standing_by) and source.standing_by in page.cites


CHECKS = (
    Check(
        id="references",
        level=Level.BLOCKING,
        source="HONcode principle 4 (attribution)",
        title=_("Cite sources"),
        hint=_("Cite at least one source in the library: [@key]."),
        find=_no_reference,
    ),
    Check(
        id="known-names",
        level=Level.BLOCKING,
        source="HONcode principle 4 (attribution)",
        title=_("Use only sources and pictures in the library"),
        hint=_("Correct the name, or add the source or picture to the library first."),
        find=_unknown,
    ),
    Check(
        id="retracted",
        level=Level.BLOCKING,
        source="NHS standard for creating health content, point 2",
        title=_("Don’t rely on a retracted source"),
        hint=_(
            "Take it out, or say in the same sentence that it was retracted. A finding card "
            "can’t show a retracted study."
        ),
        find=_retracted,
    ),
    Check(
        id="standing",
        level=Level.WARNING,
        source="NHS standard for creating health content, point 2",
        title=_("Cite newer sources that dispute or replace an older one"),
        hint=_("Cite the newer source next to the older one, and say how they differ."),
        find=_outdated,
    ),
)
