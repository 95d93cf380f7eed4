"""The numbers for Prometheus, read from a running site and its worker."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.config import addresses
from tests.deploy.machines import wait_until
from tests.portal import real_site
from tests.portal.real_site import REPOSITORY, SECRET, Site
from tests.portal.test_database_down import send
from tests.ports import free_port

pytestmark = pytest.mark.once
#: What a label may hold, besides the pattern of a route.
WORDS = re.compile(r"[a-z][a-z0-9_]*|[1-5]xx|\+Inf|[0-9.]+")


class Watched:
    """A site whose numbers are read, with a worker that can be killed."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self._log = site, folder / "worker.log"
        self.port = int(site.env["PORTAL_METRICS"])
        self.start_worker()

    def start_worker(self) -> None:
        with self._log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=REPOSITORY, env=self.site.env, stdout=log, stderr=log,
            )  # fmt: skip

    def read(self) -> str:
        """Return nothing while no process serves them."""
        address = f"http://127.0.0.1:{self.port}/metrics"
        with suppress(OSError), urlopen(address, timeout=10) as answer:
            text: str = answer.read().decode()
            return text
        return ""

    def value(self, name: str, **labels: str) -> float | None:
        """Return the number of the first line with that name and these labels."""
        for line in self.read().splitlines():
            if re.match(rf"{name}[ {{]", line) and all(
                f'{key}="{value}"' in line for key, value in labels.items()
            ):
                return float(line.rpartition(" ")[2])
        return None


@pytest.fixture(scope="module")
def watched(new_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    on = {
        "PORTAL_METRICS": str(free_port()),
        "EMAIL_URL": f"file://{folder / 'mail'}",
        "PORTAL_RATE_LIMITS": "off",
    }
    with real_site.running(folder, database=new_database, workers=2, **on) as site:
        watched = Watched(site, folder)
        try:
            yield watched
        finally:
            watched.worker.kill()
            watched.worker.wait()


def test_answers_are_counted_by_the_pattern_of_their_route(watched: Watched) -> None:
    for _ in range(3):
        watched.site.ask("GET", f"/care-coordinator/request/{SECRET}/?q={SECRET}")
    route = "care-coordinator/request/<str:token>/"
    wait_until(
        "both processes' answers are added up",
        lambda: watched.value("portal_request_seconds_count", route=route) == 3,
    )
    assert watched.value("portal_request_seconds_count", route=route, status="2xx") is None


def test_kept_pages_are_told_from_those_that_django_makes(watched: Watched) -> None:
    for _ in range(12):
        assert watched.site.ask("GET", "/privacy/").status == 200
    wait_until(
        "a kept page is counted",
        lambda: watched.value("portal_request_seconds_count", route="privacy/", page="kept"),
    )


def test_the_worker_counts_what_waits_and_what_it_did(watched: Watched) -> None:
    assert send(watched.site, f"watched-{'0' * 20}").status == 302
    wait_until(
        "the mail is counted",
        lambda: watched.value("portal_mails_total", to="sender", result="sent") == 1,
    )
    # What waits is counted once a minute, and at the start of a worker.
    watched.worker.kill()
    watched.worker.wait()
    watched.start_worker()
    wait_until("the request is counted", lambda: watched.value("portal_requests", state="new") == 1)
    wait_until("no mail waits", lambda: watched.value("portal_waiting_mails", to="sender") == 0)
    assert watched.value("portal_requests", state="quarantined") == 0
    assert watched.value("portal_overdue_requests", urgency="urgent") == 0
    assert watched.value("portal_spooled_requests") == 0
    assert watched.value("portal_cache_answers") == 1
    for job in ("worker", "anchor"):
        assert watched.value("portal_job_went_well", job=job) == 1
        assert watched.value("portal_job_done_timestamp_seconds", job=job)


def test_the_numbers_can_be_read_while_any_process_lives(watched: Watched) -> None:
    wait_until("both parts are seen", lambda: watched.value("portal_processes", part="worker"))
    wait_until("two processes serve", lambda: watched.value("portal_processes", part="site") == 2)
    pid = watched.site.server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    watched.worker.kill()
    watched.worker.wait()
    os.kill(int(children[0]), signal.SIGKILL)
    wait_until(
        "another process serves the numbers, without those of the dead worker",
        lambda: watched.read() and watched.value("portal_processes", part="worker") is None,
    )
    watched.start_worker()
    wait_until("the worker is back", lambda: watched.value("portal_processes", part="worker"))


def test_no_number_has_a_label_from_a_person(watched: Watched) -> None:
    watched.site.ask("GET", f"/search/?q={SECRET}")
    watched.site.ask("GET", f"/{SECRET}/")
    watched.site.ask(SECRET, "/")
    text = watched.read()
    assert SECRET.lower() not in text.lower()
    assert "203.0.113.9" not in text
    routes = {*re.findall(r'route="([^"]*)"', text)}
    assert "unmatched" in routes
    for name, value in re.findall(r'(\w+)="([^"]*)"', text):
        if name != "route":
            assert WORDS.fullmatch(value), (name, value)


def test_nothing_is_imported_or_served_while_it_is_off(site: Site) -> None:
    """Starting costs nothing: the ratchet in tests/portal/config/test_start.py counts modules."""
    told = site.manage(
        "shell",
        "--no-imports",
        "-c",
        "import sys; import portal.wsgi; print(sorted(n for n in sys.modules"
        " if n.startswith(('prometheus_client', 'portal.watch'))))",
    )
    assert told.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("9464", ("127.0.0.1", 9464)),
        ("10.0.0.5:9464", ("10.0.0.5", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("", None),
    ],
)
def test_a_port_alone_is_for_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("PORTAL_METRICS", value)
    assert addresses.address("PORTAL_METRICS") == address


@pytest.mark.parametrize("value", ["on", "0", "99999", "127.0.0.1", "a:b"])
def test_an_address_without_a_port_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORTAL_METRICS", value)
    with pytest.raises(ImproperlyConfigured, match="PORTAL_METRICS"):
        addresses.address("PORTAL_METRICS")
