"""The upgrade drill: from the release before to this one, back, and forth again, under load.

Two nodes serve while the database is migrated, and change over one after the other. Meanwhile
people read, search, and send requests, and a coordinator opens the queue. Nobody may get a 5xx, no
statement may wait for a lock for a second, and each acknowledged request is there at the end.
"""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.config.server import GRANIAN_WORDS
from tests import postgres, proofs
from tests.drills import NotRun, drill, need_programs
from tests.drills.traffic import LockWatch, Traffic
from tests.portal.real_site import HOST, PRODUCTION, REPOSITORY, Server
from tests.ports import free_port

#: The commits of releases that have no tag: the last one before their tables changed.
_UNTAGGED = {"0.1.0": "c3b9be50b75d62cd48a1d12b4d7ed468a1f55822"}
#: How 0.1.0 was started; later releases say it themselves.
_BY_WSGI = ("--interface", "wsgi", "--blocking-threads", "2", "--respawn-failed-workers")
_REQUESTS = 200_000
_SERVED_SECONDS = 10.0
_LONGEST_WAIT_SECONDS = 1.0
_STOP_SECONDS = 30
#: Signs a coordinator in, and prints the cookies.
_SIGN_IN = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(headers={"host": "portal.example"})
client.force_login(get_user_model().objects.get(username="drill-coordinator"))
print(json.dumps({name: morsel.value for name, morsel in client.cookies.items()}))
"""


@dataclass(frozen=True)
class Release:
    """A release's code, and how its site is started."""

    name: str
    tree: Path
    application: str
    words: tuple[str, ...]


@drill("PostgreSQL: people read and send while the site is upgraded, taken back, and upgraded")
def upgrade(folder: Path) -> None:
    need_programs("git")
    if proofs.SHORT:  # two sites, two workers, and a load of their own need an idle machine
        raise NotRun("only at full size")
    before, now = _release_before(folder / "before"), _this_release()
    with ExitStack() as stack:
        database = stack.enter_context(postgres.killable())
        cluster = Cluster(folder, database.url)
        cluster.manage(before, "migrate", "--verbosity", "0")
        filled = ("--articles", "40", "--inquiries", str(_REQUESTS))
        cluster.manage(before, "bench_data", *filled)
        cluster.manage(before, "create_staff", "drill-coordinator", "--role", "coordinator")
        told = cluster.manage(before, "shell", "-c", _SIGN_IN).splitlines()[-1]
        nodes = [stack.enter_context(cluster.node(number, before)) for number in (1, 2)]
        watch = stack.enter_context(LockWatch(database.url).running())
        traffic = stack.enter_context(Traffic(nodes, json.loads(told)).flowing())
        traffic.wait(_SERVED_SECONDS)
        traffic.phase = "migrating"
        cluster.manage(now, "migrate", "--verbosity", "0")
        for release in (now, before, now):
            for node in nodes:
                traffic.phase = f"node {node.number} changes to {release.name}"
                traffic.take_out(node)
                node.change(release)
                traffic.put_back(node)
                traffic.wait(_SERVED_SECONDS)
        traffic.stop()
        assert traffic.faults == Counter(), traffic.faults
        assert watch.longest < _LONGEST_WAIT_SECONDS, watch
        there = cluster.manage(now, "shell", "--no-imports", "-c", _REFERENCES).split()
        lost = set(traffic.acknowledged) - set(there)
        assert traffic.acknowledged, "nothing was sent"
        assert not lost, lost
        whole = cluster.manage(now, "verify_ledger").splitlines()[-1]
        assert whole.endswith(": whole"), whole


_REFERENCES = """
from inquiries.models import Inquiry
print(*Inquiry.objects.values_list("reference", flat=True))
"""


# --- The two releases -----------------------------------------------------------------------------


def _this_release() -> Release:
    return Release("this release", REPOSITORY, "portal.rsgi:application", GRANIAN_WORDS)


def _release_before(tree: Path) -> Release:
    """Unpack the last release of the changelog. Raise NotRun if its commit isn't here."""
    heading = re.search(
        r"^## \[(\d[\d.]*)\]", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE
    )
    if not heading:
        raise NotRun("the changelog names no release")
    commit = _git("rev-parse", "--verify", "--quiet", f"v{heading[1]}^{{commit}}")
    commit = commit or _git(
        "rev-parse", "--verify", f"{_UNTAGGED.get(heading[1], 'none')}^{{commit}}"
    )
    if not commit:
        raise NotRun(f"the history of {heading[1]} is not here")
    packed = subprocess.run(
        ["git", "archive", commit],  # noqa: S607
        cwd=REPOSITORY, check=True, capture_output=True,
    ).stdout  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(tree, filter="data")
    if (tree / "portal/rsgi.py").exists():
        return Release(heading[1], tree, "portal.rsgi:application", GRANIAN_WORDS)
    return Release(heading[1], tree, "portal.wsgi:application", _BY_WSGI)


def _git(*words: str) -> str:
    """Return what git says; nothing if it fails, as where there is no history."""
    return subprocess.run(
        ["git", *words],  # noqa: S607
        cwd=REPOSITORY, check=False, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


# --- The machines ---------------------------------------------------------------------------------


@dataclass
class Cluster:
    folder: Path
    database_url: str

    def env(self, data: Path) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            **PRODUCTION,
            "DATABASE_URL": self.database_url,
            "PORTAL_DATA_DIR": str(data),
            "PORTAL_RATE_LIMITS": "off",
            "PORTAL_STAFF_PASSWORD": "for-this-drill-only-0123456789",
            "STAFF_MFA": "optional",
        }

    def manage(self, release: Release, *words: str) -> str:
        return _manage(release, self.env(self.folder), *words)

    @contextmanager
    def node(self, number: int, release: Release) -> Iterator["Node"]:
        data = self.folder / f"node-{number}"
        data.mkdir(mode=0o700)
        node = Node(number, free_port(), data, self.env(data))
        node.start(release)
        try:
            yield node
        finally:
            node.stop()


@dataclass
class Node:
    """A machine with the site and its worker."""

    number: int
    port: int
    data: Path
    env: dict[str, str]
    site: Server = field(init=False)
    worker: Server = field(init=False)

    def start(self, release: Release) -> None:
        _manage(release, self.env, "collectstatic", "--no-input", "--verbosity", "0")
        granian = Path(sys.executable).with_name("granian")
        words = [
            *(str(granian), *release.words, "--host", HOST, "--port", str(self.port)),
            *("--workers", "1", "--log-level", "warning", "--workers-kill-timeout", "3"),
            release.application,
        ]
        self.site = Server(words, self.env, self.data / "site.log", tree=release.tree)
        self.site.wait_for(self.port)
        work = [sys.executable, "manage.py", "work"]
        self.worker = Server(work, self.env, self.data / "worker.log", tree=release.tree)

    def stop(self) -> None:
        for server in (self.site, self.worker):
            server.process.terminate()
        for server in (self.site, self.worker):
            try:
                server.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:  # as systemd does, and nothing is lost by it
                server.process.kill()
                server.process.wait()

    def change(self, release: Release) -> None:
        self.stop()
        self.start(release)


def _manage(release: Release, env: dict[str, str], *words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=release.tree, env=env, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert ran.returncode == 0, f"{release.name}, {words}:\n{ran.stdout[-3000:]}"
    return ran.stdout
