"""Who wrote a source, read from lines that may each name several people.

A file should give each person a field of their own, as “Family, Given”. Many put a whole list into
one. What can only be such a list is split; what could be read in two ways is marked as a doubt,
because a study must not name an author who never existed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from articles.bibliography import words
from articles.bibliography.bodies import is_body
from articles.bibliography.names import drop_title, format_vancouver, is_suffix, parse_inverted_name
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ET_AL = "et al"

ENDS_IN_MORE = re.compile(
    r"(?:^|[\s,;]+(?:and |& ?)?)(?:et\.?\s?al\.?|(?:and |& ?)others)\s*$", re.IGNORECASE
)
_OTHERS = re.compile(r"(?:and |& ?)?(?:et\.?\s?al\.?|others)", re.IGNORECASE)
_JOINED = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_][.\-‐‑]?){1,4}")  # noqa: RUF001 - the hyphens of Unicode
_DEGREES = re.compile(
    r"(?:M\.?D|Ph\.?D|D\.?O|R\.?N|M\.?Sc|B\.?Sc|M\.?P\.?H|M\.?S|M\.?A|Dr\.?P\.?H|Pharm\.?D"
    r"|D\.?Phil|MBBS|MBChB|FRCP\w*|FACP|MRCP\w*|Prof|Dr)\.?",
    re.IGNORECASE,
)
#: “Family, Given”.
_PAIR = 2


@dataclass
class People:
    """Names in the house style, and what an editor has to know about how they were read."""

    names: list[str] = field(default_factory=list)
    #: How names were read that were not in the expected form.
    notes: list[str] = field(default_factory=list)
    #: What could be read in more than one way.
    doubts: list[str] = field(default_factory=list)

    def add(self, other: "People") -> None:
        self.names += filter(None, other.names)
        self.notes += other.notes
        self.doubts += other.doubts


def read_people(written: Iterable[str]) -> People:
    """Read each line as a person, an organization, or, against the rules, several of them."""
    return join_lines(written, read_person)


def join_lines(written: Iterable[str], read: Callable[[str], People]) -> People:
    """Read each line once: two names that are abbreviated alike are two people, lines are not."""
    counts = Counter(fold_spaces(line).strip(" ,;") for line in written)
    people = join_people(map(read, counts))
    twice = [line for line, count in counts.items() if line and count > 1]
    people.notes += [words.NAME_TWICE % {"name": _cut(line)} for line in twice]
    return people


def join_people(found: Iterable[People]) -> People:
    """Return all of them; “et al” always moves to the end of the list."""
    people = People()
    for each in found:
        people.add(each)
    if ET_AL in people.names:
        people.names = [*(name for name in people.names if name != ET_AL), ET_AL]
    return people


def read_person(written: str) -> People:
    """Read one line of plain text."""
    line = fold_spaces(written).strip(" ,;")
    if _OTHERS.fullmatch(line):
        return People(names=[ET_AL])
    line = trim_and(line)
    line = line if is_body(line) else drop_title(line)
    if match := ENDS_IN_MORE.search(line):
        return join_people((read_person(line[: match.start()]), People(names=[ET_AL])))
    if ";" in line:
        return _parted(line, line.split(";"))
    if not is_body(line):
        return _read_persons(line)
    if re.search(r"\s(?:and|&) [^\s,]+, [^\s,]+(?: [A-Z]\.?)?$", line):
        return _doubtful(line, words.MAYBE_SEVERAL)  # “Any Organization and Smith, John”
    return People(names=[line])


def _read_persons(line: str) -> People:
    """Read a line that does not name an organization."""
    if len(both := _JOINED.split(line)) > 1:
        if len({part.strip().lower() for part in both}) == 1 and not is_vancouver(both[0]):
            note = words.ONE_BODY % {"name": _cut(line)}  # “Johnson & Johnson”
            return People(names=[line], notes=[note])
        if all(re.fullmatch(r"[^\W\d_]+", part.strip()) for part in both):
            return _doubtful(line, words.MAYBE_SEVERAL)  # “Smith & Nephew”
        return _parted(line, both)
    if any(map(_is_odd, line)) and not any(map(is_suffix, line.replace(",", " ").split())):
        return _doubtful(line, words.ODD_CHARACTER)
    parts = [re.sub(r"^(?:and|&)\s", "", part.strip()) for part in line.split(",")]
    parts = [part for part in parts if part]
    return _read_parts(line, parts) if len(parts) > 1 else _read_undivided(line)


def trim_and(line: str) -> str:
    """Return a line without an “and” that joins it to nothing."""
    return re.sub(r"^(?:(?:and|&)(?:\s+|$))+|(?:\s+(?:and|&))+$", "", line)


def is_vancouver(name: str) -> bool:
    """Whether a name is a family name, then initials: “Gu F”, “van der Berg JH”, “Wang D. L.”"""
    return bool(_family_and_initials(name))


def format_family_first(name: str) -> str:
    """Return a name that `is_vancouver` in the house style."""
    found = _family_and_initials(name)
    return format_vancouver(*found) if found else name


def _read_parts(line: str, parts: list[str]) -> People:
    """Read parts that were separated by commas as one person or several."""
    family, *rest = parts
    if len(parts) == _PAIR and not (is_vancouver(family) or _initials_first(family)):
        return _read_inverted(line, parts)
    if all(is_vancouver(part) or is_body(part) for part in parts) or all(
        map(_initials_first, parts)
    ):
        return _parted(line, parts)
    given = [part for part in rest if not is_suffix(part)]
    if len(given) == 1 and not is_vancouver(family) and not _DEGREES.fullmatch(given[0]):
        return People(names=[parse_inverted_name(line)])
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    is_paired = len(parts) > _PAIR and len(parts) % 2 == 0
    if is_paired and all(is_initials(one) and not is_initials(name) for name, one in pairs):
        return _parted(line, (", ".join(pair) for pair in pairs))
    return _doubtful(line, words.MAYBE_SEVERAL)


def _read_undivided(line: str) -> People:
    if found := _family_and_initials(line) or _initials_first(line):
        return People(names=[format_vancouver(*found)])
    if " " in line and line != line.upper() and line[0].lower() != line[0].upper():
        note = words.AS_WRITTEN % {"name": _cut(line)}
        return People(names=[line], notes=[note])
    return People(names=[line])


def _read_inverted(line: str, parts: list[str]) -> People:
    """Read a name as “Family, Given”."""
    family, given = parts
    if _DEGREES.fullmatch(given) and " " in family:
        return _doubtful(line, words.MAYBE_DEGREE)
    people = People(names=[parse_inverted_name(line)])
    full = [part.split() for part in parts]
    if all(len(part) > 1 and all(_is_full(word) for word in part) for part in full):
        people.doubts.append(words.MAYBE_TWO % {"name": _cut(line)})
    return people


def _parted(line: str, parts: Iterable[str]) -> People:
    people = join_people(read_person(part) for part in parts if part.strip())
    if len(people.names) > 1 and not people.doubts:
        people.notes = [words.read_as_names(_cut(line), len(people.names))]
    return people


def _doubtful(line: str, why: "_StrPromise") -> People:
    return People(names=[line.replace(",", " ")], doubts=[why % {"name": _cut(line)}])


def _family_and_initials(name: str) -> tuple[str, str, str] | None:
    tokens = name.split()
    suffix = tokens.pop() if len(tokens) > 2 and is_suffix(tokens[-1]) else ""  # noqa: PLR2004
    initials: list[str] = []
    while len(tokens) > 1 and is_initials(tokens[-1]):
        initials.insert(0, tokens.pop())
    family = " ".join(tokens)
    if not initials or (is_initials(family) and len(family) == 1) or not family[0].isalpha():
        return None
    return (family, " ".join(initials), suffix) if any(map(str.isalpha, family)) else None


def _initials_first(name: str) -> tuple[str, str] | None:
    """Split a name such as “D. L. Wang”; None if it does not start with initials."""
    tokens = name.split()
    given = []
    while len(tokens) > 1 and re.fullmatch(r"(?:[^\W\d_]\.-?)+", tokens[0]):
        given.append(tokens.pop(0))
    return (" ".join(tokens), " ".join(given)) if given and not is_initials(tokens[0]) else None


def is_initials(word: str) -> bool:
    """Whether a word is initials, such as “F”, “DL”, “D.L.”, “J.-P.”, or “D. L.”"""
    bare = word.replace(" ", "")
    return bool(_INITIALS.fullmatch(bare)) and bare.isupper() and len(bare) <= len("A.-B.-C.")


def _is_odd(sign: str) -> bool:
    """Whether this is a mark for a footnote; “Mª” is short for María."""
    is_raised = unicodedata.decomposition(sign).startswith("<super>") and sign not in "ªº"
    return is_raised or unicodedata.digit(sign, None) is not None or sign in "@*†‡§¶#"


def _is_full(word: str) -> bool:
    return len(word) > 2 and word[0].isupper() and word[1:].islower()  # noqa: PLR2004


def _cut(line: str, length: int = 80) -> str:
    return line if len(line) <= length else f"{line[:length]}…"
