"""Author names in Vancouver style: “Gu F”, “van der Berg JH”, “King ML Jr”."""

import re
from collections.abc import Iterable

_SUFFIX = re.compile(r"(?:Jr|Sr|[IV]{1,4}|\d(?:st|nd|rd|th))\.?", re.IGNORECASE)
#: A suffix after given names; “I” and “V” are more likely initials.
_LATE_SUFFIX = re.compile(r"(?:[Jj][Rr]|[Ss][Rr])\.?|II|III|IV|[2-4](?:nd|rd|th)\.?")
_TITLE = re.compile(r"^(?:(?:Dr|Prof|Professor)\b\.?\s*(?:med\.?\s+)?)+(?=[^\s,])")
#: Degrees that are not the initials of given names, too.
_DEGREE = re.compile(
    r"M\.?D\.?|Ph\.?D\.?|D\.?Phil\.?|M\.?P\.?H\.?|M\.?Sc\.?|B\.?Sc\.?|Pharm\.?D\.?|MBBS"
    r"|MBChB|FRCP\w*|FACP|MRCP\w*|FACR"
)
_AFTER_INITIALS = re.compile(r"[\s.\-‐‑]+")  # noqa: RUF001 - the hyphens of Unicode
#: A lone given name in capitals of at most this length, like “FF” or “JPM”, is already initials.
_MOST_INITIALS = 3


def format_vancouver(family: str, given: str, suffix: str = "") -> str:
    """Return a name in Vancouver style; given names in a script without capitals stay whole."""
    family, given, suffix = (_bare(each) for each in (family, given, suffix.strip(" .")))
    words = _without_titles(given).split()
    if not suffix and len(words) > 1 and _LATE_SUFFIX.fullmatch(words[-1]):
        suffix = words.pop().strip(" .")
    *before, last = family.split() or [""]
    if not suffix and before and given and _LATE_SUFFIX.fullmatch(last):  # “King Jr., Martin”
        family, suffix = " ".join(before), last.strip(" .")
    # “Berg, Jan van der”: lowercase words after the given names belong to the family name.
    while len(words) > 1 and words[-1].isalpha() and words[-1].islower():
        family = f"{words.pop()} {family}"
    suffix = " ".join(each for each in suffix.split() if not _DEGREE.fullmatch(each)).strip(" .")
    return " ".join(part for part in (family, _initials(" ".join(words)), suffix) if part)


def drop_title(name: str) -> str:
    """Return a name without “Dr.” or “Prof.” before it and “PhD” after it."""
    *words, last = _TITLE.sub("", name).split(" ")
    # “MD” may be initials; after a comma, a degree is in doubt.
    is_degree = _DEGREE.fullmatch(last) and last.replace(".", "") != "MD"
    drops = len(words) > 1 and is_degree and "," not in name
    return " ".join(words if drops else [*words, last])


def parse_inverted_name(name: str) -> str:
    """Read a name as RIS has it, “Family, Given, Suffix”; one without a comma stays as it is."""
    family, *rest = (part.strip() for part in name.split(",", 3))
    given = [part for part in rest if part and not is_suffix(part)]
    suffixes = [part for part in rest if part and is_suffix(part)]
    return format_vancouver(family, " ".join(given), " ".join(suffixes))


def is_suffix(words: str) -> bool:
    """Whether this is a suffix such as “Jr.”, “III”, or “2nd”."""
    return bool(_SUFFIX.fullmatch(words))


def join_names(names: Iterable[str], *, length: int) -> str:
    """Join whole names with commas, as `Source.authors` has them, up to `length` characters."""
    kept: list[str] = []
    used = 0
    for name in names:
        bare = _bare(name)
        if not bare:
            continue
        used += len(bare) + 2
        if used > length - len(", et al"):
            kept.append("et al")
            break
        kept.append(bare)
    return ", ".join(kept)


def _bare(words: str) -> str:
    """Drop commas, because they separate the names in a list."""
    return " ".join(words.replace(",", " ").split())


def _without_titles(given: str) -> str:
    words = drop_title(given).split()
    while len(words) > 1 and _DEGREE.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


def _initials(given: str) -> str:
    parts = [part for part in _AFTER_INITIALS.split(given) if part]
    letters = [first for part in parts if (first := next(filter(str.isalpha, part), ""))]
    if not letters or letters[0].lower() == letters[0].upper():
        return given
    if len(parts) == 1 and len(parts[0]) <= _MOST_INITIALS and parts[0].isupper():
        return parts[0]
    return "".join(letter.upper() for letter in letters)
