"""BibTeX, with the LaTeX in it as plain letters."""

import logging
import re
from collections.abc import Iterator
from functools import cache

from bibtexparser import model
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    RemoveEnclosingMiddleware,
    ResolveStringReferencesMiddleware,
)
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from pylatexenc.latex2text import LatexNodes2Text

from articles.bibliography.names import format_vancouver
from articles.bibliography.parsing import Entry, ParsedFile, join_authors, read_entries
from articles.text_cleaning import fold_spaces

#: The fields that are read, the best name of each first; BibLaTeX has some of its own.
_FIELDS = {
    "title": ("title",),
    "journal": ("journal", "journaltitle", "booktitle", "institution", "publisher"),
    "year": ("year", "date"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages",),
    "doi": ("doi",),
    "pmid": ("pmid",),
    "url": ("url",),
}
_AUTHORS = ("author", "organization", "institution")
#: Addresses, in which “%” and “~” mean themselves.
_VERBATIM = {"doi", "url"}

#: An “@” begins each block: more than any list that somebody looks through.
_MAX_MARKS = 2_000
#: Characters with LaTeX in them, of a whole file: decoding takes some 20 µs each.
_MAX_LATEX = 100_000
#: Characters of one title or name as written, and braces in braces: titles have two or three.
_MAX_LENGTH = 2_000
_MAX_DEPTH = 20
#: Far more than are kept.
_MAX_AUTHORS_LENGTH = 50_000
_MAX_NAME_LENGTH = 300

# What it could not read is told to the editor; in the log it would be her file again.
for _name in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def read_bibtex(raw: bytes) -> ParsedFile:
    """Never raises."""
    return read_entries(raw, _entries)


def _entries(text: str) -> Iterator[Entry]:
    if text.count("@") > _MAX_MARKS:
        reason = "there are too many entries here to read at once; split the file in parts."
        yield Entry(line=1, fields={}, problems=(reason,))
        return
    blocks = parse_string(text, parse_stack=[]).blocks
    strings: dict[str, model.Block] = {}
    found: list[model.Entry | int] = []
    for block in blocks:
        # To the parser a key or a field that stands twice is an error; here neither matters.
        is_wrong = isinstance(block, model.ParsingFailedBlock)
        entry = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
        if isinstance(entry, model.String):
            strings[entry.key] = entry
        elif isinstance(entry, model.Entry):
            entry.key = str(len(found))
            found.append(entry)
        elif is_wrong:
            found.append(block.start_line or 0)
    library = Library(
        [*strings.values(), *(each for each in found if isinstance(each, model.Entry))]
    )
    for middleware in (ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()):
        library = middleware.transform(library)
    plain = _Plain()
    for each in found:
        if isinstance(each, model.Entry):
            yield _entry(each, plain)
        else:
            reason = "this entry could not be read: a brace, a quote or a comma is missing."
            yield Entry(line=each + 1, fields={}, problems=(reason,))


def _entry(entry: model.Entry, plain: "_Plain") -> Entry:
    written: dict[str, str] = {}
    problems = []
    known = {name for names in (*_FIELDS.values(), _AUTHORS) for name in names}
    for field in entry.fields:
        name = field.key.lower()
        if name not in known or name in written:
            continue
        if field.enclosing:  # neither in braces nor in quotes, and no number
            short = fold_spaces(field.value)[:60]
            problems.append(f"“{name} = {short}” is an abbreviation without its words.")
        else:
            written[name] = field.value
    fields = {}
    try:
        for name, named in _FIELDS.items():
            value = next((written[each] for each in named if written.get(each)), "")
            is_verbatim = name in _VERBATIM
            fields[name] = value.replace("\\", "") if is_verbatim else plain.text(value)
        by = next((written[each] for each in _AUTHORS if written.get(each)), "")
        authors = join_authors(_people(by, plain))
    except _LimitExceeded as too_much:
        reason = f"this entry was left out: {too_much}."
        return Entry(line=(entry.start_line or 0) + 1, fields={}, problems=(reason,))
    return Entry(
        line=(entry.start_line or 0) + 1,
        fields=fields,
        authors=authors,
        problems=tuple(problems),
    )


def _people(written: str, plain: "_Plain") -> Iterator[str]:
    if len(written) > _MAX_AUTHORS_LENGTH:
        raise _LimitExceeded("its list of authors is too long")
    for name in split_multiple_persons_names(" ".join(written.split())):
        if len(name) > _MAX_NAME_LENGTH:
            raise _LimitExceeded("the name of an author is too long")
        if name.lower() == "others":
            yield "et al"
        elif name.startswith("{") and name.endswith("}") and name.count("{") == 1:
            yield plain.text(name)  # a body: braces keep its words together
        else:
            parts = parse_single_name_into_parts(name, strict=False)
            family = plain.text(" ".join([*parts.von, *parts.last]))
            yield format_vancouver(
                family, plain.text(" ".join(parts.first)), plain.text(" ".join(parts.jr))
            )


class _LimitExceeded(Exception):
    """What no list of references has; the message says what, for the editor."""


class _Plain:
    """LaTeX as plain text, as much of it as one file may have."""

    def __init__(self) -> None:
        self._left = _MAX_LATEX

    def text(self, latex: str) -> str:
        """Raise _TooMuch."""
        latex = " ".join(latex.split())
        if not re.search(r"[\\{}$~]|--|``|''", latex):
            return latex
        self._left -= len(latex)
        if len(latex) > _MAX_LENGTH or self._left < 0:
            raise _LimitExceeded("it has too much LaTeX in it")
        if _depth(latex) > _MAX_DEPTH:
            raise _LimitExceeded("its braces are nested too deep")
        # To LaTeX, what follows “%” is a comment, and one “$” swallows the rest; to BibTeX neither.
        latex = re.sub(r"(?<!\\)%", r"\\%", latex)
        if len(re.findall(r"(?<!\\)\$", latex)) % 2:
            latex = re.sub(r"(?<!\\)\$", r"\\$", latex)
        try:
            return fold_spaces(_decoder().latex_to_text(latex))
        except RecursionError as error:  # commands in commands
            raise _LimitExceeded("its LaTeX is nested too deep") from error


@cache
def _decoder() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text")


def _depth(latex: str) -> int:
    depth = deepest = 0
    for brace in re.findall(r"[{}]", latex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest
