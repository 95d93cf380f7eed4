"""BibTeX and biblatex, with their LaTeX as plain text.

Sources: “BibTeXing” and “Designing BibTeX Styles” (O. Patashnik, 1988), the manual of biblatex 3.20
(fields in 2.2, names in 2.3.3). docs/bibliography.md lists what is read of them.
"""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser import model
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from articles.bibliography import words
from articles.bibliography.bibtex_values import inherit_fields, resolve_values
from articles.bibliography.latex import LatexDecoder, LimitExceeded
from articles.bibliography.names import format_vancouver, is_suffix
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries
from articles.bibliography.people import People, is_body, is_vancouver, join_people, read_person
from articles.text_cleaning import fold_spaces

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
    "remark": ("note", "pubstate", "addendum", "annotation"),
}  # fmt: skip
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
#: Far longer than what is kept.
_MAX_AUTHORS_LENGTH = 50_000
_MAX_NAME_LENGTH = 300
#: “family=Doe, given=Jane”, as biblatex allows.
_NAME_KEYS = re.compile(r"^(?:family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=", re.IGNORECASE)

_INNERMOST = re.compile(r"\{[^{}]*\}")

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
    for block in parse_string(text, parse_stack=[]).blocks:
        # The parser treats a duplicate key or field as an error; here neither one matters.
        is_wrong = isinstance(block, model.ParsingFailedBlock)
        entry = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
        if isinstance(entry, model.String):
            strings[entry.key.lower()] = str(entry.value)
        elif isinstance(entry, model.Entry):
            found.append(entry)
        elif is_wrong:
            found.append(block.start_line or 0)
    decoder = _Plain()
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
            written, problems = inherit_fields(values[number], by_key)
            yield _entry((each.start_line or 0) + 1, written, problems, decoder)


def _entry(line: int, written: Mapping[str, str], problems: list[str], decoder: "_Plain") -> Entry:
    decoder.unknown.clear()
    try:
        fields = _fields(written, decoder)
        has_host = written.get("booktitle") or written.get("journal")
        by = next((n for n in _AUTHORS if written.get(n) and not (n == "editor" and has_host)), "")
        people = _people(written.get(by, ""), decoder)
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
        problems=(*problems, *people.notes, *cut),
        doubts=(*people.doubts, *unknown),
    )


def _fields(written: Mapping[str, str], decoder: "_Plain") -> dict[str, str]:
    """Return an entry's fields as plain text. Raise LimitExceeded."""
    how = _verbatim(written.get("howpublished", ""))
    if address := re.search(r"https?://\S+", how):
        written = {"url": address[0], **written, "howpublished": ""}
    title = _with_subtitle("title", written, decoder)
    if addon := decoder.text(written.get("titleaddon", "")):
        title = f"{title.removesuffix('.')}. {addon}" if title else addon
    fields = {"title": title}
    for name, named in _FIELDS.items():
        place = next((each for each in named if written.get(each)), "")
        if name in _VERBATIM:
            fields[name] = _verbatim(written.get(place, ""))
        else:
            fields[name] = _with_subtitle(place, written, decoder)
    _read_eprint(written, fields)
    return fields


def _verbatim(value: str) -> str:
    return fold_spaces(re.sub(r"\\(?:url|href|path|nolinkurl)\b|[{}\\]", "", value))


def _with_subtitle(name: str, written: Mapping[str, str], decoder: "_Plain") -> str:
    title = decoder.text(written.get(name, ""))
    subtitle = decoder.text(written.get(_SUBTITLES.get(name, ""), ""))
    if not (title and subtitle):
        return title or subtitle
    mark = "" if title[-1] in ":?!" else ":"
    return f"{title.rstrip('.')}{mark} {subtitle}"


def _read_eprint(written: Mapping[str, str], fields: dict[str, str]) -> None:
    """Read the `eprint` fields, which point to a preprint or a record: arXiv, PubMed."""
    eprint = _verbatim(written.get("eprint", ""))
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
    if not fields["pmid"] and (found := re.search(r"\bPMID:?\s*(\d{1,8})\b", fields["remark"])):
        fields["pmid"] = found[1]


def _people(written: str, decoder: "_Plain") -> People:
    """Read a list of names. Raise LimitExceeded."""
    if len(written) > _MAX_AUTHORS_LENGTH:
        raise LimitExceeded(words.AUTHORS_TOO_LONG)
    whole = fold_spaces(written)
    lines = split_multiple_persons_names(whole)
    if len(lines) > 1 and _is_one_body(whole, lines):
        return People(
            names=[decoder.text(whole)],
            notes=[words.ONE_BODY % {"name": decoder.text(whole)[:80]}],
        )
    for line in lines:
        if len(line) > _MAX_NAME_LENGTH and "," not in line and ";" not in line:
            raise LimitExceeded(words.AUTHOR_TOO_LONG)
    return join_people(_person(line, decoder) for line in lines)


def _person(written: str, decoder: "_Plain") -> People:
    if written.startswith("{") and written.endswith("}") and written.count("{") == 1:
        body = decoder.text(written)  # braces keep the words of an organization together
        return read_person(body) if is_vancouver(body.split(",")[0]) else People(names=[body])
    if _NAME_KEYS.match(written):
        return People(names=[_name_by_keys(written, decoder)])
    plain = decoder.text(written)
    is_list = "," in plain or ";" in plain or " " not in plain or is_body(plain)
    keeps_together = plain.count(",") != _INNERMOST.sub("", written).count(",")
    if is_list and not keeps_together:
        return read_person(plain)
    if (not keeps_together and read_person(plain).names != [plain]) or is_vancouver(plain):
        return read_person(plain)  # “et al.”, “D. L. Wang”, “Gu F”
    parts = parse_single_name_into_parts(written, strict=False)
    first, von, last, jr = (
        [decoder.text(each) for each in part]
        for part in (parts.first, parts.von, parts.last, parts.jr)
    )
    if len(last) == 1 and is_suffix(last[0]) and len(first) > 1:  # “Martin Luther King Jr.”
        jr, last, first = last, first[-1:], first[:-1]
    return People(names=[format_vancouver(" ".join([*von, *last]), " ".join(first), " ".join(jr))])


def _name_by_keys(written: str, decoder: "_Plain") -> str:
    parts = dict(re.findall(r"(?:^|,)\s*([\w-]+)\s*=\s*(\{[^{}]*\}|[^,]*)", written))
    found = {name: decoder.text(value) for name, value in parts.items()}
    family = f"{found.get('prefix', '')} {found.get('family', '')}".strip()
    return format_vancouver(family, found.get("given", ""), found.get("suffix", ""))


def _is_one_body(whole: str, lines: list[str]) -> bool:
    """Whether the parts are one name only together, as in “Food and Drug Administration”."""
    if (
        "," in whole
        or "{" in whole
        or ";" in whole
        or (not is_body(whole) and not any(map(is_body, lines)))
    ):
        return False
    return any(" " not in line and line.lower() != "others" for line in lines)


class _Plain:
    """Decode all values of one file, and collect the commands that are not known."""

    def __init__(self) -> None:
        self._decoder = LatexDecoder()
        self.unknown: set[str] = set()

    def text(self, latex: str) -> str:
        """Return LaTeX as plain text. Raise LimitExceeded."""
        plain, unknown = self._decoder.decode(latex)
        self.unknown |= unknown
        return plain
