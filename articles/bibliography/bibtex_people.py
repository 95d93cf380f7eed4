"""Names in BibTeX and biblatex: lists joined by “and”, braces, and “family=Doe, given=Jane”."""

import re
from itertools import pairwise

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from articles.bibliography import words
from articles.bibliography.bibtex_values import Plain
from articles.bibliography.bodies import brace_known, is_body
from articles.bibliography.latex import LimitExceeded
from articles.bibliography.names import drop_title, format_vancouver, is_suffix
from articles.bibliography.people import (
    ET_AL,
    People,
    is_vancouver,
    join_lines,
    read_person,
    trim_and,
)
from articles.text_cleaning import fold_spaces

#: Far longer than what is kept.
_MAX_AUTHORS_LENGTH = 50_000
_MAX_NAME_LENGTH = 300
#: “family=Doe, given=Jane”, as biblatex allows.
_NAME_KEYS = re.compile(r"^(?:family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=", re.IGNORECASE)

_INNERMOST = re.compile(r"\{[^{}]*\}")


def read_names(written: str, decoder: Plain) -> People:
    """Read a list of names. Raise LimitExceeded."""
    if len(written) > _MAX_AUTHORS_LENGTH:
        raise LimitExceeded(words.AUTHORS_TOO_LONG)
    whole = brace_known(fold_spaces(written))
    split = (trim_and(line.strip()) for line in split_multiple_persons_names(whole))
    lines = [line for line in split if line]
    if len(lines) > 1 and _is_one_body(whole, lines):
        return People(
            names=[decoder.text(whole)],
            notes=[words.ONE_BODY % {"name": decoder.text(whole)[:80]}],
        )
    for line in lines:
        if len(line) > _MAX_NAME_LENGTH and "," not in line and ";" not in line:
            raise LimitExceeded(words.AUTHOR_TOO_LONG)
    people = join_lines(lines, lambda line: _person(line, decoder))
    for before, line in pairwise(lines):
        is_clear = re.search("[,;{]", line) or is_vancouver(line) or is_body(line)
        if is_clear or before.startswith("{") or read_person(line).names == [ET_AL]:
            continue
        if is_body(decoder.text(before)):  # “Ministry of Health and Social Affairs”
            people.doubts.append(words.MAYBE_BODY % {"name": f"{before} and {line}"[:80]})
    return people


def _person(written: str, decoder: Plain) -> People:
    if written.startswith("{") and written.endswith("}") and written.count("{") == 1:
        body = decoder.text(written)  # braces keep the words of an organization together
        return read_person(body) if is_vancouver(body.split(",")[0]) else People(names=[body])
    if _NAME_KEYS.match(written):
        return People(names=[_name_by_keys(written, decoder)])
    written = written if is_body(written) else drop_title(written)
    plain = decoder.text(written)
    is_list = "," in plain or ";" in plain or " " not in plain or is_body(plain)
    keeps_together = plain.count(",") != _INNERMOST.sub("", written).count(",")
    if is_list and not keeps_together:
        return read_person(plain)
    read = read_person(plain)
    is_joined = not keeps_together and (read.names != [plain] or " & " in plain)
    is_doubtful = not keeps_together and read.doubts
    if is_joined or is_doubtful or is_vancouver(plain):
        return read  # “et al.”, “D. L. Wang”, “Gu F”, “Johnson & Johnson”
    parts = parse_single_name_into_parts(written, strict=False)
    first, von, last, jr = (
        [decoder.text(each) for each in part]
        for part in (parts.first, parts.von, parts.last, parts.jr)
    )
    if len(last) == 1 and is_suffix(last[0]) and len(first) > 1:  # “Martin Luther King Jr.”
        jr, last, first = last, first[-1:], first[:-1]
    return People(names=[format_vancouver(" ".join([*von, *last]), " ".join(first), " ".join(jr))])


def _name_by_keys(written: str, decoder: Plain) -> str:
    parts = dict(re.findall(r"(?:^|,)\s*([\w-]+)\s*=\s*(\{[^{}]*\}|[^,]*)", written))
    found = {name: decoder.text(value) for name, value in parts.items()}
    family = f"{found.get('prefix', '')} {found.get('family', '')}".strip()
    return format_vancouver(family, found.get("given", ""), found.get("suffix", ""))


def _is_one_body(whole: str, lines: list[str]) -> bool:
    """Whether the parts are one name only together, as in “Food and Drug Administration”."""
    if len({line.lower() for line in lines}) == 1 and whole.replace(" ", "").isalpha():
        return True  # “Johnson and Johnson”
    if (
        "," in whole
        or "{" in whole
        or ";" in whole
        or (not is_body(whole) and not any(map(is_body, lines)))
    ):
        return False
    return any(" " not in line and line.lower() != "others" for line in lines)
