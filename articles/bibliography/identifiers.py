"""The formats of what identifies a source, each cleaned to the one form in which it is kept.

Every function takes what an editor may paste, including an address or a prefix, returns the bare
value, and raises ValidationError in words for the editor.
"""

import re
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify

from articles.bibliography import words
from articles.rendering.library_snapshot import Source
from articles.rendering.sources import first_author

#: The first scientific journals date from 1665.
FIRST_YEAR = 1600
KEY_LENGTH = 60
URL_LENGTH = 500

_DOI_PREFIX = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:/]?\s*)+", re.IGNORECASE
)
# ISO 26324: a directory and a registrant, then any printable characters. [[:graph:]]
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/\S+")
_DOI_LENGTH = 200
_PMID_PREFIX = re.compile(
    r"(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?\s*)",
    re.IGNORECASE,
)
_PMID = re.compile(r"[1-9]\d{0,7}", re.ASCII)
# “S12.1”, “e12”, “xiv”
_PAGE = r"(?:[A-Za-z]{0,4}\d{1,8}(?:\.[A-Za-z]?\d{1,6})?[A-Za-z]{0,3}|[ivxlcdm]{1,9})"
_PAGES = re.compile(rf"{_PAGE}(?:-{_PAGE})?(?:[,;] ?(?:discussion )?{_PAGE}(?:-{_PAGE})?){{0,9}}")
_PAGES_PREFIX = re.compile(r"^(?:pp?\.|pages?|article(?: no\.?)?|art\. no\.)\s*", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_KEY = re.compile(rf"[a-z][a-z0-9-]{{0,{KEY_LENGTH - 1}}}")

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans("øØłŁđĐ", "oOlLdD")

#: Trial registries that the WHO platform (ICTRP) takes in, and PROSPERO for reviews.
REGISTRIES = {
    "ClinicalTrials.gov": r"NCT\d{8}",
    "ISRCTN": r"ISRCTN\d{8}",
    "EU Clinical Trials": r"\d{4}-\d{6}-\d{2}(?:-\d{2})?",
    "Australia and New Zealand": r"ACTRN\d{14}",
    "China": r"ChiCTR(?:\d{10}|-[A-Z]{2,5}-\d{8})",
    "India": r"CTRI/\d{4}/\d{2,3}/\d{6}",
    "Iran": r"IRCT\d{11,14}N\d{1,3}",
    "Japan": r"jRCT[0-9s]\d{9}",
    "Japan, UMIN": r"UMIN\d{9}",
    "Korea": r"KCT\d{7}",
    "Germany": r"DRKS\d{8}",
    "Netherlands": r"NTR\d{1,4}|NL-OMON\d{1,6}",
    "Pan-African": r"PACTR\d{15,16}",
    "Brazil": r"RBR-[0-9a-z]{6,8}",
    "Thailand": r"TCTR\d{11}",
    "PROSPERO": r"CRD\d{11}",
}
_REGISTRY_IDS = tuple(re.compile(shape, re.IGNORECASE | re.ASCII) for shape in REGISTRIES.values())
# The capitalization in which each is usually written.
_REGISTRY_CASE = {
    each.lower(): each
    for each in (
        *("NCT", "ISRCTN", "ACTRN", "ChiCTR", "CTRI", "IRCT", "jRCT", "UMIN", "KCT", "DRKS"),
        *("NTR", "NL-OMON", "PACTR", "RBR", "TCTR", "CRD"),
    )
}


def clean_doi(value: str) -> str:
    """Return the bare DOI in lowercase: DOIs are not case-sensitive (ISO 26324)."""
    text = value.strip().strip("{}<>").removesuffix("[doi]").strip()
    if not text:
        return ""
    match = _DOI_PREFIX.match(text)
    bare = text[match.end() :] if match else text
    if match and "doi.org/" in match[0].lower():
        bare = unquote(bare.split("?")[0].split("#")[0])
    bare = bare.rstrip(".,;").lower()
    if not _DOI.fullmatch(bare) or not bare.isprintable() or len(bare) > _DOI_LENGTH:
        raise ValidationError(words.NO_DOI % {"value": _cut(value)})
    return bare


def clean_pmid(value: str) -> str:
    """Return the number that PubMed gave the source."""
    text = value.strip()
    if not text:
        return ""
    bare = _PMID_PREFIX.sub("", text, count=1).rstrip("/.").lstrip("0")
    if not _PMID.fullmatch(bare):
        raise ValidationError(words.NO_PMID % {"value": _cut(value)})
    return bare


def clean_registry_id(value: str) -> str:
    """Return an ID from a registry in REGISTRIES, capitalized as that registry writes it."""
    text = re.sub(r"^EudraCT:?", "", "".join(value.split()), flags=re.IGNORECASE)
    if not text:
        return ""
    if not any(shape.fullmatch(text) for shape in _REGISTRY_IDS):
        raise ValidationError(words.NO_REGISTRY % {"value": _cut(value)})
    if text[0].isdigit():
        return text
    letters = re.match(r"[A-Za-z]+(?:-OMON)?", text)
    start = letters[0] if letters else ""
    return _REGISTRY_CASE.get(start.lower(), start) + text[len(start) :]


def read_number(value: str) -> tuple[str, str]:
    """Return which kind of number it is (“doi”, “pmid”, or “registry_id”), and its bare value.

    Raise ValidationError if it is none, or could be another kind.
    """
    for name, clean in (
        ("registry_id", clean_registry_id),
        ("doi", clean_doi),
        ("pmid", clean_pmid),
    ):
        with suppress(ValidationError):
            if number := clean(value):
                return name, number
    raise ValidationError(words.NO_NUMBER % {"value": _cut(value)})


def clean_pages(value: str) -> str:
    """Return page numbers with plain hyphens: “1611-9”, “e123”, “S1-S9”."""
    text = re.sub(r"\s*(?:-|‐|‑|‒|–|—)+\s*", "-", value.strip())  # noqa: RUF001 - the dashes of Unicode
    text = _PAGES_PREFIX.sub("", text, count=1).rstrip(".")
    if text and not _PAGES.fullmatch(text):
        raise ValidationError(words.NO_PAGES % {"value": _cut(value)})
    return text


def clean_year(value: str | int) -> int:
    """Return the year of print, at most next year: next year's issues come out this year."""
    text = str(value).strip()
    last = timezone.localdate().year + 1
    if not _YEAR.fullmatch(text) or not FIRST_YEAR <= int(text) <= last:
        said = {"value": _cut(text), "first": FIRST_YEAR, "last": last}
        raise ValidationError(words.NO_YEAR % said)
    return int(text)


def clean_key(value: str) -> str:
    """Return the key that is cited as `[@key]`."""
    text = value.strip()
    if not _KEY.fullmatch(text):
        raise ValidationError(words.NO_KEY % {"most": KEY_LENGTH})
    return text


def clean_url(value: str) -> str:
    """Return a web address that starts with https or http."""
    text = value.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"https", "http"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or not text.isprintable() or " " in text or len(text) > URL_LENGTH:
        raise ValidationError(words.NO_URL % {"value": _cut(value)})
    return text


def suggest_key(source: Source, *, taken: Collection[str] = ()) -> str:
    """Return a key such as “gu-2014”, or “gu-2014-2” if that is taken."""
    named = (first_author(source), " ".join(source.title.split()[:4]))
    name = next((slug for each in named if (slug := slugify(_plain(each)))), "")
    name = name.strip("-_").replace("_", "-").lstrip("0123456789-") or "source"
    wanted = f"{name[: KEY_LENGTH - 12].rstrip('-')}-{source.year or 'undated'}"
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def _plain(words: str) -> str:
    """Prepare text for `slugify`: “Ø” becomes “O”, and “ö” is split into a letter and its mark."""
    words = words.translate(_LETTERS)
    return unicodedata.normalize("NFKD", words)


def _cut(value: str, length: int = 60) -> str:
    value = " ".join(value.split())
    return value if len(value) <= length else f"{value[:length]}…"
