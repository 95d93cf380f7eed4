"""No request is lost while everything that can be killed is killed, again and again.

People send their request until they are told that we have it. Whatever was acknowledged must be
there exactly once in the end.
"""

import http.client
import math
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from inquiries.reference import reference_for
from tests import postgres, proofs
from tests.portal import real_site
from tests.portal.real_site import FROM_THE_PROXY, HOST, PRODUCTION, REPOSITORY, Server, Site

CLIENTS = 16
CHANCE = random.SystemRandom()
TOKEN = "0123456789abcdefghijklmnopqrstuv"
# Requests are sent in waves of this size until each thing was killed. A run of a single wave
# stops killing after that.
WAVE = 1000
# How long a person is willing to keep pressing the button.
PATIENCE_SECONDS = 120


def send(site: Site, number: int) -> str:
    """Send one request until it is acknowledged, and return the reference that was shown."""
    form = {
        "csrfmiddlewaretoken": TOKEN,
        "idempotency_key": f"killed-form-number-{number:08}",
        "full_name": f"Person {number} Example",
        "contact_method": "email",
        "email": f"person{number}@example.org",
        "message": f"Request number {number}.",
        "consent": "on",
    }
    headers = {
        **FROM_THE_PROXY,
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"__Host-csrftoken={TOKEN}",
        "Referer": "https://portal.example/care-coordinator/ask/",
    }
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        connection = http.client.HTTPConnection(HOST, site.port, timeout=15)
        with suppress(OSError, http.client.HTTPException), closing(connection):
            connection.request("POST", "/care-coordinator/ask/?send", urlencode(form), headers)
            with connection.getresponse() as answer:
                answer.read()
            assert answer.status != 422, "a good form is taken"
            if answer.status == 302:
                return told_to(site, answer.headers["Set-Cookie"])
        time.sleep(0.2)
    raise AssertionError(f"Number {number} was not taken within {PATIENCE_SECONDS} seconds.")


def told_to(site: Site, cookie: str) -> str:
    """Return the reference that the sender reads on the confirmation."""
    kept = {"Cookie": cookie.partition(";")[0]}
    page = site.ask("GET", "/care-coordinator/sent/", headers=kept).text
    found = re.search('data-reference="([^"]+)"', page)
    assert found, page
    return found[1]


# --- What kills -----------------------------------------------------------------------------------


def kill_a_web_worker(site: Site) -> None:
    """Kill only a running worker: one killed before it has started would never serve anything."""
    try:
        site.ask("GET", "/healthz/live")
    except (OSError, http.client.HTTPException):
        return
    pid = site.server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    if children:
        with suppress(ProcessLookupError):
            os.kill(int(CHANCE.choice(children)), signal.SIGKILL)


class TheWorker:
    """`manage.py work`, which is killed and started again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.start()

    def start(self) -> None:
        with self.site.log.with_name("worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "work"],
                cwd=REPOSITORY,
                env=self.site.env,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.start()


@contextmanager
def trouble(server: Server, makers: list[Callable[[], None]], most: float) -> Iterator[list[str]]:
    """Make one kind of trouble every second or so, in random order, until the block ends or
    `most` have been made.
    """
    over, made = threading.Event(), list[str]()

    def make() -> None:
        turns: list[Callable[[], None]] = []
        while not over.wait(CHANCE.uniform(0.3, 1.5)):
            server.start_again_where_it_ended()
            if len(made) >= most:
                continue
            turns = turns or CHANCE.sample(makers, len(makers))
            maker = turns.pop()
            maker()
            made.append(maker.__name__)

    with ThreadPoolExecutor(1) as pool:
        maker = pool.submit(make)
        try:
            yield made
        finally:
            over.set()
            maker.result()


def count_up(site: Site, folder: Path, references: list[str]) -> None:
    """Check that everything that was acknowledged is there exactly once, and nothing else."""
    ends_at = time.monotonic() + 120
    while list((folder / "spool").glob("*.request")) and time.monotonic() < ends_at:
        time.sleep(0.5)
    assert not list((folder / "spool").glob("*.request")), "the worker has emptied the spool"
    there = site.manage(
        "shell",
        "--no-imports",
        "-c",
        "from inquiries.models import Inquiry\n"
        "for each in Inquiry.objects.all(): print(each.reference, each.message)",
    ).splitlines()
    wanted = [f"{told} Request number {number}." for number, told in enumerate(references)]
    assert sorted(there) == sorted(wanted)
    assert site.manage("verify_ledger").splitlines()[-1].endswith(": whole")


def run(site: Site, folder: Path, makers: list[Callable[[], None]], requests: int) -> None:
    worker = TheWorker(site)

    def kill_the_worker() -> None:
        worker.kill()

    def kill_the_site() -> None:
        kill_a_web_worker(site)

    try:
        makers = [kill_the_site, kill_the_worker, *makers]
        least = len(makers)
        most = math.inf if requests > WAVE else least
        with trouble(site.server, makers, most) as made, ThreadPoolExecutor(CLIENTS) as pool:
            references: list[str] = []
            while len(references) < requests or len(made) < least:
                more = range(len(references), len(references) + min(requests, WAVE))
                references += pool.map(lambda number: send(site, number), more)
        assert references == [
            signed_reference(f"killed-form-number-{number:08}") for number in range(len(references))
        ]
        count_up(site, folder, references)
    finally:
        worker.process.terminate()
        worker.process.wait()


def signed_reference(key: str) -> str:
    """Make the reference as the site does, with its own secret."""
    from django.test import override_settings

    with override_settings(SECRET_KEY=PRODUCTION["SECRET_KEY"]):
        return reference_for(key)


@pytest.mark.parametrize(
    "requests", [pytest.param(proofs.size(10_000), marks=pytest.mark.proof, id="10,000"), 32]
)
@pytest.mark.once
def test_nothing_is_lost_on_sqlite(tmp_path: Path, new_database: Path, requests: int) -> None:
    off = {"PORTAL_RATE_LIMITS": "off"}
    with real_site.running(tmp_path, database=new_database, workers=2, **off) as site:
        run(site, tmp_path, [], requests)


@pytest.mark.parametrize(
    "requests", [pytest.param(proofs.size(10_000), marks=pytest.mark.proof, id="10,000"), 32]
)
@pytest.mark.once
def test_nothing_is_lost_on_postgresql_even_if_it_is_killed_too(
    tmp_path: Path, requests: int
) -> None:
    try:
        context = postgres.killable()
        server = context.__enter__()
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")

    def kill_the_database() -> None:
        server.kill()
        time.sleep(CHANCE.uniform(0.1, 2))
        server.start()

    off = {"PORTAL_RATE_LIMITS": "off", "DATABASE_URL": server.url}
    try:
        with real_site.running(tmp_path, database=None, workers=2, **off) as site:
            run(site, tmp_path, [kill_the_database], requests)
    finally:
        context.__exit__(None, None, None)
