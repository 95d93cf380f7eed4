"""A slow sender holds up no one: tested on the site as the demo runs it, with two workers."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from portal.config.server import GRANIAN_WORDS
from portal.http import bodies
from tests.portal import real_site
from tests.portal.real_site import FROM_THE_PROXY, HOST, Site

pytestmark = [pytest.mark.once, pytest.mark.no_cover]

ASK = "/care-coordinator/ask/"
AT_ONCE = 2.0
#: What each connection sends first, and the piece that it sends now and then.
KINDS = {
    "a body that drips": (["POST", "Content-Length: 5000"], b"a"),
    "a body announced and never sent": (["POST", "Content-Length: 5000"], b""),
    "a large picture that drips": (["PICTURE", "Content-Length: 19000000"], b"a"),
    "a chunked body that drips": (["POST", "Transfer-Encoding: chunked"], b"1\r\na\r\n"),
    "a chunked body that never comes": (["POST", "Transfer-Encoding: chunked"], b""),
    "a GET with a body that drips": (["GET", "Content-Length: 5000"], b"a"),
    "headers that drip": ([], b"X-Slow: 1\r\n"),
    "a second request after a whole one": (["AGAIN", "Content-Length: 5000"], b"a"),
}


@pytest.fixture(scope="module")
def slow_site(tmp_path_factory: pytest.TempPathFactory, new_database: Path) -> Iterator[Site]:
    """Run a site that waits three seconds for a body instead of twenty."""
    folder = tmp_path_factory.mktemp("slow")
    application = "tests.portal.http.impatient:application"
    with real_site.running(folder, application, database=new_database, workers=2) as site:
        site.ask("GET", "/")
        yield site


def head(words: list[str]) -> bytes:
    method = words[0] if words else "POST"
    address = "/admin/articles/image/add/" if method == "PICTURE" else ASK
    verb = "GET" if method == "GET" else "POST"
    first = b""
    if method == "AGAIN":
        first = head(["POST", "Content-Length: 3"]) + b"a=b"
    lines = [f"{verb} {address} HTTP/1.1", *(f"{k}: {v}" for k, v in FROM_THE_PROXY.items())]
    lines += ["Content-Type: application/x-www-form-urlencoded", *words[1:]]
    end = "\r\n\r\n" if words else "\r\n"  # slow headers never end
    return first + ("\r\n".join(lines) + end).encode()


@contextmanager
def slow_connections(site: Site, kind: str, number: int) -> Iterator[list[socket.socket]]:
    """Open many connections that each send a piece twice a second until the server closes them."""
    words, piece = KINDS[kind]
    stopped = threading.Event()
    with ExitStack() as open_ones:
        lines = []
        for _ in range(number):
            line = socket.create_connection((HOST, site.port), timeout=20)
            lines.append(open_ones.enter_context(line))
            line.sendall(head(words))

        def drip() -> None:
            while not stopped.wait(0.5):
                for line in lines:
                    with suppress(OSError):
                        line.sendall(piece)

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        try:
            time.sleep(0.5)
            yield lines
        finally:
            stopped.set()
            dripping.join()


def answers_at_once(site: Site) -> bool:
    """Return whether a reader and a sender (who gets the form again) are answered quickly."""
    began = time.monotonic()
    assert site.ask("GET", "/care-coordinator/").status == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert "Kept as typed" in site.ask("POST", ASK, b"message=Kept+as+typed", form).text
    return time.monotonic() - began < AT_ONCE


@pytest.mark.parametrize("kind", KINDS)
def test_security_8_eight_slow_senders_do_not_delay_a_ninth_visitor(
    slow_site: Site, kind: str
) -> None:
    with slow_connections(slow_site, kind, 8):
        for _ in range(3):
            assert answers_at_once(slow_site)


@pytest.mark.parametrize("kind", ["a body that drips", "a body announced and never sent"])
def test_security_8_two_hundred_slow_senders_delay_nobody(slow_site: Site, kind: str) -> None:
    with slow_connections(slow_site, kind, 200):
        for _ in range(3):
            assert answers_at_once(slow_site)


def test_security_8_slow_readers_delay_nobody(slow_site: Site) -> None:
    style = re.search(r"/static/[^\"]+\.css", slow_site.ask("GET", "/").text)
    assert style
    with ExitStack() as open_ones:
        for _ in range(40):
            line = socket.create_connection((HOST, slow_site.port), timeout=20)
            open_ones.enter_context(line)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
            line.sendall(head(["GET"]).replace(ASK.encode(), style[0].encode()) * 50)
        time.sleep(0.5)
        for _ in range(3):
            assert answers_at_once(slow_site)


@pytest.mark.parametrize("kind", [each for each in KINDS if "POST" in KINDS[each][0]])
def test_security_8_a_slow_body_has_a_deadline(slow_site: Site, kind: str) -> None:
    with slow_connections(slow_site, kind, 1) as (line,):
        began = time.monotonic()
        answer = line.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert 1 < time.monotonic() - began < 15
        assert "We didn’t get all of that".encode() in answer + line.recv(65_536)


def test_a_dripping_connection_is_closed_after_its_response(slow_site: Site) -> None:
    with (
        slow_connections(slow_site, "a body that drips", 1) as (line,),
        suppress(ConnectionResetError),
    ):
        while line.recv(65_536):
            pass


def test_a_truncated_body_is_not_treated_as_complete(slow_site: Site) -> None:
    typed = b"message=Only+the+beginning"
    with socket.create_connection((HOST, slow_site.port), timeout=20) as line:
        line.sendall(head(["POST", f"Content-Length: {len(typed) + 1}"]) + typed)
        line.shutdown(socket.SHUT_WR)
        assert not line.recv(65_536).startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 422"))


def test_a_slow_but_steady_connection_is_not_cut_off(slow_site: Site) -> None:
    typed = b"message=Kept+as+typed"
    with socket.create_connection((HOST, slow_site.port), timeout=20) as line:
        line.sendall(head(["POST", f"Content-Length: {len(typed)}", "Connection: close"]))
        for start in range(0, len(typed), 7):
            time.sleep(0.4)
            line.sendall(typed[start : start + 7])
        answer = b""
        while part := line.recv(65_536):
            answer += part
    assert b"Kept as typed" in answer


def test_the_time_limits_are_as_agreed() -> None:
    assert (bodies.SECONDS, bodies.BYTES_A_SECOND) == (20, 50_000)
    headers = GRANIAN_WORDS.index("--http1-header-read-timeout")
    assert GRANIAN_WORDS[headers + 1] == "10000"


def test_the_documented_start_command_matches_the_demo() -> None:
    told = " ".join((real_site.REPOSITORY / "docs/operations/going-live.md").read_text().split())
    assert f".venv/bin/granian {' '.join(GRANIAN_WORDS)} ".replace("10000 ", "10000 \\ ") in told
