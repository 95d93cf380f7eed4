"""Keys are rotated while processes store and read requests: none is lost or unreadable.

Two sites and two readers share one database. They are restarted one after the other, so that at
each step an older set of keys is in use beside the newer one. Restarts take most of the time.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests import postgres, proofs
from tests.inquiries.encryption.keys import FIRST, SECOND, written
from tests.portal import real_site
from tests.portal.real_site import REPOSITORY, Server, Site
from tests.portal.test_database_down import send
from tests.ports import free_port

pytestmark = [pytest.mark.once, pytest.mark.proof]

#: Reads the newest requests again and again until its input ends, and prints how many it read, and
#: how often one could not be opened.
READER = """
import json, sys, threading, django
django.setup()
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import Inquiry
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
read = refused = 0
while not ended.is_set():
    for inquiry in Inquiry.objects.select_related("data_key").order_by("-received_at")[:50]:
        try:
            read += inquiry.full_name == "Person Example"
        except (KeyRefused, SealBroken):
            refused += 1
    ended.wait(0.05)
print(json.dumps([read, refused]))
"""


@dataclass
class Node:
    """A site and a reader with the same keys."""

    site: Site
    reader: "subprocess.Popen[str] | None" = None
    read: int = 0
    refused: int = 0

    def restart(self, **env: str) -> None:
        self.stop()
        self.site.env.update(env)
        self.site.server.env = self.site.env
        self.site.server.start()
        self.site.server.wait_for(self.site.port)
        self.start_reader()

    def start_reader(self) -> None:
        self.reader = subprocess.Popen(
            [sys.executable, "-c", READER],
            cwd=REPOSITORY,
            env={**self.site.env, "DJANGO_SETTINGS_MODULE": "portal.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> None:
        if self.reader:
            said = json.loads(self.reader.communicate(timeout=60)[0].splitlines()[-1])
            self.read, self.refused = self.read + said[0], self.refused + said[1]
            self.reader = None
        if self.site.server.process.poll() is None:
            self.site.server.process.terminate()
            self.site.server.process.wait(20)


@dataclass
class Senders:
    """Send requests until told to stop; one that got no answer is sent again, as people do."""

    nodes: list[Node]
    stored: list[int] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def run(self, sender: int) -> None:
        number = 0
        while not self._ended.is_set():
            key = f"under-load-{sender}-{number:06}"
            first = number % len(self.nodes)
            order = self.nodes[first:] + self.nodes[:first]
            if any(self._is_stored(node, key) for node in order):
                number += 1
        self.stored.append(number)

    def _is_stored(self, node: Node, key: str) -> bool:
        try:
            return send(node.site, key).status == 302
        except (OSError, HTTPException):  # this one is being restarted
            return False

    @contextmanager
    def at_work(self, count: int) -> Iterator[None]:
        threads = [threading.Thread(target=self.run, args=[each]) for each in range(count)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._ended.set()
            for each in threads:
                each.join(60)


@contextmanager
def two_nodes(folder: Path, **env: Any) -> Iterator[list[Node]]:
    with real_site.running(folder, PORTAL_RATE_LIMITS="off", **env) as site:
        port = free_port()
        words = [str(port) if each == str(site.port) else each for each in site.server.words]
        log = folder / "log-of-the-second"
        other = Site(port, log, dict(site.env), Server(words, dict(site.env), log))
        nodes = [Node(site), Node(other)]
        try:
            other.server.wait_for(port)
            for node in nodes:
                node.start_reader()
            yield nodes
        finally:
            for node in nodes:
                node.stop()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_keys_are_rotated_under_load_and_nothing_is_unreadable(
    database: str, tmp_path: Path, record_property: Any
) -> None:
    old, new = written(FIRST), written(SECOND)
    with ExitStack() as stack:
        env = {"FIELD_KEYS": old, "EMAIL_URL": f"file://{tmp_path / 'mail'}"}
        if database == "postgresql":
            try:
                env["DATABASE_URL"] = stack.enter_context(postgres.running())
            except postgres.NotInstalledError:
                pytest.skip("no PostgreSQL on this machine")
        nodes = stack.enter_context(two_nodes(tmp_path, **env))
        senders = Senders(nodes)
        with senders.at_work(1 if proofs.SHORT else 3):
            # Each step begins only when every process has taken the one before.
            for keys in (f"{old},{new}", f"{new},{old}"):
                for node in nodes:
                    node.restart(FIELD_KEYS=keys)
            rotated = nodes[0].site.manage("rotate_keys")
            for node in nodes:
                node.restart(FIELD_KEYS=new)
        for node in nodes:
            node.stop()
        stored = sum(senders.stored)
        manage = nodes[0].site.manage
        manage("work", "--once")  # what a restart left in the spool
        assert "none by another" in rotated
        assert manage("rotate_keys").splitlines()[-1].startswith("0 keys wrapped by")
        assert [node.refused for node in nodes] == [0, 0]
        assert all(node.read for node in nodes)
        assert stored
        whole = manage("verify_ledger").splitlines()[-1]
        assert whole.startswith(f"{stored:,} request")
        assert whole.endswith(": whole")
        read = sum(node.read for node in nodes)
        record_property(
            "verdict", f"{database}: {stored:,} requests stored, {read:,} read, none refused"
        )
