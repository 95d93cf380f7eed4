"""A whole installation on this machine, and copies of it to break: one for each set-up."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from portal.config.clinic import IN_WORDS, TOLD_BY_CLINIC
from tests import postgres
from tests.inquiries.mail.mail_server import Heard, mail_server
from tests.portal import real_site
from tests.portal.doctor.front import Authority, Certificate, Faults, front
from tests.portal.real_site import HOST, PRODUCTION, REPOSITORY
from tests.portal.test_database_down import send

#: Takes away root's right to read and write what the modes of a file forbid.
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] * (os.geteuid() == 0)
PASSWORD = "right-horse-battery"


@dataclass
class Told:
    """What the doctor said, by check."""

    status: int
    output: str
    results: dict[str, dict[str, Any]]

    @property
    def wrong(self) -> dict[str, str]:
        return {
            name: each.get("what", "")
            for name, each in self.results.items()
            if each["verdict"] in {"problem", "skipped"}
        }


def manage(
    env: dict[str, str], *arguments: str, prefix: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*prefix, sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )


def run_doctor(env: dict[str, str], *arguments: str, prefix: Sequence[str] = ()) -> Told:
    ran = manage(env, "doctor", "--json", *arguments, prefix=prefix)
    assert ran.stdout.startswith("["), ran.stderr
    results = {each["check"]: each for each in json.loads(ran.stdout)}
    return Told(ran.returncode, ran.stdout + ran.stderr, results)


@dataclass
class Installation:
    """Settings and folder of one installation; what it started ends with `stack`."""

    folder: Path
    env: dict[str, str]
    mail: Heard
    authority: Authority
    site_port: int
    stack: ExitStack
    #: Commands before the doctor's own.
    prefix: list[str] = field(default_factory=list)
    #: The URL of an administrator of its PostgreSQL; empty for SQLite.
    administrator: str = ""

    def ask_doctor(self, *arguments: str) -> Told:
        return run_doctor(self.env, *arguments, prefix=self.prefix)

    def serve(self, certificate: Certificate | None = None, faults: Faults | None = None) -> None:
        """Put a proxy in front of the site, with a certificate that visitors' browsers trust."""
        file = self.authority.issue(certificate or Certificate())
        port = self.stack.enter_context(front(self.site_port, certificate=file, faults=faults))
        self.env["PORTAL_URL"] = f"https://{HOST}:{port}"

    def run_sql(self, words: str) -> None:
        """Run one statement as the database's administrator; `{db}` stands for its name."""
        if self.administrator:
            with psycopg.connect(self.administrator, autocommit=True) as server:
                name = self.administrator.rpartition("/")[2]
                server.execute(words.replace("{db}", f'"{name}"').encode())
            return
        with closing(sqlite3.connect(self.folder / "portal.sqlite3")) as file, file:
            file.execute(words)

    def beat_heart(self, *, ago: timedelta = timedelta(0)) -> None:
        at = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
        zone = "+00" * bool(self.administrator)
        self.run_sql(f"UPDATE inquiries_job SET done_at = '{at}{zone}' WHERE name = 'worker'")  # noqa: S608


@contextmanager
def whole(folder: Path, *, database: Path | None, url: str = "") -> Iterator[Installation]:
    """Run an installation with a site, a stored request, mail, a certificate, and a backup."""
    mark = folder / "last-backup"
    told = [IN_WORDS[name] for name in TOLD_BY_CLINIC]
    env = {
        **PRODUCTION,
        "PORTAL_DATA_DIR": str(folder),
        "ALLOWED_HOSTS": f"{HOST},portal.example",
        "PORTAL_BOUNCES": "bounces.portal.example",
        "PORTAL_BACKUP_MARK": str(mark),
        "DATABASE_URL": url,
        **{f"{name}{language}": "We say it." for name in told for language in ("", "_ES")},
    }
    folder.chmod(0o700)
    with ExitStack() as stack:
        mail = stack.enter_context(mail_server(password=PASSWORD))
        env["EMAIL_URL"] = f"smtp+plain://portal:{PASSWORD}@{HOST}:{mail.port}"
        authority = Authority(folder)
        env["SSL_CERT_FILE"] = str(authority.file)
        given: dict[str, Any] = env
        site = stack.enter_context(real_site.running(folder, database=database, **given))
        assert send(site, "a-request-to-be-opened").status == 302
        mark.touch()
        made = Installation(folder, env, mail, authority, site.port, stack)
        worked = manage(env, "work", "--once")
        assert worked.returncode == 0, worked.stderr
        yield made


@contextmanager
def copied(original: Installation, folder: Path, name: str) -> Iterator[Installation]:
    """Yield a copy with a data folder and a database of its own."""
    shutil.copytree(
        original.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("*.sqlite3*", "log")
    )
    folder.chmod(0o700)
    with ExitStack() as stack:
        env = original.env | {
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_BACKUP_MARK": str(folder / "last-backup"),
        }
        copy = Installation(
            folder, env, original.mail, original.authority, original.site_port, stack
        )
        if original.administrator:
            server = original.administrator.rpartition("/")[0]
            with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
                administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE kept OWNER portal')
            copy.administrator = f"{server}/{name}"
            copy.env["DATABASE_URL"] = copy.administrator.replace("//postgres@", "//portal@")
        else:
            with closing(sqlite3.connect(original.folder / "portal.sqlite3")) as file:
                file.execute("VACUUM INTO ?", [str(folder / "portal.sqlite3")])
        copy.beat_heart()
        (folder / "last-backup").touch()
        copy.serve()
        yield copy


@contextmanager
def whole_on_postgresql(folder: Path) -> Iterator[Installation]:
    """Run one with a role that owns its database and is nothing more."""
    with postgres.killable() as server:
        with psycopg.connect(server.url, autocommit=True) as administrator:
            administrator.execute("CREATE ROLE portal LOGIN")
            administrator.execute("CREATE DATABASE portal OWNER portal")
        base = server.url.rpartition("/")[0]
        url = f"{base}/portal".replace("//postgres@", "//portal@")
        with whole(folder, database=None, url=url) as installation:
            installation.administrator = f"{base}/portal"
            with psycopg.connect(server.url, autocommit=True) as administrator:
                # A database can be copied only while nobody is connected to it.
                administrator.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = 'portal'"
                )
                administrator.execute("CREATE DATABASE kept TEMPLATE portal OWNER portal")
            yield installation
