"""What the files of reference managers share: limits, entries, and problems with their lines."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from articles.bibliography import identifiers, names, words
from articles.bibliography.decoding import UnreadableFile, decode_file
from articles.bibliography.notices import read_remarks, read_standing, weightiest
from articles.bibliography.scripts import strip_markup
from articles.rendering.library_snapshot import Source, Standing, StudyDesign
from articles.text_cleaning import fold_spaces

#: As many as an editor can look through before adding them.
MAX_ENTRIES = 200

#: Characters in each field, as `models.Reference` keeps it.
LENGTHS = {
    "authors": 1000, "title": 500, "journal": 200, "volume": 20, "issue": 20, "pages": 40,
    "doi": 200, "pmid": 8, "registry_id": 40, "url": 500,
}  # fmt: skip

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi|ncbi)\.nlm\.nih\.gov/(?:pubmed/)?\d{1,8}")
_MARKED_UP = ("title", "journal")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What could not be read, in words for the editor."""

    #: Line in the file, counted from 1.
    line: int
    reason: str

    def __str__(self) -> str:
        return words.at_line(self.line, self.reason)


@dataclass(frozen=True, kw_only=True)
class ParsedEntry:
    """One entry of a file: its source, if it has one, and what an editor has to know about it."""

    line: int
    source: Source | None = None
    problems: tuple[str, ...] = ()
    #: It could be read in two ways, so it is added only if the editor says yes.
    is_doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class ParsedFile:
    """What a file holds: sources with keys suggested for them, and what went wrong."""

    entries: tuple[ParsedEntry, ...] = ()
    #: What is wrong with the whole file.
    faults: tuple[Problem, ...] = ()
    #: Whether the keys come from the file, in the format that texts cite.
    has_own_keys: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(each.source for each in self.entries if each.source)

    @property
    def problems(self) -> tuple[Problem, ...]:
        of_entries = (
            Problem(line=each.line, reason=reason)
            for each in self.entries
            for reason in each.problems
        )
        return (*of_entries, *self.faults)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One reference as its file has it, or the reason there is none."""

    line: int
    fields: Mapping[str, str]
    authors: str = ""
    #: Notes beside the title, which may say that the source was retracted.
    remarks: tuple[str, ...] = ()
    design: StudyDesign = StudyDesign.OTHER
    problems: tuple[str, ...] = ()
    #: What could be read in more than one way.
    doubts: tuple[str, ...] = field(default=())


def read_entries(raw: bytes, parse: Callable[[str], Iterable[Entry]]) -> ParsedFile:
    """Return the entries of a file as sources. Never raises, whatever the bytes are."""
    try:
        text, notes = decode_file(raw)
    except UnreadableFile as unreadable:
        fault = Problem(line=unreadable.line, reason=str(unreadable))
        return ParsedFile(faults=(fault,))
    faults: list[Problem] = []
    entries: list[ParsedEntry] = []
    keys: set[str] = set()
    for number, entry in enumerate(_until_it_breaks(parse(text))):
        if number >= MAX_ENTRIES:
            reason = words.FIRST_ONLY % {"most": MAX_ENTRIES}
            faults.append(Problem(line=entry.line, reason=reason))
            break
        parsed = _parsed(entry)
        if parsed.source:
            key = identifiers.suggest_key(parsed.source, taken=keys)
            keys.add(key)
            parsed = replace(parsed, source=replace(parsed.source, key=key))
        entries.append(parsed)
    if not entries:
        faults.append(Problem(line=1, reason=str(words.NOTHING_FOUND)))
    for line, reason in notes:
        place = max((n for n, each in enumerate(entries) if each.line <= line), default=None)
        if place is None:
            faults.append(Problem(line=line, reason=reason))
        else:
            entry_at = entries[place]
            entries[place] = replace(entry_at, problems=(*entry_at.problems, reason))
    return ParsedFile(entries=tuple(entries), faults=tuple(faults))


def _until_it_breaks(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries, keeping what was read before a parser fails."""
    line = 1
    try:
        for entry in entries:
            line = entry.line
            yield entry
    except Exception:  # noqa: BLE001 - parsers of others raise whatever they stumble on
        reason = str(words.UNREADABLE_FROM_HERE)
        yield Entry(line=line, fields={}, problems=(reason,))


