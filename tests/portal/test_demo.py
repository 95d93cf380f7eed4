"""`make demo`, as somebody who has just cloned the project runs it."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from portal.config.environment import DEMO_FILE
from portal.demo.__main__ import _keep_secrets, _prepare_environment
from tests.ports import free_port

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def environment(data_dir: Path) -> dict[str, str]:
    """Return an environment with another installation's settings, which a demo must ignore."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("COV", "PATH"))}
    return {
        **kept,
        "PORTAL_DATA_DIR": str(data_dir),
        "SECRET_KEY": "of another installation",
        "DATABASE_URL": "postgresql://127.0.0.1:1/production",
    }


@contextmanager
def running_demo(data_dir: Path, port: int) -> Iterator[str]:
    """Yield what it printed until it was ready; then stop it with Ctrl-C."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "portal.demo"],
        cwd=REPOSITORY,
        env={**environment(data_dir), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed = ""
    assert demo.stdout
    try:
        for line in demo.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield printed
    finally:
        demo.send_signal(signal.SIGINT)
        ended = demo.wait(20)
        demo.stdout.close()
    assert ended == 0


def manage(data_dir: Path, *arguments: str) -> str:
    """Run a command next to the demo, with only its data folder set."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_demo_serves_until_ctrl_c_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    passwords = set()
    for _ in range(2):
        with running_demo(tmp_path, port) as printed:
            assert f"http://127.0.0.1:{port}/" in printed
            for name in ("editor", "reviewer", "coordinator", "lead", "privacy"):
                found = re.search(rf"demo-{name} +(\S+)", printed)
                assert found
                passwords.add(found[1])
            with urlopen(f"http://127.0.0.1:{port}/categories/lupus/") as answer:
                page = answer.read().decode()
            assert "Donor stem cells for lupus nephritis" in page
            style = re.search(r'href="(/static/portal/css/tokens\.\w+\.css)"', page)
            assert style
            with urlopen(f"http://127.0.0.1:{port}{style[1]}") as answer:
                assert "immutable" in answer.headers["Cache-Control"]
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)), "nothing listens any more"
    assert len(passwords) == 1, "made once, for all five"
    assert (tmp_path / "demo.env").stat().st_mode & 0o777 == 0o600
    assert manage(tmp_path, "bench_data", "--articles", "3").startswith("0 made")


@pytest.mark.parametrize("asked", ["required", None])
def test_the_demo_obeys_a_wish_for_a_second_factor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None
) -> None:
    for name in os.environ:
        monkeypatch.setenv(name, os.environ[name])  # put back as it was
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    if asked:
        monkeypatch.setenv("STAFF_MFA", asked)
    else:
        monkeypatch.delenv("STAFF_MFA", raising=False)
    _prepare_environment(8000)
    assert os.environ["STAFF_MFA"] == (asked or "optional")


def test_a_demo_from_before_the_first_release_gets_instructions(
    tmp_path: Path, new_database: Path
) -> None:
    shutil.copy(new_database, tmp_path / "portal.sqlite3")
    _keep_secrets(tmp_path / DEMO_FILE)
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database, database:
        database.execute("PRAGMA journal_mode=WAL")  # as the portal leaves it
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('articles', '0002_initial', '2026-11-23')"
        )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for program in (["-m", "portal.demo"], ["manage.py", "migrate"]):
        refused = subprocess.run(
            [sys.executable, *program],
            cwd=REPOSITORY,
            env={
                "PATH": os.environ["PATH"],
                "PORTAL_DATA_DIR": str(tmp_path),
                "PORT": str(free_port()),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert refused.stderr.removeprefix("CommandError: ") == (
            f"{tmp_path} has a demo from before this release. Delete it, or set PORTAL_DATA_DIR to "
            "another folder.\n"
        )
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_port_in_use_is_reported(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "-m", "portal.demo"],
            cwd=REPOSITORY,
            env={**environment(tmp_path), "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert refused.returncode == 1
    assert f"Port {port} is in use. Choose another: make demo PORT={port + 1}" in refused.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("port", ["many", "-1"])
def test_a_port_that_is_not_a_number_is_reported(tmp_path: Path, port: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "portal.demo"],
        cwd=REPOSITORY,
        env={**environment(tmp_path), "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert f"PORT is '{port}'. Set it to a whole number." in refused.stderr
    assert "Traceback" not in refused.stderr
