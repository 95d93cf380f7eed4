"""Crossref's REST API: a DOI's details, and what was published about it since.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError

from articles.bibliography import identifiers, read_file
from articles.library import words
from articles.library.lookup.connection import fetch_json
from articles.library.lookup.findings import (
    Finding,
    FoundNotice,
    Kind,
    LookupFailed,
    NotFound,
    Unsupported,
    make_finding,
)

#: Crossref's types of updates that say more than that there is a newer text. A partial retraction
#: doubts a part, as when an import reads it in a title.
_KINDS = {
    "retraction": Kind.RETRACTION,
    "withdrawal": Kind.RETRACTION,
    "removal": Kind.RETRACTION,
    "partial_retraction": Kind.CONCERN,
    "expression_of_concern": Kind.CONCERN,
    "correction": Kind.CORRECTION,
    "corrigendum": Kind.CORRECTION,
    "erratum": Kind.CORRECTION,
    "addendum": Kind.CORRECTION,
    "clarification": Kind.CORRECTION,
}
#: What the reader of CSL-JSON knows; the rest, such as a list of references, can be large.
_READ = (
    "author", "editor", "container-title", "publisher", "issued", "volume", "issue", "page",
    "article-number", "DOI",
)  # fmt: skip
#: Updates of one source that are read: most have none.
_MOST_UPDATES = 50


def find_doi(doi: str, *, until: float) -> Finding:
    """Raise NotFound, Unsupported, or LookupFailed."""
    try:
        work = _message(f"/works/{_quoted(doi)}", until)
    except NotFound:
        _require_unknown(doi, until)
        raise
    if _bare_doi(work.get("DOI")) != doi:
        raise LookupFailed(words.ANOTHER_NUMBER)
    item = {name: work[name] for name in _READ if name in work}
    parsed = read_file(json.dumps([{**item, "title": _title(work)}]).encode())
    notices = {*_named_in(work), *_naming(doi, until)}
    return make_finding(parsed, notices)


def _require_unknown(doi: str, until: float) -> None:
    """Raise NotFound if nobody has registered the DOI, and Unsupported if another agency has."""
    agency = _message(f"/works/{_quoted(doi)}/agency", until).get("agency")
    name = agency.get("label") or agency.get("id") if isinstance(agency, dict) else None
    if str(name or "Crossref").lower() != "crossref":
        raise Unsupported(words.OTHER_AGENCY % {"agency": str(name)[:60]})


def _named_in(work: dict[str, Any]) -> Iterator[FoundNotice]:
    """What the record itself says (`updated-by`), also from Retraction Watch."""
    for update in _dicts(work.get("updated-by")):
        yield from _notice(update, update.get("DOI"))


def _naming(doi: str, until: float) -> Iterator[FoundNotice]:
    """Notices that name the DOI as what they update (`update-to`)."""
    if "," in doi:  # it would end the filter
        return
    query = f"?filter=updates:{_quoted(doi)}&rows={_MOST_UPDATES}&select=DOI,update-to"
    for work in _dicts(_message(f"/works{query}", until).get("items")):
        for update in _dicts(work.get("update-to")):
            if _bare_doi(update.get("DOI")) == doi:
                yield from _notice(update, work.get("DOI"))


def _notice(update: dict[str, Any], number: Any) -> Iterator[FoundNotice]:
    kind = _KINDS.get(str(update.get("type")).lower().replace("-", "_").replace(" ", "_"))
    if kind:
        yield FoundNotice(kind, _bare_doi(number))


def _title(work: dict[str, Any]) -> str:
    parts = [_first(work.get(name)) for name in ("title", "subtitle")]
    return ": ".join(filter(None, parts))


def _first(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return value.strip() if isinstance(value, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    found = value[:_MOST_UPDATES] if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]


def _bare_doi(value: Any) -> str:
    try:
        return identifiers.clean_doi(value) if isinstance(value, str) else ""
    except ValidationError:
        return ""


def _message(path: str, until: float) -> dict[str, Any]:
    found = fetch_json(f"{settings.LOOKUP_CROSSREF.rstrip('/')}{path}", until=until)
    message = found.get("message")
    if not isinstance(message, dict):
        raise LookupFailed(words.NOT_UNDERSTOOD)
    return message


def _quoted(doi: str) -> str:
    return quote(doi, safe="")