def _parsed(entry: Entry) -> ParsedEntry:
    """Return what can be kept of an entry, with what was left out and why."""
    fields = {name: fold_spaces(value) for name, value in entry.fields.items()}
    fields |= {name: fold_spaces(strip_markup(fields.get(name, ""))) for name in _MARKED_UP}
    problems = [*entry.problems, *entry.doubts]
    title = fields["title"].removesuffix(".")
    if not title:
        if not problems:
            problems.append(str(words.NO_TITLE))
        return ParsedEntry(line=entry.line, problems=tuple(problems))
    if len(title) > LENGTHS["title"]:
        problems.append(
            words.TITLE_TOO_LONG % {"length": f"{len(title):,}", "most": LENGTHS["title"]}
        )
        return ParsedEntry(line=entry.line, problems=tuple(problems))
    kept: dict[str, Any] = {}
    for name in ("journal", "volume", "issue", "pages", "doi", "pmid", "registry_id", "url"):
        try:
            kept[name] = _cleaned(name, fields.get(name, ""))
        except ValidationError as error:
            parts = {"problem": error.messages[0], "title": title[:60]}
            problems.append(words.LEFT_OUT % parts)
    if not kept.get("pmid") and (match := _PUBMED.match(kept.get("url", ""))):
        kept["pmid"] = identifiers.clean_pmid(match[0])
    if not kept.get("doi") and "doi.org/10." in kept.get("url", ""):
        with suppress(ValidationError):
            kept["doi"] = identifiers.clean_doi(kept["url"])
    year, wrong = _year(fields.get("year", ""))
    standing, is_sure, said = _standing(title, entry.remarks)
    source = Source(
        key="",
        title=title,
        authors=entry.authors,
        year=year,
        design=entry.design,
        standing=standing,
        **kept,
    )
    return ParsedEntry(
        line=entry.line,
        source=source,
        problems=(*problems, *wrong, *said),
        is_doubtful=bool(entry.doubts) or not is_sure,
    )


def _standing(title: str, remarks: Iterable[str]) -> tuple[Standing, bool, list[str]]:
    standing, is_sure = weightiest((read_standing(title), read_remarks(remarks)))
    if standing is Standing.CURRENT:
        return standing, True, []
    said = words.TITLE_SAYS if is_sure else words.TITLE_MAY_SAY
    return standing, is_sure, [said % {"status": standing.label.lower()}]


def _cleaned(name: str, value: str) -> str:
    """Clean one field. Raise ValidationError."""
    clean: Callable[[str], str] | None = getattr(identifiers, f"clean_{name}", None)
    if clean and len(value) <= LENGTHS["url"]:
        value = clean(value)
    if len(value) > LENGTHS[name]:
        counts = {"length": f"{len(value):,}", "most": LENGTHS[name]}
        raise ValidationError(words.TOO_LONG % {"field": words.FIELDS[name], **counts})
    return value


def _year(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    match = _YEAR.search(text[:100])
    try:
        return identifiers.clean_year(match[0] if match else text), []
    except ValidationError as error:
        return None, [error.messages[0]]


def join_authors(written: Iterable[str]) -> tuple[str, list[str]]:
    """Return the names as `Source.authors` has them, and a sentence if some did not fit."""
    every = list(written)
    joined = names.join_names(every, length=LENGTHS["authors"])
    kept = joined.count(", ") + 1
    if joined.endswith("et al") and every and every[-1] != "et al":
        return joined, [words.FIRST_AUTHORS % {"count": len(every), "kept": kept - 1}]
    return joined, []
