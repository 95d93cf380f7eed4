"""Each command of the operators' manual runs: here, in a drill, or it says below why it can't."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.real_site import REPOSITORY

pytestmark = pytest.mark.once

MANUAL = REPOSITORY / "docs/operations"
#: Pages whose commands a drill runs, all of them and in order.
BY_DRILL = {"installing.md": "tests/drills/fresh_debian.py"}
#: Commands that this test can't run, with the reason. There must never be more of them.
NOT_RUN = {
    "pgbackrest --stanza=portal stanza-create": "the drill of a loss runs it with its own paths",
    "pgbackrest --stanza=portal backup --type=full": "the drill of a loss, as above",
    "pgbackrest --stanza=portal check": "needs a server that archives to a real repository",
    "deploy/backup/backup.sh": "the drill of a loss runs it",
    "pgbackrest --stanza=portal backup && touch /var/lib/portal/last-backup": "as above",
    "restic restore latest --tag spool --target /": "the drill of a loss runs it",
    "restic restore latest --tag files --target /": "the drill of a loss runs it",
    "pgbackrest --stanza=portal restore": "the drill of a loss runs it with its own paths",
    'pgbackrest --stanza=portal restore --type=time --target="2026-11-30 14:05:00+00" '
    "--target-action=promote": "the drill of a loss runs it with its own paths and moment",
    ".venv/bin/python manage.py createsuperuser": "asks for a password",
    ".venv/bin/python -m portal.supervisor .venv/bin/granian --interface rsgi --no-ws "
    "--http1-header-read-timeout 10000 --respawn-failed-workers --host 127.0.0.1 --port 8000 "
    "--workers 2 portal.rsgi:application": "serves until it is stopped; the drills start it so",
    ".venv/bin/python -m portal.supervisor .venv/bin/python manage.py work": "works until stopped",
}
#: A command that may find something wrong in a set-up made for a test.
FINDS = {".venv/bin/python manage.py doctor"}


def commands() -> Iterator[tuple[str, str]]:
    """Yield the page and each command of its blocks of `sh`, on one line and without comments."""
    for page in sorted(MANUAL.glob("*.md")):
        blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", page.read_text(), re.DOTALL | re.MULTILINE)
        for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
            command = " ".join(re.sub(r"(^|\s)#.*", "", line).split())
            if command:
                yield page.name, command


def test_a_command_that_is_not_run_is_in_the_manual() -> None:
    assert set(NOT_RUN) | FINDS <= {command for _, command in commands()}
    assert len(NOT_RUN) <= 12
    assert all((MANUAL / page).exists() for page in BY_DRILL)


@pytest.mark.proof
def test_each_other_command_of_the_manual_runs(tmp_path: Path) -> None:
    environment_file = tmp_path / "portal.env"
    env = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path / "data")}
    first = ".venv/bin/python -m portal.config.new_secrets /etc/portal.env"
    found = [command for page, command in commands() if page not in BY_DRILL]
    ran = 0
    # Whatever page a command is on, the site has to be set up first.
    for command in sorted(found, key=_place_in_time):
        if command in NOT_RUN:
            continue
        script = command.replace("/etc/portal.env", str(environment_file))
        script = script.replace(".venv/bin/python", sys.executable)
        if environment_file.exists():
            script = f"set -a; . {environment_file}; set +a; {script}"
        done = subprocess.run(
            ["bash", "-ec", script],  # noqa: S607
            cwd=REPOSITORY, env=env, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode in ({0, 1} if command in FINDS else {0}), (command, done.stdout)
        assert "Traceback" not in done.stdout, (command, done.stdout)
        if command == first:
            with environment_file.open("a") as file:
                file.write("ALLOWED_HOSTS=portal.example\n")
        ran += 1
    assert ran >= 10


def _place_in_time(command: str) -> int:
    order = ("new_secrets /etc/portal.env", "set -a", "manage.py migrate")
    if command.endswith("--field-key"):
        return len(order) + 1
    return next((place for place, part in enumerate(order) if part in command), len(order))
