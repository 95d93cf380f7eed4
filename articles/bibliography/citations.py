"""A reference written as one line of text, like those at the end of a post."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.core.exceptions import ValidationError

from articles.bibliography import identifiers, names
from articles.bibliography.parsing import LENGTHS
from articles.bibliography.people import (
    ENDS_IN_MORE,
    People,
    is_initials,
    is_vancouver,
    join_people,
    read_person,
)
from articles.rendering.library_snapshot import Source
from articles.text_cleaning import fold_spaces

_MAX_LENGTH = 1_500

# “Reference:”, “3.”, “[3]”
_BEFORE = re.compile(r"(?:references?:\s*)?(?:\[?\d{1,3}[.\])]\s+)?", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:?\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID:?\s*(\d{1,8})\b", re.IGNORECASE)
# “Gu F et al. (2014).”
_YEAR_IN_FRONT = re.compile(r"(?P<authors>[^()]{1,1000}?)\s*\((?P<year>\d{4})[a-z]?\)[.,:]?\s+")
# “2014 Nov;33(11):1611-9.” or a shorter form of it
_WHERE = re.compile(
    r"[.?!]\s+(?P<year>\d{4})(?:\s[A-Z][a-z]{2}\w{0,6}\.?(?:\s\d{1,2})?)?"
    r"(?:;\s*(?P<volume>[\w ]{1,20})(?:\((?P<issue>[^()]{1,20})\))?)?"
    r"(?::\s*(?P<pages>[\w\s,–-]{1,40}))?\.?$"
)
# “Clinical Rheumatology 33(11):1611-9.”
_NUMBER = re.compile(
    r"[\s,](?P<volume>\d{1,5})(?:\((?P<issue>[^()]{1,20})\))?:\s*(?P<pages>[\w\s,–-]{1,40})\.?$"
)


def read_citation(line: str) -> Source | None:
    """Read authors, title, journal, and year; None if the line has no known format."""
    if len(line) > _MAX_LENGTH:
        return None
    text = _BEFORE.sub("", fold_spaces(line), count=1)
    found: dict[str, str] = {}
    for name, shape in (("doi", _DOI), ("pmid", _PMID)):
        if match := shape.search(text):
            found[name] = match[1]
            text = (text[: match.start()] + text[match.end() :]).strip()
    text = re.sub(r"[\s.;,]+$", ".", text)
    front = _YEAR_IN_FRONT.match(text)
    if front:
        found |= {"authors": front["authors"], "year": front["year"]}
        text = text[front.end() :]
    else:
        authors, _, text = text.partition(". ")
        found["authors"] = authors
    where = next((match for shape in (_WHERE, _NUMBER) if (match := shape.search(text))), None)
    if where:
        for name, value in where.groupdict().items():
            if value:
                found.setdefault(name, value)
        text = text[: where.start() + 1]
    title, journal = _title_and_journal(text)
    if not title or not found.get("year") or not (front or where):
        return None
    return _source(found, title, journal)


def read_citations(lines: Iterable[str], *, taken: Collection[str] = ()) -> list[Source]:
    """Return a source for each line that is not blank, each with a key of its own.

    A line in no known format becomes the title of its source, so that nothing is lost.
    """
    sources: list[Source] = []
    keys = set(taken)
    for line in lines:
        words = fold_spaces(line)
        if not words:
            continue
        source = read_citation(words) or Source(key="", title=words[: LENGTHS["title"]])
        source = replace(source, key=identifiers.suggest_key(source, taken=keys))
        keys.add(source.key)
        sources.append(source)
    return sources


def _people(written: str) -> People:
    """Split at commas, unless only initials follow one, as in “Doe, J., & Roe, R.”"""
    parts = [part.strip() for part in written.removesuffix(".").split(",")]
    if any(is_initials(part) for part in parts[1:]):
        return read_person(written)
    return join_people(
        read_person(part)
        if is_vancouver(part) or ENDS_IN_MORE.search(part)
        else People(names=[part])
        for part in parts
    )


def _title_and_journal(text: str) -> tuple[str, str]:
    """Take the last sentence as the journal, if there are two."""
    text = text.strip().removesuffix(".").rstrip(" ,")
    end = max(text.rfind(mark) for mark in (". ", "? ", "! "))
    if end < 0:
        return text, ""
    return text[: end + 1].removesuffix("."), text[end + 2 :].strip()


def _source(found: dict[str, str], title: str, journal: str) -> Source | None:
    cleaned: dict[str, str] = {}
    for name in ("volume", "issue", "pages", "doi", "pmid"):
        value = found.get(name, "").strip()
        clean = getattr(identifiers, f"clean_{name}", str)
        try:
            cleaned[name] = clean(value)
        except ValidationError:
            return None
    try:
        year = identifiers.clean_year(found["year"])
    except ValidationError:
        return None
    if len(title) > LENGTHS["title"] or len(journal) > LENGTHS["journal"]:
        return None
    people = _people(found["authors"])
    if people.doubts:
        return None
    source = Source(
        key="",
        title=title,
        authors=names.join_names(people.names, length=LENGTHS["authors"]),
        journal=journal,
        year=year,
        volume=cleaned["volume"],
        issue=cleaned["issue"],
        pages=cleaned["pages"],
        doi=cleaned["doi"],
        pmid=cleaned["pmid"],
    )
    return replace(source, key=identifiers.suggest_key(source))
