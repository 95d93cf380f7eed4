"""A synchronous standby is waited for, and a site whose standby is gone goes on without it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from inquiries.circuit_breaker import STANDBY_BREAKER
from tests import postgres
from tests.portal import real_site
from tests.portal.real_site import Site
from tests.portal.test_database_down import send, timed

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[postgres.Server, postgres.Server]]:
    try:
        with postgres.killable() as primary, postgres.standby_of(primary) as standby:
            yield primary, standby
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")


def set_up(primary: postgres.Server, *, synchronous: str) -> None:
    with psycopg.connect(primary.url, autocommit=True) as admin:
        admin.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{synchronous}'")
        admin.execute("SELECT pg_reload_conf()")


def references(server: postgres.Server) -> set[str]:
    with psycopg.connect(server.url) as reader:
        return {name for (name,) in reader.execute("SELECT reference FROM inquiries_inquiry")}


def look_again(site: Site) -> None:
    """Let the half minute pass after which someone asks for the standby again."""
    marked = site.log.parent / STANDBY_BREAKER.shared_as
    past = time.time() - STANDBY_BREAKER.seconds - 1
    os.utime(marked, (past, past))


def test_the_site_goes_on_when_the_standby_that_it_waits_for_is_gone(
    servers: tuple[postgres.Server, postgres.Server], tmp_path: Path
) -> None:
    primary, standby = servers
    with real_site.running(tmp_path, PORTAL_RATE_LIMITS="off", DATABASE_URL=primary.url) as site:
        set_up(primary, synchronous="*")
        assert timed(send, site, "standby-is-there-0001").status == 302
        there = references(standby)
        assert len(there) == 1, "it is on two machines when the sender is told"
        standby.kill()
        assert send(site, "standby-is-gone-0001").status == 302
        assert references(primary) > there
        assert not list(tmp_path.glob("spool/*.request"))
        health = site.ask("GET", "/healthz/ready")
        assert health.status == 200
        assert "standby" in health.text
        began = time.monotonic()
        for number in range(5):
            assert send(site, f"standby-is-gone-more-{number:04}").status == 302
        assert time.monotonic() - began < 2 * 5, "only the first one waits"
        look_again(site)
        assert "standby" in site.ask("GET", "/healthz/ready").text, "it asked, in vain"
        site.manage("migrate", "--verbosity", "0")
        site.manage("work", "--once")

        standby.start()
        ends_at = time.monotonic() + 20
        while "standby" in site.ask("GET", "/healthz/ready").text:
            assert time.monotonic() < ends_at, "it is waited for again by itself"
            look_again(site)
            time.sleep(0.5)
        assert timed(send, site, "standby-is-back-0001").status == 302
        assert references(standby) == references(primary)
