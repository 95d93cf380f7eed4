"""Formats other than RIS and BibTeX: CSL-JSON, PubMed's own format, and lines of text."""

import json
import re
from collections.abc import Iterator
from typing import Any

from articles.bibliography import words
from articles.bibliography.bodies import is_body
from articles.bibliography.citations import read_citation
from articles.bibliography.names import format_vancouver
from articles.bibliography.notices import pick_remarks
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries
from articles.bibliography.people import (
    People,
    is_initials,
    is_vancouver,
    join_people,
    read_people,
    read_person,
)
from articles.rendering.library_snapshot import StudyDesign
from articles.text_cleaning import fold_spaces

_TAGGED = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_MOST_LINES = 2_000
#: Tags that name a notice or say that the record is one, in the words that a note would have.
_NOTICES = {
    "RIN": "Retraction in: ", "ROF": "Retraction of: ", "RRI": "retracted and republished in: ",
    "PRIN": "Partial retraction in: ", "PROF": "Partial retraction of: ",
    "ECI": "expression of concern in: ", "ECF": "expression of concern for: ",
}  # fmt: skip
#: Words of a person's name; a longer literal with a comma is an organization.
_MOST_OF_NAME = 4
#: PubMed publication types as study designs, the strictest first.
_DESIGNS = {
    "practice guideline": StudyDesign.GUIDELINE,
    "guideline": StudyDesign.GUIDELINE,
    "meta-analysis": StudyDesign.REVIEW,
    "systematic review": StudyDesign.REVIEW,
    "randomized controlled trial": StudyDesign.RANDOMISED,
    "case reports": StudyDesign.CASES,
}


def read_other(raw: bytes) -> ParsedFile:
    """Read a file that is neither RIS nor BibTeX. Never raises."""
    return read_entries(raw, _entries)


def _entries(text: str) -> Iterator[Entry]:
    bare = text.lstrip()
    if bare.startswith(("[", "{")):
        yield from _csl_entries(bare)
    elif re.search(r"^PMID- ?\d", text, re.MULTILINE):
        yield from _pubmed_entries(text)
    else:
        yield from _line_entries(text)


# --- Lines ----------------------------------------------------------------------------------------


def _line_entries(text: str) -> Iterator[Entry]:
    """Read each line as a reference with authors, title, journal, and year, as posts end with."""
    lines = [(n, line) for n, each in enumerate(text.split("\n"), 1) if (line := each.strip())]
    sources = [(n, line, read_citation(line)) for n, line in lines[:_MOST_LINES]]
    if not any(source for _, _, source in sources):
        yield Entry(line=1, fields={}, problems=(str(words.NO_KNOWN_FORMAT),))
        return
    for number, line, source in sources:
        if source is None:
            reason = words.NO_REFERENCE % {"text": fold_spaces(line)[:60]}
            yield Entry(line=number, fields={}, problems=(reason,))
            continue
        fields = {
            name: str(getattr(source, name) or "")
            for name in ("title", "journal", "year", "volume", "issue", "pages", "doi", "pmid")
        }
        yield Entry(line=number, fields=fields, authors=source.authors)


# --- PubMed ---------------------------------------------------------------------------------------


def _pubmed_entries(text: str) -> Iterator[Entry]:
    """Read MEDLINE tags, as PubMed's “Save” and “Send to: Citation manager” write them."""
    line = 0
    tags: list[tuple[str, str]] = []
    for number, each in enumerate([*text.split("\n"), "PMID- "], start=1):
        match = _TAGGED.fullmatch(each.rstrip())
        if match and match[1] == "PMID":
            if tags:
                yield _pubmed_entry(line, tags)
            line, tags = number, [("PMID", match[2])]
        elif match and tags:
            tags.append((match[1], match[2]))
        elif tags and each.startswith("  ") and each.strip():
            tag, said = tags[-1]
            tags[-1] = (tag, f"{said} {each.strip()}")


