"""The folder in which the processes of a machine count together, for Prometheus to read.

Its files are mapped into memory, so they are kept in memory and not on a disk: where a disk is
full, the kernel ends whoever writes to a mapped file.
"""

import hashlib
import os
import socket
from contextlib import suppress
from pathlib import Path

from django.conf import settings

#: The part of the portal that this process is; set once, before anything is counted.
part = "site"
#: Memory that looks like a folder, on every Linux.
_SHARED = Path("/dev/shm")  # noqa: S108 - the folder in it is checked
#: With more files than this, a restart forgets those of ended processes.
_MOST_FILES = 400


def process_name() -> str:
    return f"{part}.{os.getpid()}"


def prepare(of_part: str) -> Path:
    """Make the folder, and start it over if no process that counted there is still running.

    Counts of ended processes are kept as long as others run: a sum that falls would look like a
    restart of all.
    """
    global part  # noqa: PLW0603 - what this process is
    part = of_part
    folder = _place()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = list(folder.glob("*.db"))
    ended = [path for path in files if not is_running(name_of(path))]
    if len(ended) == len(files) or len(files) > _MOST_FILES:
        for path in ended:
            path.unlink(missing_ok=True)
    return folder


def _place() -> Path:
    """Return a folder in memory: what systemd gives our services, or one of our own."""
    if given := os.environ.get("RUNTIME_DIRECTORY"):
        return Path(given, "metrics")
    # Containers may share a data folder, but not the numbers of their processes.
    about = f"{socket.gethostname()} {settings.DATA_DIR}"
    name = f"portal-{os.geteuid()}-{hashlib.sha256(about.encode()).hexdigest()[:12]}"
    with suppress(OSError):
        folder = _SHARED / name
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.lstat().st_uid == os.geteuid() and not folder.is_symlink():
            return folder
    return Path(settings.DATA_DIR, "metrics", name)  # somebody else has it, or there is none


def name_of(path: Path) -> str:
    """Return the name of the process that wrote a file, such as `gauge_livesum_site.17.db`."""
    return path.stem.rpartition("_")[2]


def is_running(name: str) -> bool:
    try:
        os.kill(int(name.rpartition(".")[2]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
