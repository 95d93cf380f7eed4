"""A real replica, asked by the doctor: behind, and cut off from its primary."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgres
from tests.portal.doctor.installation import run_doctor
from tests.portal.real_site import HOST, PRODUCTION

pytestmark = [pytest.mark.once, pytest.mark.proof]


def test_a_replica_that_is_behind_or_cut_off_is_named(tmp_path: Path) -> None:
    env = {**PRODUCTION, "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_URL": f"https://{HOST}:1"}

    def ask(server: postgres.Server) -> dict[str, Any]:
        told = run_doctor({**env, "DATABASE_URL": server.url})
        return told.results["replicas keep up"]

    try:
        with postgres.killable() as primary, postgres.standby_of(primary) as standby:
            assert [ask(each)["verdict"] for each in (primary, standby)] == ["ok", "ok"]
            with psycopg.connect(standby.url, autocommit=True) as session:
                session.execute("SELECT pg_wal_replay_pause()")
            with psycopg.connect(primary.url, autocommit=True) as session:
                session.execute(
                    "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))"
                    " FROM generate_series(1, 70)"
                )
            assert "64 MB behind: walreceiver" in ask(primary)["what"]
            with psycopg.connect(standby.url, autocommit=True) as session:
                session.execute("SELECT pg_wal_replay_resume()")
            primary.kill()
            assert "is a standby" in ask(standby)["what"]
    except postgres.NotInstalledError:
        pytest.skip("no PostgreSQL on this machine")
