"""A server on this machine that answers like Crossref, PubMed, and ClinicalTrials.gov."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DOI = "10.5555/cells.1"
PMID = "24000001"
TRIAL = "NCT00000001"
NOTICE = "10.5555/notice.9"

Answer = tuple[int, dict[str, str], bytes]


def as_json(value: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def make_work(doi: str = DOI, **more: Any) -> dict[str, Any]:
    """Return a record as Crossref's `message` has it, of a paper that doesn't exist."""
    return {
        "DOI": doi.upper(),
        "type": "journal-article",
        "title": ["Cells from the cord in <i>lupus</i>"],
        "subtitle": ["A made-up trial"],
        "author": [
            {"given": "Ada", "family": "Example", "sequence": "first", "affiliation": []},
            {"given": "Bo Carl", "family": "Sample", "sequence": "additional"},
            {"name": "The Made-Up Group"},
        ],
        "container-title": ["Journal of Examples"],
        "publisher": "Example Press",
        "issued": {"date-parts": [[2014, 11, 3]]},
        "volume": "33",
        "issue": "11",
        "page": "1611-1619",
        "reference": [{"key": "1", "unstructured": "x" * 500}] * 300,
        **more,
    }


def make_record(pmid: str = PMID, *more: str) -> str:
    """Return a record in PubMed's format."""
    lines = (
        f"PMID- {pmid}",
        "OWN - NLM",
        "TI  - Cells from the cord in lupus: A made-up",
        "      trial.",
        "LID - 10.5555/cells.1 [doi]",
        "FAU - Example, Ada",
        "AU  - Example A",
        "FAU - Sample, Bo Carl",
        "AU  - Sample BC",
        "PT  - Journal Article",
        "PT  - Randomized Controlled Trial",
        "DP  - 2014 Nov",
        "TA  - J Examples",
        "VI  - 33",
        "IP  - 11",
        "PG  - 1611-9",
        *more,
    )
    return "\n".join(lines) + "\n"


def make_study(number: str = TRIAL) -> dict[str, Any]:
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": number,
                "briefTitle": "Cells",
                "officialTitle": "A Made-Up Trial of Cells in Lupus",
            },
            "statusModule": {"studyFirstPostDateStruct": {"date": "2008-03-05", "type": "ACTUAL"}},
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": "Example University, Inc.", "class": "OTHER"}
            },
        }
    }


@dataclass
class StandIn:
    """What it knows, by number, and what it was asked."""

    works: dict[str, Any] = field(default_factory=dict)
    #: The agency of a DOI that Crossref doesn't have.
    agencies: dict[str, str] = field(default_factory=dict)
    #: Notices that name what they update.
    updates: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)
    studies: dict[str, Any] = field(default_factory=dict)
    #: Answers everything instead, until it is None again.
    instead: Callable[[str], Answer] | None = None
    #: Seconds before each byte of an answer.
    dribble: float = 0
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def answer(self, path: str) -> Answer:
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        place = unquote(url.path)
        if self.instead:
            return self.instead(path)
        if place == "/works":
            return as_json({"status": "ok", "message": {"items": self.updates}})
        if place.startswith("/works/"):
            return self._work(place.removeprefix("/works/"))
        if place.startswith("/api/v2/studies/"):
            study = self.studies.get(place.rpartition("/")[2])
            return as_json(study) if study else (404, {}, b"NCT number not found")
        return self._record(place, query.get("id", ""))

    def _record(self, place: str, pmid: str) -> Answer:
        if place.endswith("/efetch.fcgi"):
            return 200, {"Content-Type": "text/plain"}, self.records.get(pmid, "").encode()
        record = {} if pmid in self.records else {"error": "cannot get document summary"}
        return as_json({"result": {"uids": [pmid], pmid: {"uid": pmid, **record}}})

    def _work(self, doi: str) -> Answer:
        if doi.endswith("/agency"):
            agency = self.agencies.get(doi.removesuffix("/agency"))
            if agency:
                return as_json({"message": {"agency": {"id": agency.lower(), "label": agency}}})
        elif doi in self.works:
            return as_json({"status": "ok", "message": self.works[doi]})
        return 404, {}, b"Resource not found."


@contextmanager
def stand_in() -> Iterator[StandIn]:
    there = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.path)
            there.headers = dict(self.headers.items())
            status, headers, body = there.answer(self.path)
            with suppress(OSError):  # whoever asked has gone
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if not there.dribble:
                    self.wfile.write(body)
                    return
                for byte in body:
                    time.sleep(there.dribble)
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
