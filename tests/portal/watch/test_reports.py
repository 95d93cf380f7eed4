"""Reports of errors and times of answers: a stand-in receives them, and finds nothing forbidden."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from portal.http.logs import Route
from portal.watch import errors, traces
from tests.deploy.machines import wait_until
from tests.portal import real_site
from tests.portal.real_site import FROM_THE_PROXY, SECRET

pytestmark = pytest.mark.once


class Receiver:
    """Keeps all that arrives, headers included, by path."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[bytes]] = {}
        self.raw = b""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.raw += str(self.headers).encode() + body
                receiver.bodies.setdefault(self.path, []).append(body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def test_what_is_sent_has_nothing_of_a_request_or_a_person(
    receiver: Receiver, new_database: Path, tmp_path: Path
) -> None:
    on: dict[str, Any] = {
        "SENTRY_DSN": f"http://key@{receiver.address}/7",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{receiver.address}",
    }
    application = "tests.portal.faulty:application"  # whose search fails with what was searched
    with real_site.running(tmp_path, application, database=new_database, **on) as site:
        site.ask(
            "POST", f"/search/?q=fault+{SECRET}", f"message={SECRET}".encode(),
            {"Cookie": f"sessionid={SECRET}", "User-Agent": SECRET, "Authorization": SECRET},
        )  # fmt: skip
        site.ask("GET", f"/search/?q=fault+{SECRET}", headers={"Cookie": f"a={SECRET}"})
        site.ask("GET", f"/care-coordinator/request/{SECRET}/", headers={"traceparent": SECRET})
        paths = ("/api/7/envelope/", "/v1/traces")
        wait_until("both arrive", lambda: all(path in receiver.bodies for path in paths))
        wait_until("the span of the private page arrives", lambda: b"<str:token>" in receiver.raw)
    raw = receiver.raw.decode()
    assert SECRET.lower() not in raw.lower()
    for word in (FROM_THE_PROXY["X-Forwarded-For"], "4155550134", "canary-secret-key", "SELECT"):
        assert word not in raw, word
    head, kind, event = map(json.loads, receiver.bodies[paths[0]][0].split(b"\n"))
    assert kind == {"type": "event"}
    assert head["event_id"] == event["event_id"]
    assert event.keys() == {
        *("event_id", "timestamp", "platform", "level", "logger", "release", "tags", "logentry"),
        "exception",
    }
    frames = [each["stacktrace"]["frames"] for each in event["exception"]["values"]]
    assert frames[-1]
    assert all(
        frame.keys() == {"filename", "lineno", "function"} for one in frames for frame in one
    )
    assert "request_id" in event["tags"]
    (resource,) = json.loads(receiver.bodies[paths[1]][0])["resourceSpans"]
    for span in resource["scopeSpans"][0]["spans"]:
        keys = {each["key"] for each in span["attributes"]}
        assert keys == {"http.route", "http.response.status_code", "portal.page"}


def test_a_report_is_made_from_the_log_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    record = logging.getLogger("psycopg").makeRecord(
        "psycopg", logging.ERROR, __file__, 7, SECRET, (SECRET,), None, "somewhere",
        {"kind": SECRET, "code": 550, "reader": SECRET},
    )  # fmt: skip
    try:
        int(SECRET)
    except ValueError:
        record.exc_info = sys.exc_info()
    sent: list[dict[str, Any]] = []
    reports = errors.ErrorReports("http://key@127.0.0.1:9/7", "worker")
    monkeypatch.setattr(reports._outbound, "put", sent.append)  # nobody listens there
    reports.emit(record)
    (event,) = sent
    assert SECRET not in json.dumps(event)
    assert event["tags"]["code"] == "550"
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert event["logentry"] == {"message": "tests/portal/watch/test_reports.py:7:somewhere"}


@pytest.mark.parametrize(("status", "code"), [(200, 0), (404, 0), (500, 2)])
def test_a_span_has_a_route_a_status_and_a_time(status: int, code: int) -> None:
    span = traces.make_span(Route("search/"), status, 1.5, is_kept=False)
    assert span["name"] == "search/"
    assert span["status"] == {"code": code}
    took = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
    assert took == 1_500_000_000
