"""A page with holes: a scanner that finds none here would find none anywhere.

The scanners also put its address into fields, to see whether the site opens it (SSRF).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Addresses that the site was tricked into opening. Empty if all is well.
OPENED: list[str] = []


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


def page(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path.startswith("/get_"):  # a scanner asks here what was opened; we keep our own count
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]
    if path != "/":
        OPENED.append(path)
    typed = parse_qs(environ["QUERY_STRING"]).get("q", [""])[0]
    database = sqlite3.connect(":memory:")
    # A delay by a query that fills the memory would be found too, but takes a minute.
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100_000)
    database.executescript("CREATE TABLE topic (name); INSERT INTO topic VALUES ('lupus')")
    try:
        found = database.execute(f"SELECT name FROM topic WHERE name = '{typed}'").fetchall()  # noqa: S608
        status = "200 OK"
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        found, status = [(f"sqlite3.{type(error).__name__}: {error}",)], "500 Internal Server Error"
    database.close()
    start_response(status, [("Content-Type", "text/html")])
    return [f"<form><input name='q'></form><p>{typed}</p><ul>{found}</ul>".encode()]


@contextmanager
def served() -> Iterator[str]:
    with make_server("127.0.0.1", 0, page, _Server, _Silent) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
