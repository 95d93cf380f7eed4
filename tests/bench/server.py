"""An application behind granian, with the flags of production, on its own port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.config.server import GRANIAN_WORDS

REPOSITORY = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
_START_SECONDS = 60
#: A WSGI application cannot run under RSGI; the threads are as in the portal.
_BY_WSGI = ("--interface", "wsgi", "--blocking-threads", "2")


@contextmanager
def serving(
    application: str, environment: dict[str, str], log: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Yield its port and its process until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    flags: tuple[str, ...] = GRANIAN_WORDS
    if "rsgi" not in application:
        flags = (*_BY_WSGI, *GRANIAN_WORDS[GRANIAN_WORDS.index("--no-ws") :])
    words = [
        *(str(Path(sys.executable).with_name("granian")), *flags, "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(WORKERS), "--log-level", "warning"),
        *("--workers-kill-timeout", "3", application),
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            words,
            cwd=REPOSITORY,
            env={"PATH": os.environ["PATH"], **environment},
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < ends_at:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError("A server of the bench did not start.")
