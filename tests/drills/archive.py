"""PostgreSQL with continuous archiving by pgBackRest, as Debian ships both."""

import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.drills import NotRun, need_programs
from tests.portal.real_site import REPOSITORY
from tests.ports import free_port
from tests.postgres import wait_for

_SHIPPED = REPOSITORY / "deploy" / "backup"


@dataclass
class Archive:
    """A server, and its repository of backups. Neither runs as root, because PostgreSQL refuses."""

    folder: Path
    programs: Path
    port: int

    def __post_init__(self) -> None:
        self.data, self.config = self.folder / "data", self.folder / "pgbackrest.conf"
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run(
            self.programs / "initdb", "-D", self.data, "--username=postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        self.config.write_text(self._configure())
        self.config.chmod(0o644)
        self._settings = self._read_settings()

    def _configure(self) -> str:
        """Return the configuration that is shipped, with the folders of this drill."""
        said = (_SHIPPED / "pgbackrest.conf").read_text()
        said = said.replace("/var/lib/pgbackrest", str(self.folder / "repository"))
        said = said.replace("/var/lib/postgresql/15/main", str(self.data))
        said = said.replace("pg1-port=5432", f"pg1-port={self.port}")
        paths = "".join(f"{name}-path={self.folder / name}\n" for name in ("log", "lock", "spool"))
        return said.replace("[portal]", f"{paths}[portal]") + (
            f"pg1-socket-path={self.folder}\npg1-user=postgres\n"
        )

    def _read_settings(self) -> list[str]:
        said = (_SHIPPED / "postgresql.conf").read_text()
        said = said.replace("pgbackrest ", f"pgbackrest --config={self.config} ")
        found = re.findall(r"^(\w+) = '?(.+?)'?$", said, re.MULTILINE)
        assert len(found) == 4, found
        return [word for name, value in found for word in ("-c", f"{name}={value}")]

    def _run(self, *words: str | Path) -> str:
        ran: subprocess.CompletedProcess[str] = subprocess.run(
            words, cwd=self.folder, check=False, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            **self.user,
        )  # fmt: skip
        assert not ran.returncode, f"{words}: {ran.stdout}"
        return ran.stdout

    def pgbackrest(self, command: str, *options: str) -> None:
        self._run("pgbackrest", f"--config={self.config}", "--stanza=portal", *options, command)

    def start(self) -> None:
        log = self.folder / "postgres.log"
        words: list[str | Path] = [
            self.programs / "postgres",
            *("-D", str(self.data), "-p", str(self.port)),
            *("-h", "127.0.0.1", "-k", str(self.folder), *self._settings),
        ]
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                words, cwd=self.folder, stdout=file, stderr=file,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)}, **self.user,
            )  # fmt: skip
        wait_for(self.url, log=log)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def ask(self, statement: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(statement).fetchone()
        return row[0] if row else None

    def archive_everything(self) -> None:
        """Wait until all that was committed is in the repository."""
        name = self.ask("SELECT pg_walfile_name(pg_switch_wal())")
        ends_at = time.monotonic() + 60
        while (self.ask("SELECT last_archived_wal FROM pg_stat_archiver") or "") < name:
            assert time.monotonic() < ends_at, "the archive takes nothing"
            time.sleep(0.2)

    def lose(self) -> None:
        self.process.kill()
        self.process.wait()
        # Its children end by themselves, once they notice.
        time.sleep(1)
        shutil.rmtree(self.data)

    def restore(self, *, until: str = "") -> None:
        """Restore the latest state, or that of a moment, and start the server on it."""
        self._run("mkdir", "-m", "700", self.data)
        at = (f"--target={until}", "--type=time", "--target-action=promote") if until else ()
        self.pgbackrest("restore", *at)
        self.start()
        ends_at = time.monotonic() + 60
        while self.ask("SELECT pg_is_in_recovery()"):
            assert time.monotonic() < ends_at, "the recovery does not end"
            time.sleep(0.2)


@contextmanager
def running(folder: Path) -> Iterator[Archive]:
    """Raise NotRun if Debian's PostgreSQL or pgBackRest is not installed."""
    need_programs("pgbackrest")
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise NotRun("postgresql is not installed")
    folder.mkdir()
    archive = Archive(folder, newest.parent, free_port())
    archive.start()
    try:
        yield archive
    finally:
        archive.stop()
