"""The values of BibTeX fields: abbreviations, parts joined by “#”, and inherited values."""

import re
from collections.abc import Mapping

from bibtexparser import model

from articles.bibliography import words
from articles.bibliography.latex import LatexDecoder
from articles.text_cleaning import fold_spaces

_MONTHS = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
#: Fields that are not inherited. An inherited title is that of the book (biblatex, appendix B).
_NOT_INHERITED = {"crossref", "xref", "xdata", "ids", "related", "label", "keywords", "options"}
_MOST_PARTS = 50
_MOST_LENT = 5
_MOST_GENERATIONS = 4

#: Signs of addresses that some write as commands.
_SIGNS = {
    "textasciitilde": "~", "sim": "~", "string": "", "textunderscore": "_", "textendash": "–",
    "textemdash": "—", "textpercent": "%", "textless": "<", "textgreater": ">",
    "textasciicircum": "^", "textbackslash": "", "textminus": "-", "textquotesingle": "'",
}  # fmt: skip
_SIGN = re.compile(rf"\\({'|'.join(_SIGNS)})(?![a-zA-Z])(?:\{{\}})?\s*")
_GROUP = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_LINK = re.compile(rf"\\href\s*({_GROUP})\s*(?:{_GROUP})?")
_WRAPPERS = re.compile(
    r"\\(?:url|href|path|nolinkurl|texttt|textit|emph|tt|ttfamily|doi|allowbreak|sloppy|small"
    r"|footnotesize|normalfont|rm|urlstyle|burl)(?![a-zA-Z])\s*"
)

Values = tuple[dict[str, str], list[str]]


def resolve_values(entry: model.Entry, strings: Mapping[str, str]) -> Values:
    """Return the fields by lowercase name, and a sentence for each problem with one of them."""
    values: dict[str, str] = {}
    problems: list[str] = []
    for field in entry.fields:
        name = field.key.lower().strip()
        if name in values:
            if name in {"title", "author", "doi", "year", "journal"}:
                problems.append(words.FIELD_TWICE % {"name": name})
            continue
        values[name], missing = _joined(str(field.value), strings)
        if missing and name != "month":
            short = f"{name} = {' '.join(missing)[:60]}"
            problems.append(words.UNKNOWN_ABBREVIATION % {"text": short})
    return values, problems


def read_verbatim(value: str) -> str:
    """Return an identifier or an address, without the commands around and in it."""
    value = _LINK.sub(r"\1", value)
    value = _SIGN.sub(lambda found: _SIGNS[found[1]], value)
    value = re.sub(r"\\~\s?(?:\{\s*\}|(?=/))", "~", value)
    value = re.sub(r"\$\s?([<>~_^=+-]?)\s?\$", r"\1", value)
    return fold_spaces(re.sub(r"[{}\\]", "", _WRAPPERS.sub("", value)))


def find_address(value: str) -> str:
    """Return the first web address in a text, without the words and the marks around it."""
    value = _LINK.sub(r"\1 ", value)
    value = re.sub(rf"(\\url\s*{_GROUP})", r" \1 ", value)
    found = re.search(r"https?://\S+", read_verbatim(value))
    address = found[0].rstrip(".,;:'\"”’>]") if found else ""
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;:")
    return address


def inherit_fields(
    own: Values, by_key: Mapping[str, Values], seen: frozenset[str] = frozenset()
) -> Values:
    """Return an entry's fields along with those inherited through `crossref` and `xdata`.

    `seen` are the keys of the entry and of those that inherit from it.
    """
    values, problems = dict(own[0]), list(own[1])
    names = re.split(r"[\s,]+", " ".join(values.get(each, "") for each in ("xdata", "crossref")))
    for key in [name for name in names if name][:_MOST_LENT]:
        if key.lower() not in by_key:
            problems.append(words.REFERS_NOWHERE % {"key": key[:60]})
            continue
        if key.lower() in seen or len(seen) > _MOST_GENERATIONS:
            continue
        parent: Values = (by_key[key.lower()][0], [])
        lent, missing = inherit_fields(parent, by_key, seen | {key.lower()})
        problems += [each for each in missing if each not in problems]
        is_crossref = key == values.get("crossref", "").strip()
        for name, value in lent.items():
            if name in _NOT_INHERITED:
                continue
            if is_crossref and name in {"title", "subtitle"}:
                values.setdefault(f"book{name}", value)
            elif not (is_crossref and name in {"doi", "url", "pages"}):
                values.setdefault(name, value)
    return values, problems


def _joined(raw: str, strings: Mapping[str, str], depth: int = 0) -> tuple[str, list[str]]:
    """Return the joined text of the parts between “#”, and the undefined abbreviations."""
    said: list[str] = []
    missing: list[str] = []
    for part in _parts(raw):
        bare = part.strip()
        if bare[:1] in {"{", '"'} and len(bare) > 1:
            said.append(bare[1:-1])
        elif bare.isdigit() or not bare:
            said.append(bare)
        elif bare.lower() in strings and depth < _MOST_LENT:
            more, gone = _joined(strings[bare.lower()], strings, depth + 1)
            said.append(more)
            missing += gone
        elif bare.lower()[:3] in _MONTHS and bare.isalpha() and len(bare) == 3:  # noqa: PLR2004
            said.append(bare)
        else:
            missing.append(bare)
    return "".join(said), missing


def _parts(raw: str) -> list[str]:
    """Split at each “#” outside of braces and quotes."""
    parts: list[str] = []
    depth, is_quoted, start = 0, False, 0
    for place, mark in enumerate(raw):
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == '"' and depth == 0:
            is_quoted = not is_quoted
        elif mark == "#" and depth == 0 and not is_quoted:
            parts.append(raw[start:place])
            start = place + 1
            if len(parts) >= _MOST_PARTS:
                break
    return [*parts, raw[start:]]


class Plain:
    """Decode all values of one file, and collect the commands that are not known."""

    def __init__(self) -> None:
        self._decoder = LatexDecoder()
        self.unknown: set[str] = set()

    def text(self, latex: str) -> str:
        """Return LaTeX as plain text. Raise LimitExceeded."""
        plain, unknown = self._decoder.decode(latex)
        self.unknown |= unknown
        return plain
