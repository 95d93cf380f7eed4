"""The files with which systemd installs, runs, and confines the portal."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.config.server import GRANIAN_WORDS
from tests.deploy.files import DEPLOY, REPOSITORY, VENV, Unit

pytestmark = pytest.mark.once
UNITS = ("portal-setup", "portal-site", "portal-worker")
#: What `systemd-analyze security` calls “OK” is below 2; these are what it says today.
MOST_EXPOSED = 1.2


@pytest.fixture
def analyze(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the program, which finds the units as installed, with this checkout's Python."""
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("no systemd-analyze on this machine")
    for file in (DEPLOY / "systemd").rglob("*"):
        target = tmp_path / file.relative_to(DEPLOY / "systemd")
        if file.is_file():
            target.parent.mkdir(exist_ok=True)
            target.write_text(file.read_text().replace("/opt/portal/.venv", str(VENV)))
    # The colon keeps the system's own units, which ours name.
    monkeypatch.setenv("SYSTEMD_UNIT_PATH", f"{tmp_path}:")
    monkeypatch.chdir(tmp_path)
    return program


def run(*words: str) -> str:
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_systemd_finds_nothing_wrong_with_the_units(analyze: str) -> None:
    files = [f"./{name}.service" for name in UNITS]
    assert run(analyze, "verify", *files, "./portal.target") == ""


@pytest.mark.parametrize("name", UNITS)
def test_each_unit_is_confined(analyze: str, name: str) -> None:
    rating = run(analyze, "security", "--offline=true", f"./{name}.service")
    found = re.search(r"Overall exposure level for .*: (\d+\.\d+)", rating)
    assert found, rating
    assert float(found[1]) <= MOST_EXPOSED


def test_the_site_is_started_with_the_words_that_tests_and_demo_use() -> None:
    (words,) = Unit.read("portal-site").commands(8000)
    line = " ".join(words)
    assert " ".join(GRANIAN_WORDS) in line
    watched = words[words.index("--watch") + 1]
    port = words[words.index("--port") + 1]
    assert watched == f"http://127.0.0.1:{port}/healthz/live"


@pytest.mark.parametrize("name", ["portal-site", "portal-worker"])
def test_a_service_that_ends_or_hangs_is_always_started_again(name: str) -> None:
    unit = Unit.read(name)
    assert unit.values("Restart") == ["always"]
    assert unit.values("StartLimitIntervalSec") == ["0"]
    assert unit.values("Type") == ["notify"]
    assert int(unit.values("WatchdogSec")[0]) > 0


def test_no_secret_is_in_the_environment_of_a_service() -> None:
    secrets = {"secret_key", "field_keys", "database_url", "email_url"}
    for name in UNITS:
        unit = Unit.read(name)
        given = dict(each.split(":", 1) for each in unit.values("LoadCredential"))
        assert given == {each: f"/etc/portal/secrets/{each}" for each in secrets}
        words = [word for line in unit.values("Environment") for word in shlex.split(line)]
        assert not any(re.search("KEY|SECRET|PASSWORD|URL", word) for word in words)


def test_the_command_for_operators_runs_with_the_settings_of_the_services() -> None:
    script = (DEPLOY / "portal-manage").read_text()
    unit = Unit.read("portal-worker")
    for key in ("User", "Group", "UMask", "WorkingDirectory", "StateDirectory", "EnvironmentFile"):
        assert f"--property={key}={unit.values(key)[0]}" in script
    assert "PORTAL_DATA_DIR=/var/lib/portal" in script
    assert run("sh", "-n", str(DEPLOY / "portal-manage")) == ""
    assert run("sh", str(DEPLOY / "portal-manage")).startswith("Name a command")


def test_the_folders_of_secrets_and_data_are_private() -> None:
    folders = (DEPLOY / "systemd/tmpfiles.conf").read_text()
    assert "d /etc/portal/secrets 0700 root root -" in folders
    assert "z /etc/portal/secrets/* 0600 root root -" in folders
    assert "d /var/lib/portal 0700 portal portal -" in folders
    program = shutil.which("systemd-tmpfiles")
    if program:
        told = run(program, "--create", "--dry-run", str(DEPLOY / "systemd/tmpfiles.conf"))
        assert "Unknown" not in told.replace("Unknown user", "")


def test_the_manual_installs_every_file() -> None:
    manual = "".join(
        path.read_text() for path in sorted((REPOSITORY / "docs/operations").glob("*.md"))
    )
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            named = str(file.relative_to(REPOSITORY))
            folder = str(file.parent.relative_to(REPOSITORY))
            wholes = (f"{folder}/*", f"{folder} ")  # all of a folder, or the folder itself
            assert named in manual or any(each in manual for each in wholes), named
