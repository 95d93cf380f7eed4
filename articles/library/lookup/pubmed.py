"""PubMed's E-utilities: a PMID's details in PubMed's own format, as editors import it from files.

https://www.ncbi.nlm.nih.gov/books/NBK25499/, tags: https://pubmed.ncbi.nlm.nih.gov/help/
"""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError

from articles.bibliography import identifiers, read_file
from articles.library import words
from articles.library.lookup.connection import fetch, fetch_json
from articles.library.lookup.findings import (
    Finding,
    FoundNotice,
    Kind,
    LookupFailed,
    NotFound,
    make_finding,
)

#: Tags that name a notice: retraction in, expression of concern in, erratum in.
_KINDS = {"RIN": Kind.RETRACTION, "ECI": Kind.CONCERN, "EIN": Kind.CORRECTION}
_TAG = re.compile(rf"^({'|'.join(_KINDS)}) {{0,2}}- ?(.*(?:\n {{6}}.*)*)", re.MULTILINE)
_DOI = re.compile(r"\bdoi: (10\.\S+)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID: ?(\d{1,8})\b")


def find_pmid(pmid: str, *, until: float) -> Finding:
    """Raise NotFound or LookupFailed."""
    asked = {"id": pmid, "rettype": "medline", "retmode": "text"}
    try:
        raw = fetch(_address("efetch", asked), until=until)
    except NotFound:
        raw = b""
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    if not re.search(r"^PMID- ?\d", text, re.MULTILINE):
        _require_unknown(pmid, until)
    finding = make_finding(read_file(text.encode()), {*_notices(text)})
    if finding.source.pmid != pmid:
        raise LookupFailed(words.ANOTHER_NUMBER)
    return finding


def _require_unknown(pmid: str, until: float) -> None:
    """Raise NotFound if PubMed says that it doesn't know the number, and LookupFailed otherwise."""
    answer = fetch_json(_address("esummary", {"id": pmid, "retmode": "json"}), until=until)
    result = answer.get("result")
    if isinstance(result, dict):
        record = result.get(pmid)
        is_listed = isinstance(record, dict) and "error" not in record
        if "uids" in result and not is_listed:
            raise NotFound
    raise LookupFailed(words.NOT_UNDERSTOOD)


def _notices(text: str) -> Iterator[FoundNotice]:
    """A notice's DOI rather than its PMID, so that it is the same one that Crossref names."""
    for tag, said in _TAG.findall(text):
        line = " ".join(said.split())
        number = ""
        if match := _DOI.search(line):
            number = _bare_doi(match[1])
        if not number and (match := _PMID.search(line)):
            number = match[1]
        yield FoundNotice(_KINDS[tag], number)


def _bare_doi(value: str) -> str:
    try:
        return identifiers.clean_doi(value)
    except ValidationError:
        return ""


def _address(tool: str, asked: dict[str, str]) -> str:
    asked = {"db": "pubmed", "tool": "careportal", "email": settings.LOOKUP_CONTACT, **asked}
    return f"{settings.LOOKUP_PUBMED.rstrip('/')}/entrez/eutils/{tool}.fcgi?{urlencode(asked)}"
