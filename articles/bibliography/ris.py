"""RIS, which nearly every reference manager and journal writes.

Sources: the format's page at Research Information Systems (kept by the Internet Archive), and what
EndNote, Zotero, Mendeley, and tools around PubMed write. docs/bibliography.md lists what is read.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

import rispy
from rispy.config import LIST_TYPE_TAGS, TAG_KEY_MAPPING

from articles.bibliography import words
from articles.bibliography.notices import pick_remarks
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries
from articles.bibliography.people import read_people
from articles.rendering.library_snapshot import StudyDesign
from articles.text_cleaning import fold_spaces

# Some programs write one space instead of two, or lowercase letters.
_TAGGED = re.compile(r"\s{0,3}([A-Za-z][A-Za-z0-9])[ \t]{1,3}-(?:[ \t]?(.*))?")
#: The tags that are read, by their rispy names, the best first; a work's own title precedes its
#: book's.
_FIELDS = {
    "title": ("title", "primary_title", "book_title", "uniform_title", "short_title"),
    "journal": (
        "secondary_title", "alternate_title3", "journal_name", "alternate_title2",
        "alternate_title1", "journal", "book_title", "tertiary_title", "publisher",
    ),
    "year": ("year", "publication_year", "date"),
    "volume": ("volume",),
    "issue": ("number",),
    "doi": ("doi",),
    "pmid": ("pubmed",),
}  # fmt: skip
#: Types of works that stand alone, whose T2 is a series.
_WORKS = {"BOOK", "EBOOK", "EDBOOK", "RPRT", "THES", "GOVDOC", "STAND"}
_OF_WORKS = ("publisher", "institution", "secondary_title")
_MORE_TAGS = {
    "BT": "book_title", "CT": "uniform_title", "J1": "journal", "ED": "editors",
    "PM": "pubmed",
}  # fmt: skip
_LISTS = [*LIST_TYPE_TAGS, "ED", "M1", "M3", "RN"]
_REMARKS = ("type_of_work", "notes", "research_notes", "note")
_EDITORS = ("editors", "secondary_authors", "tertiary_authors")
_DESIGNS = {"GOVDOC": StudyDesign.REGULATOR, "STAND": StudyDesign.GUIDELINE}
_IDENTIFIERS = re.compile(r"\b(?:PMID|PubMed(?: ID)?):?\s*(\d{1,8})\b", re.IGNORECASE)


def read_ris(raw: bytes) -> ParsedFile:
    """Read a RIS file. Never raises."""
    return read_entries(raw, _entries)


def _entries(text: str) -> Iterator[Entry]:
    records = _records(text)
    if not records:
        reason = str(words.NO_RIS)
        yield Entry(line=1, fields={}, problems=(reason,))
    for line, tags in records:
        if tags and tags[0][0] != "TY":
            reason = str(words.OUTSIDE_ENTRY)
            yield Entry(line=line, fields={}, problems=(reason,))
            continue
        # Only ordered, tagged lines are left: what slows rispy down or breaks it is gone.
        lines = "\n".join(f"{tag}  - {' '.join(each)}" for tag, each in tags)
        found = rispy.loads(
            f"{lines}\nER  - ",
            mapping={**TAG_KEY_MAPPING, **_MORE_TAGS},
            list_tags=_LISTS,
            skip_unknown_tags=True,
        )
        yield _entry(line, found[0])


def _records(text: str) -> list[tuple[int, list[tuple[str, list[str]]]]]:
    """Return each record with its line number: its tags and the lines of text of each.

    Tagged lines outside of any record form a record without “TY”.
    """
    records: list[tuple[int, list[tuple[str, list[str]]]]] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TAGGED.fullmatch(line)
        tag = match[1].upper() if match else ""
        if match and (tag == "TY" or not (is_open or tag == "ER")):
            records.append((number, []))
            is_open = True
        if not is_open:
            continue
        tags = records[-1][1]
        if tag == "ER":
            is_open = False
        elif match:
            tags.append((tag, [fold_spaces(match[2] or "")]))
        elif line.strip():
            tags[-1][1].append(fold_spaces(line))
    # Files in other formats have lines that look like a record by chance.
    return records if any(tags[0][0] == "TY" for _, tags in records) else []


def _entry(line: int, record: dict[str, Any]) -> Entry:
    kind = str(record.get("type_of_reference", "")).upper()
    fields = {name: _first(record, named) for name, named in _FIELDS.items()}
    if kind in _WORKS:
        fields["journal"] = _first(record, _OF_WORKS)
    if fields["journal"] == fields["title"]:
        fields["journal"] = ""
    start, end = record.get("start_page", ""), record.get("end_page", "")
    is_range = start and end and start != end and not re.search(r"[-–—]", start)
    fields["pages"] = f"{start}-{end}" if is_range else start or end
    urls = [url for url in record.get("urls", []) if url.startswith(("https://", "http://"))]
    fields["url"] = urls[0] if urls else ""
    number = record.get("accession_number", "")
    database = f"{record.get('name_of_database', '')} {record.get('database_provider', '')}"
    if not fields["pmid"] and re.search("pubmed|medline", database, re.IGNORECASE):
        fields["pmid"] = number
    remarks = " ".join([number, *record.get("notes", [])])
    if not fields["pmid"] and (found := _IDENTIFIERS.search(remarks)):
        fields["pmid"] = found[1]
    notes = []
    people = _authors(record)
    if not people and kind in _WORKS and (people := _lines(record, _EDITORS)):
        notes.append(str(words.EDITORS_INSTEAD))
    read = read_people(people)
    authors, cut = join_authors(read.names)
    return Entry(
        line=line,
        fields=fields,
        authors=authors,
        remarks=(*_lines(record, _REMARKS), *pick_remarks(record.get("keywords", []))),
        design=_DESIGNS.get(kind, StudyDesign.OTHER),
        problems=(*notes, *read.notes, *cut),
        doubts=tuple(read.doubts),
    )


def _first(record: dict[str, Any], named: tuple[str, ...]) -> str:
    value = next((record[each] for each in named if record.get(each)), "")
    return " ".join(value) if isinstance(value, list) else value


def _authors(record: dict[str, Any]) -> list[str]:
    """Return AU and A1; some programs write the same list in both, more or less abbreviated."""
    people, first = _lines(record, ("authors",)), _lines(record, ("first_authors",))
    if len(people) > 1 and read_people(people).names == read_people(first).names:
        return people
    return [*people, *(each for each in first if each not in set(people))]


def _lines(record: dict[str, Any], named: tuple[str, ...]) -> list[str]:
    # An HTML entity ends in “;”, which would split the name in two.
    return [html.unescape(each) for name in named for each in record.get(name, []) if each]
