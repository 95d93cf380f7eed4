"""BibTeX and biblatex, with their LaTeX as plain text.

Sources: “BibTeXing” and “Designing BibTeX Styles” (O. Patashnik, 1988), the manual of biblatex 3.20
(fields in 2.2, names in 2.3.3). docs/bibliography.md lists what is read of them.
"""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser import model
from bibtexparser.entrypoint import parse_string

from articles.bibliography import words
from articles.bibliography.bibtex_people import read_names
from articles.bibliography.bibtex_values import (
    Plain,
    find_address,
    inherit_fields,
    read_verbatim,
    resolve_values,
)
from articles.bibliography.latex import LimitExceeded
from articles.bibliography.notices import pick_remarks
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries

#: The fields that are read, the best name of each first; some names are biblatex's own.
_FIELDS = {
    "journal": (
        "journal", "journaltitle", "booktitle", "maintitle", "eventtitle", "school", "institution",
        "publisher", "organization", "howpublished",
    ),
    "year": ("year", "date", "origdate", "eventdate"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "eid", "articleno", "article-number"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed"),
    "url": ("url",),
}  # fmt: skip
#: Fields that may say that the source was retracted.
_REMARKS = ("note", "pubstate", "addendum", "annotation", "annote", "type", "status")
_MOST_OF_REMARK = 1_000
#: What follows a title or the name of a journal, after a colon.
_SUBTITLES = {
    "title": "subtitle", "journaltitle": "journalsubtitle", "booktitle": "booksubtitle",
    "maintitle": "mainsubtitle",
}  # fmt: skip
_AUTHORS = ("author", "authors", "editor", "organization", "institution")
#: Identifiers and addresses, in which “%” and “~” stand for themselves.
_VERBATIM = {"doi", "url", "pmid"}

#: An “@” begins each block: this is more than any list that somebody looks through.
_MAX_MARKS = 2_000

# “@ article{key,”, which the parser takes for a comment
_SPACED = re.compile(
    r"^([ \t]*)@(\s{0,9}\w{1,30}\s{0,9})"
    r"(?=[{(]\s{0,9}[^\s,{}()=]{1,200}\s{0,9}[,=])",
    re.MULTILINE,
)

# The editor is told what could not be read; logging it would copy their file into the log.
for _name in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def read_bibtex(raw: bytes) -> ParsedFile:
    """Read a BibTeX file. Never raises."""
    return read_entries(raw, _entries)


def _entries(text: str) -> Iterator[Entry]:
    if text.count("@") > _MAX_MARKS:
        reason = str(words.TOO_MANY)
        yield Entry(line=1, fields={}, problems=(reason,))
        return
    strings: dict[str, str] = {}
    found: list[model.Entry | int] = []
    for block in parse_string(_SPACED.sub(_closed_up, text), parse_stack=[]).blocks:
        # The parser treats a duplicate key or field as an error; here neither one matters.
        is_wrong = isinstance(block, model.ParsingFailedBlock)
        entry = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
        if isinstance(entry, model.String):
            strings[entry.key.lower()] = str(entry.value)
        elif isinstance(entry, model.Entry):
            found.append(entry)
        elif is_wrong:
            found.append(block.start_line or 0)
    decoder = Plain()
    values = {
        number: resolve_values(each, strings)
        for number, each in enumerate(found)
        if isinstance(each, model.Entry)
    }
    by_key = {
        each.key.lower(): values[number]
        for number, each in enumerate(found)
        if isinstance(each, model.Entry)
    }
    for number, each in enumerate(found):
        if not isinstance(each, model.Entry):
            reason = str(words.MARK_MISSING)
            yield Entry(line=each + 1, fields={}, problems=(reason,))
        elif each.entry_type.lower() not in {"xdata", "set", "string"}:
            written, problems = inherit_fields(
                values[number], by_key, frozenset({each.key.lower()})
            )
            yield _entry((each.start_line or 0) + 1, written, problems, decoder)


def _closed_up(match: re.Match[str]) -> str:
    """Return the mark and the type without the space between them; lines keep their numbers."""
    lines = "\n" * match[2].count("\n")
    return f"{match[1]}{lines}@{match[2].strip()}"


def _entry(line: int, written: Mapping[str, str], problems: list[str], decoder: Plain) -> Entry:
    decoder.unknown.clear()
    try:
        remarks = _remarks(written, decoder)
        fields = _fields(written, decoder)
        _read_eprint(written, fields, remarks)
        has_host = written.get("booktitle") or written.get("journal")
        by = next((n for n in _AUTHORS if written.get(n) and not (n == "editor" and has_host)), "")
        people = read_names(written.get(by, ""), decoder)
    except LimitExceeded as too_much:
        reason = words.ENTRY_LEFT_OUT % {"why": too_much}
        return Entry(line=line, fields={}, problems=(reason,))
    if by == "editor":
        people.notes.append(str(words.EDITORS_INSTEAD))
    authors, cut = join_authors(people.names)
    unknown = [words.UNKNOWN_COMMAND % {"name": name} for name in sorted(decoder.unknown)]
    return Entry(
        line=line,
        fields=fields,
        authors=authors,
        remarks=tuple(remarks),
        problems=(*problems, *people.notes, *cut),
        doubts=(*people.doubts, *unknown),
    )


def _fields(written: Mapping[str, str], decoder: Plain) -> dict[str, str]:
    """Return an entry's fields as plain text. Raise LimitExceeded."""
    if address := find_address(written.get("howpublished", "")):
        written = {"url": address, **written, "howpublished": ""}
    title = _with_subtitle("title", written, decoder)
    if addon := decoder.text(written.get("titleaddon", "")):
        title = f"{title.removesuffix('.')}. {addon}" if title else addon
    fields = {"title": title}
    for name, named in _FIELDS.items():
        place = next((each for each in named if written.get(each)), "")
        if name in _VERBATIM:
            fields[name] = read_verbatim(written.get(place, ""))
        else:
            fields[name] = _with_subtitle(place, written, decoder)
    if " " not in fields["url"] or "\\url" in written.get("url", ""):
        fields["url"] = find_address(written.get("url", "")) or fields["url"]
    return fields


def _remarks(written: Mapping[str, str], decoder: Plain) -> list[str]:
    """Return the notes beside the title. Raise LimitExceeded."""
    found = [value for name in _REMARKS if (value := written.get(name))]
    return [
        *(
            decoder.text(each) if len(each) <= _MOST_OF_REMARK else re.sub(r"[\\{}$]", "", each)
            for each in found
        ),
        *pick_remarks(re.split(r"[,;]", written.get("keywords", ""))),
    ]


def _with_subtitle(name: str, written: Mapping[str, str], decoder: Plain) -> str:
    title = decoder.text(written.get(name, ""))
    subtitle = decoder.text(written.get(_SUBTITLES.get(name, ""), ""))
    if not (title and subtitle):
        return title or subtitle
    mark = "" if title[-1] in ":?!" else ":"
    return f"{title.rstrip('.')}{mark} {subtitle}"


def _read_eprint(written: Mapping[str, str], fields: dict[str, str], remarks: list[str]) -> None:
    """Read the `eprint` fields, which point to a preprint or a record: arXiv, PubMed."""
    eprint = read_verbatim(written.get("eprint", ""))
    kind = (written.get("archiveprefix") or written.get("eprinttype") or "").strip("{} ").lower()
    if kind in {"pubmed", "pmid", "medline"}:
        fields["pmid"] = fields["pmid"] or eprint
    elif (
        eprint
        and kind in {"arxiv", ""}
        and re.match(r"(?:arxiv:)?[\w.-]+/?\d", eprint, re.IGNORECASE)
    ):
        bare = re.sub(r"^arxiv:", "", eprint, flags=re.IGNORECASE)
        fields["url"] = fields["url"] or f"https://arxiv.org/abs/{bare}"
        fields["journal"] = fields["journal"] or "arXiv"
    said = " ".join(remarks)
    if not fields["pmid"] and (found := re.search(r"\bPMID:?\s*(\d{1,8})\b", said)):
        fields["pmid"] = found[1]
