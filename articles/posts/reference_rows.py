"""References as front matter has them: lines of text, or fields. Read, and written."""

from dataclasses import asdict, fields, replace
from typing import Any

from django.core.exceptions import ValidationError

from articles.bibliography import identifiers
from articles.bibliography.citations import read_citations
from articles.bibliography.notices import read_standing
from articles.bibliography.parsing import ParsedEntry
from articles.models import Reference
from articles.posts import words
from articles.posts.front_matter import drop_empty, one_of, read_front_matter
from articles.posts.post import MalformedPost, check_length
from articles.rendering.library_snapshot import Source, Standing, StudyDesign

#: Fields with a format of their own, normalized so that they match however they were written.
_SHAPES = {
    "key": identifiers.clean_key,
    "doi": identifiers.clean_doi,
    "pmid": identifiers.clean_pmid,
    "registry_id": identifiers.clean_registry_id,
    "url": identifiers.clean_url,
}
_SOURCE_FIELDS = {each.name for each in fields(Source)}


def read_front_references(text: str) -> list[ParsedEntry]:
    """Read the references in the front matter of a file; one that can't be read spoils no other.

    Raise MalformedPost if the front matter itself can't be read.
    """
    lines = text.lstrip().split("\n")
    start = 1 if lines[0].rstrip() == "---" else 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), len(lines))
    value = read_front_matter(lines[start:end]).get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, words.NOT_LIST % {"key": "references"})
    return read_reference_rows(value)


def read_reference_rows(rows: list[Any]) -> list[ParsedEntry]:
    """Read references as front matter has them: each a line, or fields. Never raises."""
    entries: list[ParsedEntry] = []
    for item in rows:
        try:
            [source] = read_sources({"references": [item]})
        except (MalformedPost, ValueError) as error:
            reason = getattr(error, "reason", words.NO_REFERENCE)
            entries.append(ParsedEntry(line=1, problems=(f"{reason}.",)))
            continue
        standing, is_sure = read_standing(source.title)
        said: tuple[str, ...] = ()
        if source.standing == Standing.CURRENT and standing != Standing.CURRENT:
            source = replace(source, standing=standing)
            said = (words.TITLE_SAYS % {"status": standing.value},)
        entries.append(
            ParsedEntry(
                line=1, source=source, problems=said, is_doubtful=bool(said) and not is_sure
            )
        )
    return entries


def read_sources(front: dict[Any, Any]) -> list[Source]:
    """Return the list “references”. Raise MalformedPost."""
    value = front.get("references") or []
    if not isinstance(value, list):
        raise MalformedPost(1, words.NOT_LIST % {"key": "references"})
    sources: list[Source] = []
    for item in value:
        if isinstance(item, str) and item.strip():
            sources += read_citations([item], taken={source.key for source in sources})
        elif isinstance(item, dict):
            sources.append(_source(item))
        else:
            raise MalformedPost(1, words.NEITHER_LINE_NOR_FIELDS)
    keys = [source.key for source in sources]
    if len(set(keys)) < len(keys):
        raise MalformedPost(1, words.SAME_KEY)
    return sources


def _source(item: dict[Any, Any]) -> Source:
    unknown = [str(name) for name in item if name not in _SOURCE_FIELDS]
    if unknown:
        said = {"names": ", ".join(unknown)}
        raise MalformedPost(1, words.UNKNOWN_REFERENCE_FIELDS % said)
    filled: dict[str, Any] = {}
    for name, value in item.items():
        if value == "":
            continue
        if name == "year" and isinstance(value, str):
            if not value.isdecimal() or not 1600 <= int(value) <= 9999:  # noqa: PLR2004
                raise MalformedPost(1, words.WRONG_YEAR % {"value": value})
            filled[name] = int(value)
        elif isinstance(value, str):
            filled[name] = _within(name, " ".join(value.split()))
        else:
            raise MalformedPost(1, words.REFERENCE_NOT_TEXT % {"field": name})
    if not filled.get("key") or not filled.get("title"):
        raise MalformedPost(1, words.REFERENCE_INCOMPLETE)
    for name, clean in _SHAPES.items():
        try:
            filled |= {name: clean(filled[name])} if filled.get(name) else {}
        except ValidationError as error:
            raise MalformedPost(1, error.messages[0]) from error
    filled["design"] = StudyDesign(
        one_of(StudyDesign, filled.get("design", ""), words.THE_DESIGN) or "other"
    )
    standing = one_of(Standing, filled.get("standing", ""), words.THE_STANDING)
    filled["standing"] = Standing(standing or "current")
    return Source(**filled)


def _within(name: str, value: str) -> str:
    column = "standing_note" if name == "standing_by" else name
    length = getattr(Reference._meta.get_field(column), "max_length", None)
    return check_length(value, length or 400, words.OF_REFERENCE % {"field": name}, 1)


def write_reference_row(source: Source) -> dict[str, Any]:
    """Return what `read_reference_rows` reads as the same source."""
    values = {
        name: str(value) if isinstance(value, StudyDesign | Standing) else value
        for name, value in asdict(source).items()
    }
    if source.standing == Standing.CURRENT:
        del values["standing"]
    return drop_empty(values)
