"""The settings work with PgBouncer, which may use a different connection for each transaction."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgres
from tests.portal import real_site
from tests.portal.real_site import HOST
from tests.portal.test_database_down import send
from tests.ports import free_port

pytestmark = pytest.mark.once
PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a pooler that has three connections for everyone."""
    if not PROGRAM:
        pytest.skip("no PgBouncer on this machine")
    try:
        with postgres.killable() as server:
            with psycopg.connect(server.url, autocommit=True) as administrator:
                administrator.execute("CREATE ROLE portal LOGIN")
                administrator.execute("ALTER DATABASE postgres OWNER TO portal")
            found = re.search(r":(\d+)/", server.url)
            assert found
            port = free_port()
            settings = server.folder / "pgbouncer.ini"
            settings.write_text(
                f"[databases]\n* = host={HOST} port={found[1]} user=portal\n"
                f"[pgbouncer]\nlisten_addr={HOST}\nlisten_port={port}\nauth_type=any\n"
                "pool_mode=transaction\ndefault_pool_size=3\nmax_client_conn=100\nunix_socket_dir=\n"
            )
            settings.chmod(0o644)  # the user that PgBouncer runs as must read it
            with (tmp_path / "log").open("wb") as log:
                pooler = subprocess.Popen([PROGRAM, settings], stderr=log, **server.user)
            try:
                url = f"postgresql://postgres@{HOST}:{port}/postgres"
                postgres.wait_for(url, log=tmp_path / "log")
                yield url
            finally:
                pooler.terminate()
                pooler.wait(10)
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")


def test_requests_are_accepted_and_the_ledger_is_intact_behind_a_transaction_pooler(
    tmp_path: Path, pooled: str
) -> None:
    on: dict[str, Any] = {
        "DATABASE_URL": pooled,
        "PORTAL_TRANSACTION_POOLER": "on",
        "PORTAL_RATE_LIMITS": "off",
        "EMAIL_URL": f"file://{tmp_path / 'mail'}",
        "PORTAL_URL": f"https://{HOST}:1",
    }
    folder = tmp_path / "data"
    folder.mkdir()
    with real_site.running(folder, workers=2, **on) as site, ThreadPoolExecutor(8) as pool:
        sent = pool.map(
            lambda number: send(site, f"through-a-pooler-{number:04}").status, range(80)
        )
        recounts = [pool.submit(site.manage, "verify_ledger") for _ in range(2)]
        assert set(sent) == {302}
        assert all(each.result().splitlines()[-1].endswith(": whole") for each in recounts)
        site.manage("work", "--once")
        assert not list(folder.glob("spool/*.request"))
        assert site.manage("verify_ledger").splitlines()[-1].startswith("80 requests")
        told = site.manage("doctor", PORTAL_RATE_LIMITS="on")
        assert "problem" not in told.replace("problem  data folder is private", "")
