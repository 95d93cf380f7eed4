"""While PostgreSQL is down, the health check, a request and any page answer within a second."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from inquiries.circuit_breaker import DATABASE_BREAKER
from tests import postgres
from tests.portal import real_site
from tests.portal.real_site import Answer, Site
from tests.portal.test_killed import TOKEN

pytestmark = pytest.mark.once
#: A second, plus what a quiet machine takes; without the circuit breaker it was five to eight.
MOST_SECONDS = 2.5
#: No page is there, which only the database knows.
LOOKED_UP = "/articles/no-such-article/"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    try:
        with postgres.killable() as server:
            yield server
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")


@pytest.fixture(scope="module")
def away(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("away")
    with real_site.running(
        folder, workers=2, PORTAL_RATE_LIMITS="off", DATABASE_URL=server.url
    ) as site:
        yield site


def processes(server: postgres.Server) -> list[int]:
    assert server.process
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def freeze(server: postgres.Server) -> Callable[[], None]:
    """Stop the server from answering; the kernel still accepts connections for it."""
    frozen = processes(server)
    for each in frozen:
        os.kill(each, signal.SIGSTOP)

    def thaw() -> None:
        for each in frozen:
            os.kill(each, signal.SIGCONT)

    return thaw


def refuse(server: postgres.Server) -> Callable[[], None]:
    server.kill()
    return server.start


def part_all(server: postgres.Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
        )


def fill(server: postgres.Server) -> Callable[[], None]:
    """Use up every connection."""
    part_all(server)
    held = []
    while True:
        try:
            held.append(psycopg.connect(server.url))
        except psycopg.OperationalError:
            break

    def leave() -> None:
        for each in held:
            each.close()

    return leave


def slow(server: postgres.Server) -> Callable[[], None]:
    """Let each new connection wait for a second, as on a machine that has too much to do."""

    def delay(seconds: int) -> None:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET post_auth_delay = {seconds}")
            admin.execute("SELECT pg_reload_conf()")

    delay(1)
    part_all(server)
    return lambda: delay(0)


def wait_until_back(site: Site) -> None:
    ends_at = time.monotonic() + 15
    while site.ask("GET", LOOKED_UP).status != 404:
        assert time.monotonic() < ends_at, "it comes back by itself"
        time.sleep(0.2)


def send(site: Site, key: str) -> Answer:
    form = {
        "csrfmiddlewaretoken": TOKEN,
        "idempotency_key": key,
        "full_name": "Person Example",
        "contact_method": "email",
        "email": "person@example.org",
        "message": "Please call me.",
        "consent": "on",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"__Host-csrftoken={TOKEN}",
        "Referer": "https://portal.example/care-coordinator/ask/",
    }
    return site.ask("POST", "/care-coordinator/ask/", urlencode(form).encode(), headers)


def timed(ask: Callable[..., Answer], *arguments: Any) -> Answer:
    """Return the response, which must arrive within the time that a visitor waits."""
    began = time.monotonic()
    answer = ask(*arguments)
    took = time.monotonic() - began
    assert took < MOST_SECONDS, took
    return answer


@pytest.mark.parametrize("fail", [freeze, refuse, fill])
def test_everything_responds_within_a_second_while_postgresql_is_down(
    away: Site, server: postgres.Server, fail: Callable[[postgres.Server], Callable[[], None]]
) -> None:
    for _ in range(8):  # each process has a connection
        assert away.ask("GET", "/healthz/ready").status == 200
    mend = fail(server)
    try:
        for turn in range(6):
            health = timed(away.ask, "GET", "/healthz/ready")
            assert (health.status, health.text) == (200, "degraded: database")
            page = timed(away.ask, "GET", LOOKED_UP)
            assert page.status == 503
            assert page.headers["Retry-After"] == "30"
            assert "This page will be back soon" in page.text
            assert timed(away.ask, "GET", "/admin/").status in {302, 503}
            sent = timed(send, away, f"while-away-{fail.__name__}-{turn:04}")
            assert sent.status == 302
            time.sleep(1.1)  # longer than the circuit breaker's five seconds in all
    finally:
        mend()
    wait_until_back(away)
    away.manage("work", "--once")
    assert not list(away.log.parent.glob("spool/*.request"))


def test_a_busy_server_is_waited_for(away: Site, server: postgres.Server) -> None:
    """A connection that takes long is no outage: a trip would close the site for five seconds."""
    wait_until_back(away)
    mend = slow(server)
    try:
        assert {away.ask("GET", LOOKED_UP).status for _ in range(4)} == {404}
    finally:
        mend()
    assert not (away.log.parent / DATABASE_BREAKER.shared_as).exists()


def test_visitors_are_not_left_waiting_when_postgresql_freezes(
    away: Site, server: postgres.Server
) -> None:
    took: list[float] = []

    def visit(number: int) -> None:
        for turn in range(40):
            began = time.monotonic()
            answer = send(away, f"while-it-froze-{number:02}-{turn:04}")
            took.append(time.monotonic() - began)
            assert answer.status == 302

    with ThreadPoolExecutor(8) as pool:
        visits = [pool.submit(visit, number) for number in range(8)]
        time.sleep(0.5)
        mend = freeze(server)
        try:
            for each in visits:
                each.result()
        finally:
            mend()
    # Eight clients use four threads, so that some wait in line behind those being served.
    assert max(took) < 2 * MOST_SECONDS, max(took)


def test_after_a_failover_the_standby_is_read_and_requests_are_spooled(
    away: Site, server: postgres.Server
) -> None:
    assert away.ask("GET", "/healthz/ready").status == 200
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("ALTER DATABASE postgres SET default_transaction_read_only = on")
    try:
        part_all(server)
        wait_until_back(away)
        for turn in range(3):
            assert timed(send, away, f"while-a-standby-{turn:04}").status == 302
        health = timed(away.ask, "GET", "/healthz/ready")
        assert "database is read-only" in health.text
        assert list(away.log.parent.glob("spool/*.request"))
    finally:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute("ALTER DATABASE postgres RESET default_transaction_read_only")
    ends_at = time.monotonic() + 15
    while "read-only" in away.ask("GET", "/healthz/ready").text:
        assert time.monotonic() < ends_at, "each connection to the standby is left"
        time.sleep(0.2)
    sent = send(away, "finds-the-primary-0001")
    assert sent.status == 302
