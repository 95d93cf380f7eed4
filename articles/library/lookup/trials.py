"""ClinicalTrials.gov's API: a registered trial as a source (https://clinicaltrials.gov/data-api)."""

from typing import Any

from django.conf import settings

from articles.library import words
from articles.library.lookup.connection import fetch_json
from articles.library.lookup.findings import Finding, LookupFailed, make_finding

_MODULES = (
    "protocolSection.identificationModule|protocolSection.statusModule|"
    "protocolSection.sponsorCollaboratorsModule"
)


def find_trial(number: str, *, until: float) -> Finding:
    """The design stays open: what is registered says what is planned, not what was found.

    Raise NotFound or LookupFailed.
    """
    from articles.bibliography.parsing import Entry, read_entries

    base = settings.LOOKUP_TRIALS.rstrip("/")
    study = fetch_json(f"{base}/api/v2/studies/{number}?fields={_MODULES}", until=until)
    protocol = study.get("protocolSection")
    if _text(protocol, "identificationModule", "nctId").upper() != number:
        raise LookupFailed(words.ANOTHER_NUMBER)
    fields = {
        "title": _text(protocol, "identificationModule", "officialTitle")
        or _text(protocol, "identificationModule", "briefTitle"),
        "journal": "ClinicalTrials.gov",
        "year": _text(protocol, "statusModule", "studyFirstPostDateStruct", "date")
        or _text(protocol, "statusModule", "studyFirstSubmitDate"),
        "registry_id": number,
        "url": f"https://clinicaltrials.gov/study/{number}",
    }
    sponsor = _text(protocol, "sponsorCollaboratorsModule", "leadSponsor", "name")
    entry = Entry(line=1, fields=fields, authors=sponsor.replace(",", ""))
    return make_finding(read_entries(b"", lambda _: [entry]), set())


def _text(value: Any, *names: str) -> str:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) else ""
