"""What the files of reference managers have in common: limits, entries, what went wrong where."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError

from articles.bibliography import identifiers, names
from articles.rendering.library_snapshot import Source, StudyDesign
from articles.text_cleaning import fold_spaces

MAX_BYTES = 1_000_000
#: What an editor can look through before she adds them.
MAX_ENTRIES = 200

#: Characters of each field, as `models.Reference` keeps it.
LENGTHS = {
    "authors": 1000, "title": 500, "journal": 200, "volume": 20, "issue": 20, "pages": 40,
    "doi": 200, "pmid": 8, "registry_id": 40, "url": 500,
}  # fmt: skip

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi|ncbi)\.nlm\.nih\.gov/(?:pubmed/)?\d{1,8}")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What could not be read, in words for the editor."""

    #: Of the file, from 1.
    line: int
    reason: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class ParsedFile:
    """What a file holds: sources with keys suggested for them, and what went wrong."""

    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()


class UnreadableFile(Exception):
    """A file that is no text, or too large; `problem` says where and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(line=line, reason=reason)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One reference as its file has it, or why there is none."""

    line: int
    fields: Mapping[str, str]
    authors: str = ""
    design: StudyDesign = StudyDesign.OTHER
    problems: tuple[str, ...] = ()


def read_entries(raw: bytes, parse: Callable[[str], Iterable[Entry]]) -> ParsedFile:
    """The entries of a file as sources. Never raises, whatever the bytes are."""
    try:
        text = decode_file(raw)
    except UnreadableFile as unreadable:
        return ParsedFile(problems=(unreadable.problem,))
    sources: list[Source] = []
    problems: list[Problem] = []
    keys: set[str] = set()
    for number, entry in enumerate(parse(text)):
        if number >= MAX_ENTRIES:
            reason = f"only the first {MAX_ENTRIES} entries were read; split the file for the rest."
            problems.append(Problem(line=entry.line, reason=reason))
            break
        source, reasons = _source(entry)
        problems += [Problem(line=entry.line, reason=reason) for reason in reasons]
        if source:
            source = replace(source, key=identifiers.suggest_key(source, taken=keys))
            keys.add(source.key)
            sources.append(source)
    if not sources and not problems:
        problems.append(Problem(line=1, reason="no reference was found here."))
    return ParsedFile(sources=tuple(sources), problems=tuple(problems))


def decode_file(raw: bytes) -> str:
    """Raise UnreadableFile."""
    if len(raw) > MAX_BYTES:
        raise UnreadableFile(
            1, f"the file has {len(raw):,} bytes; {MAX_BYTES:,} are the most. Split it in parts."
        )
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(line, "this is no UTF-8 text; export or save it as UTF-8.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _source(entry: Entry) -> tuple[Source | None, list[str]]:
    """What can be kept of an entry, and what of it was left out and why."""
    problems = list(entry.problems)
    title = fold_spaces(entry.fields.get("title", "")).removesuffix(".")
    if not title:
        if not problems:
            problems.append("this entry has no title, so it was left out.")
        return None, problems
    if len(title) > LENGTHS["title"]:
        problems.append(
            f"the title has {len(title):,} characters, so the entry was left out; "
            f"{LENGTHS['title']} are the most."
        )
        return None, problems
    kept: dict[str, Any] = {}
    for name in ("journal", "volume", "issue", "pages", "doi", "pmid", "registry_id", "url"):
        try:
            kept[name] = _cleaned(name, fold_spaces(entry.fields.get(name, "")))
        except ValidationError as error:
            problems.append(f"{error.messages[0]} It was left out of “{title[:60]}”.")
    if not kept.get("pmid") and (match := _PUBMED.match(kept.get("url", ""))):
        kept["pmid"] = identifiers.clean_pmid(match[0])
    if not kept.get("doi") and "doi.org/10." in kept.get("url", ""):
        with suppress(ValidationError):
            kept["doi"] = identifiers.clean_doi(kept["url"])
    year, wrong = _year(fold_spaces(entry.fields.get("year", "")))
    return Source(
        key="", title=title, authors=entry.authors, year=year, design=entry.design, **kept
    ), [*problems, *wrong]


def _cleaned(name: str, value: str) -> str:
    """Raise ValidationError."""
    clean: Callable[[str], str] | None = getattr(identifiers, f"clean_{name}", None)
    if clean and len(value) <= LENGTHS["url"]:
        value = clean(value)
    if len(value) > LENGTHS[name]:
        label = name.replace("_", " ")
        raise ValidationError(
            f"The {label} has {len(value):,} characters; {LENGTHS[name]} are the most."
        )
    return value


def _year(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    match = _YEAR.search(text[:100])
    try:
        return identifiers.clean_year(match[0] if match else text), []
    except ValidationError as error:
        return None, [error.messages[0]]


def join_authors(written: Iterable[str]) -> str:
    return names.join_names(written, length=LENGTHS["authors"])
