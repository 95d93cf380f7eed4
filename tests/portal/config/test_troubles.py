"""When the machine refuses something, every command reports it in one plain sentence."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.portal.real_site import PRODUCTION, REPOSITORY
from tests.ports import free_port

pytestmark = pytest.mark.once

COMMANDS = (
    ["manage.py", "migrate", "--verbosity", "0"],
    ["manage.py", "collectstatic", "--no-input"],
    ["manage.py", "purge_inquiries"],
    ["manage.py", "work", "--once"],
    ["-m", "portal.demo"],
)


def run(
    words: list[str], folder: Path, *, mount: str = "", umask: int = 0o022
) -> subprocess.CompletedProcess[str]:
    """Run a program; `mount` is a command to run in a small file system above `folder`."""
    program = [sys.executable, *words]
    if mount:
        above = folder.parent
        made = f"mount -t tmpfs -o size=64k tmpfs {above} && {mount}"
        program = ["unshare", "--mount", "sh", "-c", f'{made} && exec "$@"', "sh", *program]
    return subprocess.run(
        program,
        cwd=REPOSITORY,
        env={
            **PRODUCTION,
            "PATH": os.environ["PATH"],
            "PORTAL_DATA_DIR": str(folder),
            "PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        umask=umask,
    )


def tell(ran: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence that is printed besides log lines."""
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    said = [line for line in ran.stderr.splitlines() if not line.startswith("{")]
    assert len(said) == 1, said
    return said[0]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[1])
def test_a_file_in_place_of_the_data_folder_is_reported(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    said = tell(run(words, tmp_path / "taken"))
    assert said.startswith(f"{tmp_path / 'taken'} is a file, but a folder is needed.")
    assert "PORTAL_DATA_DIR" in said


def _mounts_are_allowed() -> bool:
    if not shutil.which("unshare"):
        return False
    words = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture
def _may_mount() -> None:
    if not _mounts_are_allowed():
        pytest.skip("no file system of one's own may be mounted here")


@pytest.mark.usefixtures("_may_mount")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[1])
@pytest.mark.parametrize(
    ("mount", "what"),
    [("mount -o remount,ro {}", "can't be written"), ("true", "is full")],
    ids=["read-only", "full"],
)
def test_a_read_only_or_full_disk_is_reported(
    words: list[str], mount: str, what: str, tmp_path: Path
) -> None:
    above = tmp_path / "mounted"
    above.mkdir()
    said = tell(run(words, above / "data", mount=mount.format(above)))
    assert what in said


def test_migrate_creates_a_missing_data_folder_that_only_its_owner_can_access(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "not" / "there"
    ran = run(["manage.py", "migrate", "--verbosity", "0"], folder, umask=0)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (folder / "portal.sqlite3").exists()


def test_an_unprepared_database_is_reported(tmp_path: Path) -> None:
    said = tell(run(["manage.py", "verify_ledger"], tmp_path))
    assert said == "The database isn't ready yet. Run `manage.py migrate` first."


def every_mode(folder: Path, kind: Callable[[Path], bool]) -> set[str]:
    found = (path for path in folder.rglob("*") if kind(path) and not path.is_symlink())
    return {oct(path.stat().st_mode & 0o777) for path in found}


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_only_the_owner_can_access_data_folder_files_whatever_the_umask(
    tmp_path: Path, umask: int
) -> None:
    folder = tmp_path / "data"
    for words in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input"]):
        assert run(["manage.py", *words], folder, umask=umask).returncode == 0
    for path in (folder / "portal.sqlite3", folder / "static"):  # as an older release left them
        path.chmod(0o755)
    assert run(["manage.py", "work", "--once"], folder, umask=umask).returncode == 0
    assert (folder / "anchors.jsonl").exists()
    assert every_mode(folder, Path.is_file) == {"0o600"}
    assert every_mode(folder, Path.is_dir) == {"0o700"}
    assert folder.stat().st_mode & 0o777 == 0o700