def _pubmed_entry(line: int, tags: list[tuple[str, str]]) -> Entry:
    def every(*names: str) -> list[str]:
        return [said.strip() for name in names for tag, said in tags if tag == name and said]

    def first(*names: str) -> str:
        return next(iter(every(*names)), "")

    kinds = [kind.lower() for kind in every("PT")]
    dois = [each for each in every("LID", "AID") if each.endswith("[doi]")]
    people = read_people(every("FAU") or every("AU"))
    bodies = every("CN")
    authors, cut = join_authors([*people.names, *bodies])
    return Entry(
        line=line,
        fields={
            "title": first("TI", "BTI"),
            "journal": first("TA", "JT"),
            "year": first("DP"),
            "volume": first("VI"),
            "issue": first("IP"),
            "pages": first("PG"),
            "doi": dois[0].removesuffix("[doi]").strip() if dois else "",
            "pmid": first("PMID"),
        },
        authors=authors,
        remarks=(*kinds, *(_NOTICES[tag] + said for tag, said in tags if tag in _NOTICES)),
        design=next((kind for name, kind in _DESIGNS.items() if name in kinds), StudyDesign.OTHER),
        problems=(*people.notes, *cut),
        doubts=tuple(people.doubts),
    )


# --- CSL-JSON -------------------------------------------------------------------------------------


def _csl_entries(text: str) -> Iterator[Entry]:
    """Read what Zotero and Crossref write: one object or a list of them (citationstyles.org)."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        yield Entry(line=line, fields={}, problems=(str(words.NO_JSON),))
        return
    items = found.get("items", [found]) if isinstance(found, dict) else found
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            yield _csl_entry(item)
        else:
            yield Entry(line=1, fields={}, problems=(str(words.ITEM_NO_REFERENCE),))


#: Variables that may say that the source was retracted.
_REMARKS = ("status", "note", "genre", "annote")


def _csl_entry(item: dict[str, Any]) -> Entry:
    def text(*names: str) -> str:
        for name in names:
            value = item.get(name)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                return str(value)
        return ""

    written = item.get("author") or item.get("editor") or []
    written = written if isinstance(written, list) else []
    once = {json.dumps(each, sort_keys=True): each for each in written}
    people = join_people(map(_csl_person, once.values()))
    authors, cut = join_authors(people.names)
    # The number of a report or a patent is no page.
    is_article = text("type") in {"article-journal", "journal-article"}
    return Entry(
        line=1,
        fields={
            "title": _joined(text("title"), text("subtitle")),
            "journal": text("container-title", "publisher", "container-title-short"),
            "year": _csl_year(item),
            "volume": text("volume"),
            "issue": text("issue") if is_article else text("issue", "number"),
            "pages": text("page", "article-number", *(["number"] if is_article else [])),
            "doi": text("DOI", "doi"),
            "pmid": text("PMID"),
            "url": text("URL"),
        },
        authors=authors,
        remarks=(*map(text, _REMARKS), *pick_remarks(re.split("[,;]", text("keyword")))),
        problems=(*people.notes, *cut),
        doubts=tuple(people.doubts),
    )


def _joined(title: str, subtitle: str) -> str:
    if not subtitle or title.endswith(subtitle):
        return title
    mark = "" if title[-1:] in {":", "?", "!"} else ":"
    return f"{title.rstrip('.')}{mark} {subtitle}" if title else subtitle


def _csl_person(person: Any) -> People:
    if not isinstance(person, dict):
        return read_person(str(person))
    parts = {name: str(value) for name, value in person.items() if isinstance(value, str)}
    if body := parts.get("literal") or parts.get("name"):
        return _csl_literal(body)
    before = f"{parts.get('non-dropping-particle', '')} {parts.get('dropping-particle', '')}"
    family = f"{before.strip()} {parts.get('family', '')}".strip()
    if "," in family or ";" in family:
        return read_person(family)
    return People(names=[format_vancouver(family, parts.get("given", ""), parts.get("suffix", ""))])


def _csl_literal(body: str) -> People:
    """Read a name that has no parts: an organization, unless initials follow the comma."""
    parts = [part.strip() for part in body.split(",")]
    is_pair = len(parts) == len(("family", "given")) and is_initials(parts[1])
    if is_pair or ";" in body or (len(parts) > 1 and all(map(is_vancouver, parts))):
        return read_person(body)
    is_clear = len(parts) == 1 or len(body.split()) > _MOST_OF_NAME or is_body(body)
    return People(names=[body], doubts=[] if is_clear else [words.MAYBE_BODY % {"name": body[:80]}])


def _csl_year(item: dict[str, Any]) -> str:
    issued = item.get("issued") or item.get("published") or {}
    if not isinstance(issued, dict):
        return str(issued)
    match issued.get("date-parts"):
        case [[year, *_], *_]:
            return str(year)
    return str(issued.get("literal") or issued.get("raw") or "")
