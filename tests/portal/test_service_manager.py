"""What systemd is told: that the site and the worker are ready, and only while they are alive."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from inquiries.service_manager import ALIVE, READY, STOPPING, notify_manager
from portal.supervisor import Watch
from tests.portal.real_site import PRODUCTION, REPOSITORY

pytestmark = pytest.mark.once


class Manager:
    """The socket on which systemd listens."""

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))

    def hear(self, seconds: float) -> list[str]:
        """Return what is said until nothing is for that long."""
        told = []
        self._line.settimeout(seconds)
        try:
            while True:
                told.append(self._line.recv(100).decode())
        except TimeoutError:
            return told

    def wait_for(self, state: str, seconds: float = 90) -> None:
        ends_at = time.monotonic() + seconds
        while state not in self.hear(0.2):
            assert time.monotonic() < ends_at, state


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    path = tmp_path / "notify"
    made = Manager(path)
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    yield made
    made._line.close()


def test_nothing_is_said_and_nothing_fails_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify_manager(READY)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify_manager(READY)


def test_an_abstract_socket_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"portal-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(f"\0{name}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify_manager(ALIVE)
        assert line.recv(100).decode() == ALIVE


def test_a_site_is_alive_only_while_every_look_is_answered(manager: Manager) -> None:
    statuses = [200]

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses[0])
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    watch = Watch(f"http://127.0.0.1:{server.server_port}/healthz/live")
    try:
        for status, told in ((503, []), (200, [READY]), (200, [ALIVE]), (500, [])):
            statuses[0], watch._looks_at = status, 0.0
            watch.keep_up()
            assert manager.hear(0.1) == told, status
        watch.keep_up()
        assert manager.hear(0.1) == [], "it is not time to look again"
    finally:
        server.shutdown()
        server.server_close()
    watch._looks_at = 0.0
    watch.keep_up()
    assert manager.hear(0.1) == [], "nothing answers there anymore"


def test_the_worker_is_alive_as_long_as_it_makes_progress(
    manager: Manager, tmp_path: Path, new_database: Path
) -> None:
    (tmp_path / "portal.sqlite3").write_bytes(new_database.read_bytes())
    env = {**PRODUCTION, "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path)}
    env["NOTIFY_SOCKET"] = str(tmp_path / "notify")
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=REPOSITORY, env=env, stderr=subprocess.DEVNULL
    )
    try:
        manager.wait_for(READY)
        manager.wait_for(ALIVE)
        worker.send_signal(signal.SIGSTOP)
        manager.hear(0.5)
        assert manager.hear(4) == [], "a worker that hangs says nothing"
        worker.send_signal(signal.SIGCONT)
        manager.wait_for(ALIVE)
        worker.terminate()
        manager.wait_for(STOPPING)
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.wait()
