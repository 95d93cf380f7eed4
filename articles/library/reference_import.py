"""Import of reference files into the library: a preview of each entry, and adding it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from articles.library import words as sentences
from articles.library.sources import (
    add_reference,
    assign_free_keys,
    find_known_references,
    signs_of_work,
)
from articles.models import Reference
from articles.rendering.library_snapshot import Source, Standing
from articles.states import StepRefused

if TYPE_CHECKING:
    from articles.bibliography.parsing import ParsedEntry, ParsedFile
    from portal.models import User


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One entry of a file, as it would be in the library."""

    line: int
    #: None if the entry is not a source; `problems` say why.
    source: Source | None
    #: The same source, if the library already has it.
    known: Reference | None = None
    problems: tuple[str, ...] = ()
    #: It could be read in two ways, so it is added only if a person confirms it.
    is_doubtful: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it is added unless someone says no."""
        return self.can_be_added and not self.is_doubtful

    @property
    def can_be_added(self) -> bool:
        return self.source is not None and self.known is None


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    candidates: tuple[Candidate, ...]
    #: What is wrong with the whole file.
    faults: tuple[str, ...] = ()


def preview_import(parsed: "ParsedFile") -> ImportPreview:
    """Show what a file holds, without changes. A key given in the file is kept if it is free."""
    known = find_known_references(parsed.sources)
    sources = iter(_with_keys(parsed))
    seen: dict[tuple[str, object], int] = {}
    candidates = []
    place = 0
    for entry in parsed.entries:
        if entry.source is None:
            candidates.append(Candidate(line=entry.line, source=None, problems=entry.problems))
            continue
        candidates.append(_candidate(entry, next(sources), known.get(place), seen))
        place += 1
    return ImportPreview(candidates=tuple(candidates), faults=tuple(map(str, parsed.faults)))


def add_candidates(candidates: Sequence[Candidate], *, by: "User | None") -> list[str]:
    """Add each candidate separately, so that one that is refused doesn't stop the others.

    Return for each the reason it was refused; empty if it was added.
    """
    refusals = []
    for candidate in candidates:
        if candidate.source is None:
            refusals.append(str(sentences.NOT_A_SOURCE))
            continue
        try:
            add_reference(candidate.source, by=by)
        except StepRefused as refusal:
            refusals.append(str(refusal))
        else:
            refusals.append("")
    return refusals


def unmarked(source: Source) -> Source:
    """Return the source without the standing that its title suggests."""
    return replace(source, standing=Standing.CURRENT)


def _with_keys(parsed: "ParsedFile") -> list[Source]:
    free = assign_free_keys(parsed.sources)
    if not parsed.has_own_keys:
        return free
    given = [source.key for source in parsed.sources]
    taken = set(Reference.objects.filter(key__in=given).values_list("key", flat=True))
    return [
        free[place] if source.key in taken or given.index(source.key) < place else source
        for place, source in enumerate(parsed.sources)
    ]


def _candidate(
    entry: "ParsedEntry",
    source: Source,
    known: Reference | None,
    seen: dict[tuple[str, object], int],
) -> Candidate:
    problems = list(entry.problems)
    is_doubtful = entry.is_doubtful
    signs = signs_of_work(source)
    if known:
        problems.append(sentences.IN_LIBRARY % {"key": known.key})
    elif first := next((seen[sign] for sign in signs if sign in seen), None):
        problems.append(sentences.IN_FILE % {"line": first})
        is_doubtful = True
    for sign in signs:
        seen.setdefault(sign, entry.line)
    return Candidate(
        line=entry.line,
        source=source,
        known=known,
        problems=tuple(problems),
        is_doubtful=is_doubtful,
    )
