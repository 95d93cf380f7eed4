"""What a hospital runs, on loopback: PostgreSQL with a standby, Redis, nginx, machines of the site.

Everything is started by the words in deploy/ and lives as long as the ExitStack that it is given.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.deploy.files import HOST, REPOSITORY, Unit, render_nginx
from tests.drills import NotRun
from tests.ports import free_port

_SBIN = "/usr/sbin:/usr/bin:/usr/local/bin:/sbin:/bin"


def find_program(name: str) -> str:
    if found := shutil.which(name, path=f"{_SBIN}:{os.environ['PATH']}"):
        return found
    raise NotRun(f"{name} is not installed")


def postgresql_programs() -> Path:
    """Return the folder of Debian's newest server: only that brings pg_basebackup."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NotRun("PostgreSQL with pg_basebackup is not installed")
    return newest.parent


def wait_until(what: str, is_so: Callable[[], object], seconds: float = 180) -> None:
    """Raise RuntimeError, saying what did not happen."""
    ends_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends_at:
            raise RuntimeError(f"In {seconds:.0f} seconds, not so: {what}.")
        time.sleep(0.1)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return not probe.connect_ex((HOST, port))


class Process:
    """A program in a group of its own, so that all that it starts ends with it."""

    def __init__(
        self, words: list[str], *, log: Path, env: dict[str, str] | None = None, **more: Any
    ) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                words,
                cwd=more.pop("cwd", REPOSITORY),
                env={"PATH": os.environ["PATH"], **(env or {})},
                stdout=output,
                stderr=output,
                start_new_session=True,
                **more,
            )

    def kill(self) -> None:
        """End it as a power cut would, with everything that it started."""
        for pid in [*_descendants(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(20)


def _descendants(pid: int) -> list[int]:
    with suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [each for child in map(int, told) for each in [*_descendants(child), child]]
    return []


# --- What every machine uses ----------------------------------------------------------------------


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def start_postgresql(stack: ExitStack, folder: Path) -> tuple[str, str]:
    """Start a primary and a streaming standby; return their URLs."""
    programs, user = postgresql_programs(), _unprivileged()
    folder.mkdir(parents=True)
    if user:
        os.chown(folder, user["user"], user["group"])

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [programs / program, *words], check=True, cwd=folder, capture_output=True, **user
        )

    def serve(name: str, port: int) -> str:
        words = [str(programs / "postgres"), "-D", str(folder / name), "-p", str(port)]
        words += ["-h", HOST, "-k", ""]
        server = Process(words, log=folder.parent / f"{name}.log", cwd=folder, **user)
        stack.callback(server.kill)
        wait_until(f"PostgreSQL ({name}) answers", lambda: is_listening(port))
        url = f"postgresql://postgres@{HOST}:{port}/postgres"
        wait_until(f"PostgreSQL ({name}) takes connections", lambda: _answers(url))
        return url

    first, second = free_port(), free_port()
    run("initdb", "--pgdata=primary", "--username=postgres", "--auth=trust", "--encoding=UTF8")
    primary = serve("primary", first)
    run(
        *("pg_basebackup", "--pgdata=standby", f"--host={HOST}", f"--port={first}"),
        *("--username=postgres", "--write-recovery-conf", "--checkpoint=fast"),
    )
    return primary, serve("standby", second)


def _answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


def start_redis(stack: ExitStack, folder: Path) -> str:
    port = free_port()
    words = [find_program("redis-server"), "--port", str(port), "--bind", HOST]
    server = Process([*words, "--save", "", "--dir", str(folder)], log=folder / "redis.log")
    stack.callback(server.kill)
    wait_until("Redis answers", lambda: is_listening(port))
    return f"redis://{HOST}:{port}/0"


def start_nginx(stack: ExitStack, folder: Path, nodes: list[int]) -> tuple[int, int]:
    """Return the ports for HTTP and HTTPS; the certificate is in its folder `tls`."""
    program = find_program("nginx")
    http, https = free_port(), free_port()
    main = render_nginx(folder, nodes=nodes, http=http, https=https)
    server = Process([program, "-c", str(main)], log=folder / "output.log")
    stack.callback(server.kill)
    wait_until("nginx answers", lambda: is_listening(https))
    return http, https


# --- A machine of the site ------------------------------------------------------------------------


class Machine:
    """One machine: the site and its worker, as its units start them."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "data").mkdir(parents=True)
        self._env = {**Unit.read("portal-site").environment(folder / "data"), **env}
        self._running: list[Process] = []

    def set_up(self) -> None:
        """Run what portal-setup.service runs."""
        for words in Unit.read("portal-setup").commands(self.port):
            self._run(words)

    def manage(self, *words: str, **more: str) -> str:
        return self._run([str(REPOSITORY / ".venv/bin/python"), "manage.py", *words], **more)

    def _run(self, words: list[str], **more: str) -> str:
        ran = subprocess.run(
            words,
            cwd=REPOSITORY,
            env={"PATH": os.environ["PATH"], **self._env, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"{' '.join(words[-3:])} failed:\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def start(self) -> None:
        for name in ("portal-site", "portal-worker"):
            (words,) = Unit.read(name).commands(self.port)
            log = self.folder / f"{name}.log"
            self._running.append(Process(words, log=log, env=self._env))
        wait_until(f"{self.folder.name} serves", lambda: is_listening(self.port))

    def kill(self) -> None:
        """Cut the power: the site and the worker are gone at once."""
        for each in self._running:
            each.kill()
        self._running.clear()

    @property
    def printed(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))
