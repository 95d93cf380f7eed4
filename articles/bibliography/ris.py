"""RIS, which nearly every reference manager and journal writes."""

import re
from collections.abc import Iterator
from typing import Any

import rispy

from articles.bibliography.names import parse_inverted_name
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries
from articles.rendering.library_snapshot import StudyDesign
from articles.text_cleaning import fold_spaces

# Some write one space where there should be two.
_TAGGED = re.compile(r"\s{0,3}([A-Z][A-Z0-9])[ \t]{1,3}-(?:[ \t](.*))?")
#: The tags that are read, as rispy names them, the best first.
_FIELDS = {
    "title": ("title", "primary_title"),
    "journal": ("secondary_title", "alternate_title3", "journal_name", "alternate_title2"),
    "year": ("year", "publication_year", "date"),
    "volume": ("volume",),
    "issue": ("number",),
    "doi": ("doi",),
    "pmid": ("pubmed",),
}
_DESIGNS = {"GOVDOC": StudyDesign.REGULATOR, "STAND": StudyDesign.GUIDELINE}


def read_ris(raw: bytes) -> ParsedFile:
    """Never raises."""
    return read_entries(raw, _entries)


def _entries(text: str) -> Iterator[Entry]:
    records = _records(text)
    if not records and text.lstrip().startswith("PMID-"):
        reason = "this is PubMed's own format. A reference manager can make RIS of it."
        yield Entry(line=1, fields={}, problems=(reason,))
        return
    if not records:
        reason = "no reference was found. Each begins with a line such as “TY  - JOUR”."
        yield Entry(line=1, fields={}, problems=(reason,))
    for line, tags in records:
        # Lines in order, each with a tag: what rispy slows down or trips over is gone.
        lines = "\n".join(f"{tag}  - {' '.join(words)}" for tag, words in tags)
        found = rispy.loads(f"{lines}\nER  - ", skip_unknown_tags=True)
        yield _entry(line, found[0])


def _records(text: str) -> list[tuple[int, list[tuple[str, list[str]]]]]:
    """Each record with its line: tags and the lines of their words."""
    records: list[tuple[int, list[tuple[str, list[str]]]]] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _TAGGED.fullmatch(line)
        if match and match[1] == "TY":
            records.append((number, []))
            is_open = True
        if not is_open:
            continue
        tags = records[-1][1]
        if match and match[1] == "ER":
            is_open = False
        elif match:
            tags.append((match[1], [fold_spaces(match[2] or "")]))
        elif line.strip():
            tags[-1][1].append(fold_spaces(line))
    return records


def _entry(line: int, record: dict[str, Any]) -> Entry:
    fields = {
        name: next((record[each] for each in named if record.get(each)), "")
        for name, named in _FIELDS.items()
    }
    start, end = record.get("start_page", ""), record.get("end_page", "")
    is_range = start and end and start != end and "-" not in start
    fields["pages"] = f"{start}-{end}" if is_range else start or end
    urls = [url for url in record.get("urls", []) if url.startswith(("https://", "http://"))]
    fields["url"] = urls[0] if urls else ""
    if "pubmed" in record.get("name_of_database", "").lower():
        fields["pmid"] = record.get("accession_number", "")
    people = record.get("authors") or record.get("first_authors") or []
    return Entry(
        line=line,
        fields=fields,
        authors=join_authors(parse_inverted_name(person) for person in people),
        design=_DESIGNS.get(record.get("type_of_reference", ""), StudyDesign.OTHER),
    )
