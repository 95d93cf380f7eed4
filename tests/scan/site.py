"""The demo site with data and without rate limits, for the duration of a scan."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
STAY_HERE = Path(__file__).resolve().parent / "stay_here"
# Environment variables that are passed on; another installation's must not affect this one.
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
_START_SECONDS = 240
_FAULT = re.compile(
    r'^.*(?:Internal Server Error|"status": 5|"level": "(?:ERROR|CRITICAL)"|The scan stays).*$',
    re.MULTILINE,
)
# A forged admin parameter gets a 400, which Django logs as an error.
_REFUSED = '"logger": "django.security.'
# The parts that differ in every log line.
_PASSING = re.compile(r'"(?:time|request_id|milliseconds)": (?:"[^"]*"|[\d.]+),? ?')


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "site.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"

    @property
    def password(self) -> str:
        return os.environ["PORTAL_DEMO_PASSWORD"]

    def faults(self) -> list[str]:
        """Return the internal errors in the site's log, each kind once with its count."""
        found = _FAULT.findall(self.log.read_text(errors="replace"))
        found = [line for line in found if _REFUSED not in line]
        kinds = Counter(_PASSING.sub("", line) for line in found)
        return [f"the site's log, {number} times: {line}" for line, number in kinds.items()]

    def fill(self) -> None:
        """Create content and requests from this process in the site's own database."""
        import django
        from django.core.management import call_command

        django.setup()
        call_command("bench_data", articles=5, inquiries=20, verbosity=0)


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    (data / "demo.env").write_text("PORTAL_RATE_LIMITS=off\n")
    for name in set(os.environ) - set(_KEPT):
        del os.environ[name]
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_DATA_DIR": str(data)}
    with site.log.open("w") as log:
        demo = subprocess.Popen(
            [sys.executable, "-m", "portal.demo"],
            cwd=REPOSITORY,
            env={**os.environ, "PORT": str(site.port), "PYTHONPATH": str(STAY_HERE)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(demo, site)
            yield site
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)


def _await(demo: subprocess.Popen[bytes], site: Site) -> None:
    """Return once the demo has printed that it is serving."""
    ends_at = time.monotonic() + _START_SECONDS
    while "Ctrl-C" not in site.log.read_text():
        if demo.poll() is not None or time.monotonic() > ends_at:
            raise SystemExit(f"The demo did not start:\n{site.log.read_text()}")
        time.sleep(0.2)
