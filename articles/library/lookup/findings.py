"""What a look-up finds, and the ways in which it ends without."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.library import words
from articles.models import SourceNotice
from articles.rendering.library_snapshot import Source, Standing

if TYPE_CHECKING:
    from articles.bibliography.parsing import ParsedEntry, ParsedFile

Kind = SourceNotice.Kind


@dataclass(frozen=True, order=True)
class FoundNotice:
    """What became of a source: its kind, and the DOI or PMID of the notice, if it has one."""

    kind: str
    number: str = ""

    def describe(self) -> str:
        return f"{Kind(self.kind).label} {self.number}".strip()


@dataclass(frozen=True, kw_only=True)
class Finding:
    source: Source
    notices: tuple[FoundNotice, ...] = ()
    #: What an editor should know about how it was read.
    problems: tuple[str, ...] = ()


class NotFound(Exception):
    """The number is well formed, and those who would know it say that they don't."""


class LookupFailed(Exception):
    """Nobody could say; the message says why, for editors."""


class Unsupported(LookupFailed):
    """It can't be looked up, and trying again won't help."""


def make_finding(parsed: "ParsedFile", notices: set[FoundNotice]) -> Finding:
    """Return the first source of an answer that was read like a file. Raise LookupFailed."""
    entry: ParsedEntry | None = next(iter(parsed.entries), None)
    if entry is None or entry.source is None:
        raise LookupFailed(words.NO_DETAILS)
    standing = entry.source.standing
    said = {Standing.RETRACTED: Kind.RETRACTION, Standing.DISPUTED: Kind.CONCERN}.get(standing)
    if said:
        notices = {*notices, FoundNotice(said)}
    return Finding(source=entry.source, notices=without_repeats(notices), problems=entry.problems)


def without_repeats(notices: set[FoundNotice]) -> tuple[FoundNotice, ...]:
    """Leave out those without a number if there is one of the same kind that has one."""
    numbered = {each.kind for each in notices if each.number}
    return tuple(sorted(each for each in notices if each.number or each.kind not in numbered))
