"""Whatever part of the demo is killed, however often, it is started again while the demo runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from portal import supervisor
from portal.supervisor import Program
from tests.portal.real_site import REPOSITORY
from tests.portal.test_demo import environment
from tests.ports import free_port

pytestmark = pytest.mark.once


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    ends_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.2)


def command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def test_the_site_and_worker_come_back_after_being_killed_repeatedly(
    tmp_path: Path,
) -> None:
    port = free_port()

    def answers() -> bool:
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/healthz/live") as told:
            return bool(told.status == 200)
        return False

    def running(word: str) -> list[int]:
        return [pid for pid in children(demo.pid) if word in command(pid)]

    def is_another(word: str, before: int) -> bool:
        return running(word) not in ([], [before])

    with subprocess.Popen(
        [sys.executable, "-m", "portal.demo"],
        cwd=REPOSITORY,
        env={**environment(tmp_path), "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    ) as demo:
        try:
            assert demo.stdout
            assert any("Ctrl-C" in line for line in demo.stdout)
            for _ in range(2):
                site, worker = running("granian")[0], running(" work")[0]
                # The web workers die until the server gives up, and so does the worker.
                ends_at = time.monotonic() + 60
                while site in children(demo.pid) and time.monotonic() < ends_at:
                    for pid in children(site):
                        with suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                    time.sleep(0.2)
                os.kill(worker, signal.SIGKILL)
                wait_until(partial(is_another, "granian", site))
                wait_until(partial(is_another, " work", worker))
                wait_until(answers)
                assert demo.poll() is None
        finally:
            demo.send_signal(signal.SIGINT)
    assert demo.returncode == 0
    assert not answers()


def test_a_program_that_exits_at_once_is_restarted_with_growing_pauses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.4)
    program = Program([sys.executable, "-S", "-c", ""])
    starts = [program.began]
    while len(starts) < 6:
        program.keep_up()
        if program.began != starts[-1]:
            starts.append(program.began)
        time.sleep(0.01)
    program.process.wait()
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.4, 0.4), strict=True):
        assert least <= pause < least + 0.35


def test_the_documented_production_start_keeps_a_program_up_until_stopped(
    tmp_path: Path,
) -> None:
    started = tmp_path / "started"
    words = ["/bin/sh", "-c", f"echo >> {started}; sleep 0.1"]
    with subprocess.Popen(
        [sys.executable, "-m", "portal.supervisor", *words], cwd=REPOSITORY
    ) as keeper:
        wait_until(lambda: started.exists() and len(started.read_text()) >= 3)
        keeper.terminate()
    assert keeper.returncode == 0
