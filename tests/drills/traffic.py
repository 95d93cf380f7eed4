"""Steady traffic for a drill, by a load balancer that knows which nodes serve; and a lock watch."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from typing import Protocol
from urllib.parse import urlencode

import psycopg

from inquiries.reference import reference_for
from tests.portal.real_site import FROM_THE_PROXY, HOST

A_SECOND = 20
_PAGES = ("/", "/articles/", "/search/?q=kidney", "/care-coordinator/", "/glossary/")
_TOKEN = "0123456789abcdefghijklmnopqrstuv"
_FAULT = 500
_FOUND = 302
_OK = 200
#: How long a node that was taken out of the balancer gets to finish what it has begun.
_DRAIN_SECONDS = 1.0


class Node(Protocol):
    @property
    def port(self) -> int: ...


class Traffic:
    """Visits A_SECOND pages a second; every fifth visitor sends a request, another is staff."""

    def __init__(self, nodes: Sequence[Node], cookies: dict[str, str]) -> None:
        self.phase = "before"
        #: What went wrong, by phase, address, and status, with how often.
        self.faults: Counter[str] = Counter()
        #: References of the requests that a node said it has.
        self.acknowledged: list[str] = []
        self.answers: Counter[str] = Counter()
        self._in_service: list[Node] = [*nodes]
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._numbers = count()
        self._stopping = threading.Event()

    @contextmanager
    def flowing(self) -> "Iterator[Traffic]":
        with ThreadPoolExecutor(A_SECOND) as people:
            beat = threading.Thread(target=self._beat, args=(people,))
            beat.start()
            try:
                yield self
            finally:
                self.stop()
                beat.join()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def stop(self) -> None:
        self._stopping.set()

    def take_out(self, node: Node) -> None:
        self._in_service.remove(node)
        time.sleep(_DRAIN_SECONDS)

    def put_back(self, node: Node) -> None:
        self._in_service.append(node)

    def _beat(self, people: ThreadPoolExecutor) -> None:
        while not self._stopping.wait(1 / A_SECOND):
            number = next(self._numbers)
            people.submit(self._come, number, self._visit(number))

    def _visit(self, number: int) -> Callable[[int, Node], None]:
        return {0: self._send, 1: self._open_queue}.get(number % 5, self._read)

    def _come(self, number: int, visit: Callable[[int, Node], None]) -> None:
        phase, nodes = self.phase, self._in_service
        try:
            visit(number, nodes[number % len(nodes)])
        except (OSError, http.client.HTTPException) as error:
            self.faults[f"{phase}: {visit.__name__}: {type(error).__name__}"] += 1

    def _read(self, number: int, node: Node) -> None:
        self._ask(node, "GET", _PAGES[number // 5 % len(_PAGES)])

    def _open_queue(self, number: int, node: Node) -> None:
        self._ask(node, "GET", "/admin/inquiries/inquiry/", headers={"Cookie": self._cookies})

    def _send(self, number: int, node: Node) -> None:
        key = f"drill-form-number-{number:09}"
        form = {
            "csrfmiddlewaretoken": _TOKEN,
            "idempotency_key": key,
            "full_name": f"Person {number} Example",
            "contact_method": "email",
            "email": f"person{number}@example.org",
            "message": f"Request number {number}.",
            "consent": "on",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"__Host-csrftoken={_TOKEN}",
            "Referer": "https://portal.example/care-coordinator/ask/",
        }
        address = "/care-coordinator/ask/?send"
        status = self._ask(node, "POST", address, urlencode(form), headers, wanted=_FOUND)
        if status == _FOUND:
            self.acknowledged.append(reference_for(key))

    def _ask(
        self,
        node: Node,
        method: str,
        address: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
        *,
        wanted: int = _OK,
    ) -> int:
        phase = self.phase
        with closing(http.client.HTTPConnection(HOST, node.port, timeout=30)) as connection:
            connection.request(method, address, body, {**FROM_THE_PROXY, **(headers or {})})
            with connection.getresponse() as answer:
                answer.read()
                self.answers[f"{address} {answer.status}"] += 1
                if answer.status != wanted:
                    self.faults[f"{phase}: {method} {address}: {answer.status}"] += 1
                return answer.status


class LockWatch:
    """Notes the longest time that a statement of anyone waits for a lock, in seconds."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.longest = 0.0
        self.statement = ""

    def __str__(self) -> str:
        return f"{self.longest:.2f} s: {self.statement}"

    @contextmanager
    def running(self) -> "Iterator[LockWatch]":
        stopping = threading.Event()
        watch = threading.Thread(target=self._look, args=(stopping,))
        watch.start()
        try:
            yield self
        finally:
            stopping.set()
            watch.join()

    def _look(self, stopping: threading.Event) -> None:
        began: dict[tuple[int, object], float] = {}
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not stopping.wait(0.05):
                now = time.monotonic()
                rows = connection.execute(
                    "SELECT pid, query_start, left(query, 200) FROM pg_stat_activity "
                    "WHERE wait_event_type = 'Lock'"
                ).fetchall()
                began = {(pid, at): began.get((pid, at), now) for pid, at, _ in rows}
                for pid, at, statement in rows:
                    waited = now - began[pid, at]
                    if waited > self.longest:
                        self.longest, self.statement = waited, statement
