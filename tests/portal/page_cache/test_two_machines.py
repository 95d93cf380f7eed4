"""Two machines, one database, constant readers: what is withdrawn is gone on both in a second.

Meanwhile processes are killed and the database goes away; what was withdrawn never comes back.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import postgres, proofs
from tests.portal import real_site
from tests.portal.real_site import Site

pytestmark = [pytest.mark.proof, pytest.mark.once]

#: Seconds without a database: a minute, or 12 in the short version.
AWAY = max(12, proofs.size(60))
#: Seconds until a withdrawn page must be gone, including the response time of a busy machine.
GONE_WITHIN = 1.0 + 1.0
RETIRE = """
import time
from articles.editing import publishing
from articles.models import Article
from portal.models import User
article = Article.objects.get(slug="{slug}")
by, _ = User.objects.get_or_create(username="a-reviewer", role="reviewer", is_staff=True)
publishing.retire(article, because="Wrong.", version=article.version, by=by)
print("committed", time.time())
"""


@dataclass
class Readers:
    """Clients that read nonstop, and what they saw: the time, the page and the status."""

    sites: list[Site]
    slugs: list[str]
    seen: list[tuple[float, str, int]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self, site: Site) -> None:
        while not self.stop.is_set():
            for slug in self.slugs:
                asked_at = time.time()
                with suppress(OSError):
                    answer = site.ask("GET", f"/articles/{slug}/")
                    self.seen.append((asked_at, slug, answer.status))
                time.sleep(0.01)


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    try:
        with postgres.killable() as server:
            yield server
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")


def kill_a_worker(site: Site) -> None:
    parent = site.server.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)


def retire(site: Site, slug: str) -> float:
    """Return the latest possible time of the withdrawal, in seconds since 1970."""
    told = re.search(r"committed ([\d.]+)", site.manage("shell", "-c", RETIRE.format(slug=slug)))
    assert told
    return float(told[1])


def test_withdrawn_articles_are_gone_on_every_machine_and_never_come_back(
    server: postgres.Server, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    shared: Any = {"DATABASE_URL": server.url, "PORTAL_MEDIA": str(tmp_path / "media")}
    with (
        real_site.running(folders[0], workers=2, **shared) as one,
        real_site.running(folders[1], workers=2, **shared) as two,
    ):
        one.manage("bench_data", "--articles", "6", "--inquiries", "0")
        slugs = re.findall(r"/articles/([a-z0-9-]+)/", one.ask("GET", "/articles/").text)
        slugs = list(dict.fromkeys(slugs))[:5]
        assert len(slugs) == 5
        readers = Readers([one, two], slugs)
        threads = [
            threading.Thread(target=readers.read, args=[site]) for site in (one, two) for _ in "ab"
        ]
        for thread in threads:
            thread.start()
        gone: dict[str, float] = {}
        try:
            time.sleep(1)
            gone[slugs[0]] = retire(one, slugs[0])
            kill_a_worker(two)
            gone[slugs[1]] = retire(two, slugs[1])
            time.sleep(3)
            server.kill()
            away_since = time.time()
            kill_a_worker(one)  # the worker that replaces it has only cached copies
            time.sleep(AWAY)
            told = [site.ask("GET", f"/articles/{slugs[4]}/").headers for site in (one, two)]
            server.start()
            back_at = time.time()
            time.sleep(6)  # the circuit breaker's five seconds
            gone[slugs[2]] = retire(one, slugs[2])
            time.sleep(3)
        finally:
            readers.stop.set()
            for thread in threads:
                thread.join()
    for slug, committed_at in gone.items():
        late = [
            round(asked_at - committed_at, 2)
            for asked_at, read, status in readers.seen
            if read == slug and status == 200 and asked_at > committed_at + GONE_WITHIN
        ]
        assert not late, (slug, late[:5])
    # Pages that nobody withdrew were there all the time, even without a database.
    meanwhile = [
        status
        for asked_at, read, status in readers.seen
        if read == slugs[4] and away_since + 1 < asked_at < back_at
    ]
    assert len(meanwhile) > 20
    there = meanwhile.count(200) / len(meanwhile)
    assert there > 0.95, there
    for headers in told:
        assert headers["Cache-Status"].startswith("portal; hit; ttl=-")
