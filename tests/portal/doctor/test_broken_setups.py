"""Broken set-ups, each made for real: what the doctor says, and that it exits with status 1.

Each takes a process that starts like any command, so this file takes a minute.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from portal import doctor
from tests.inquiries.encryption.keys import SECOND, written
from tests.portal.doctor.front import Certificate, Faults
from tests.portal.doctor.installation import (
    AS_ANYBODY,
    PASSWORD,
    Installation,
    copied,
)
from tests.portal.real_site import HOST
from tests.ports import free_port

pytestmark = [pytest.mark.once, pytest.mark.django_db]

SQLITE, POSTGRESQL = "on_sqlite", "on_postgresql"
FAKETIME = shutil.which("faketime")


# --- How each is broken ---------------------------------------------------------------------------


def setting(**values: str) -> Callable[[Installation], None]:
    return lambda at: at.env.update(values)


def front(
    *, faults: Faults | None = None, certificate: Certificate | None = None
) -> Callable[[Installation], None]:
    return lambda at: at.serve(certificate, faults)


def sql(*statements: str) -> Callable[[Installation], None]:
    def run(at: Installation) -> None:
        for each in statements:
            at.run_sql(each)

    return run


def read_only_spool(at: Installation) -> None:
    spool = Path(at.stack.enter_context(tempfile.TemporaryDirectory()))
    spool.chmod(0o500)
    at.env["PORTAL_SPOOL"] = str(spool)
    at.prefix = AS_ANYBODY


def read_only_anchors(at: Installation) -> None:
    outside = Path(at.stack.enter_context(tempfile.TemporaryDirectory())) / "anchors.jsonl"
    outside.touch(mode=0o400)
    at.env["PORTAL_ANCHORS"] = str(outside)
    at.prefix = AS_ANYBODY


def full_disk(at: Installation) -> None:
    """A disk of a megabyte where one can be mounted, or else a limit on the size of a file."""
    disk = at.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        at.prefix = ["prlimit", "--fsize=100"]
    else:
        at.stack.callback(subprocess.run, ["umount", str(disk)], check=True)
    at.env["PORTAL_MEDIA"] = str(disk)


def new_empty_database(at: Installation) -> None:
    (at.folder / "portal.sqlite3").unlink()


def torn_spool_file(at: Installation) -> None:
    spool = at.folder / "spool"
    spool.mkdir(mode=0o700, exist_ok=True)
    (spool / f"{'0' * 64}.{'0' * 32}.request").write_bytes(b"torn")


def waiting_request(at: Installation) -> None:
    torn_spool_file(at)
    for path in (at.folder / "spool").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))


def secret_for_all(at: Installation) -> None:
    folder = Path(at.stack.enter_context(tempfile.TemporaryDirectory()))
    folder.chmod(0o755)
    file = folder / "key"
    file.write_text(at.env.pop("SECRET_KEY"))
    file.chmod(0o644)
    at.env["SECRET_KEY_FILE"] = str(file)


def old_backup(at: Installation) -> None:
    long_ago = (at.folder / "last-backup").stat().st_mtime - 27 * 60 * 60
    os.utime(at.folder / "last-backup", (long_ago, long_ago))


def stopped_redis(at: Installation) -> None:
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("no Redis on this machine")
    port = free_port()
    words = [program, "--port", str(port), "--bind", HOST, "--save", ""]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    at.env["CACHE_URL"] = f"redis://{HOST}:{port}/0"
    server.terminate()
    server.wait(10)


def replica_gone(at: Installation) -> None:
    at.run_sql("SELECT pg_create_physical_replication_slot('second')")
    at.stack.callback(at.run_sql, "SELECT pg_drop_replication_slot('second')")


def clock_apart(at: Installation) -> None:
    if not FAKETIME:
        pytest.skip("no faketime on this machine")
    at.prefix = [FAKETIME, "-f", "+3h"]


def other_certificate_authority(at: Installation) -> None:
    del at.env["SSL_CERT_FILE"]


# --- The table ------------------------------------------------------------------------------------


class Broken(NamedTuple):
    name: str
    on: str
    breaks: Callable[[Installation], None]
    check: str
    #: A pattern for what the doctor says.
    says: str


TABLE = [
    Broken("an open data folder", SQLITE, lambda at: at.folder.chmod(0o755),
           "data folder is private", "Other users on this machine can read"),
    Broken("a read-only spool", SQLITE, read_only_spool,
           "spool can be written", "The spool on .* can't be written to"),
    Broken("read-only anchors", SQLITE, read_only_anchors,
           "anchors can be written", "anchors.jsonl can't be written to"),
    Broken("a full disk", SQLITE, full_disk,
           "pictures can be written", "is full|File too large"),
    Broken("a database that is not migrated", SQLITE, new_empty_database,
           "database is migrated", "isn't ready for this release"),
    Broken("a lost key", SQLITE, setting(FIELD_KEYS=written(SECOND)),
           "field keys open everything", r"lack keys that the database needs: [0-9a-f]{8} \(4\)"),
    Broken("a torn file in the spool", SQLITE, torn_spool_file,
           "spool can be opened", "1 requests in the spool on .* can't be opened"),
    Broken("a secret that others can read", SQLITE, secret_for_all,
           "secrets are private", "can read the file with SECRET_KEY"),
    Broken("a silent worker", SQLITE, lambda at: at.beat_heart(ago=timedelta(hours=1)),
           "worker is alive", "silent for five minutes"),
    Broken("a request that waits in the spool", SQLITE, waiting_request,
           "requests do not wait in the spool", "1 requests have been waiting .* since 2001-09-09"),
    Broken("an old backup", SQLITE, old_backup,
           "backup is fresh", "27 hours ago"),
    Broken("no backup", SQLITE, lambda at: (at.folder / "last-backup").unlink(),
           "backup is fresh", "There was no backup yet"),
    Broken("a stopped Redis", SQLITE, stopped_redis,
           "cache answers", "The cache isn't working"),
    Broken("no mail server", SQLITE, setting(EMAIL_URL=""),
           "mail can be sent", "No mail server is set"),
    Broken("a mail server that is gone", SQLITE, setting(EMAIL_URL=f"smtp://{HOST}:1"),
           "mail can be sent", "refused the connection"),
    Broken("a wrong password for mail", SQLITE,
           lambda at: at.env.update(EMAIL_URL=at.env["EMAIL_URL"].replace(PASSWORD, "wr0ng-one")),
           "mail can be sent", "refused the user name or the password"),
    Broken("details of errors", SQLITE, setting(DEBUG="on"),
           "debug is off", "DEBUG is on"),
    Broken("a weak secret key", SQLITE, setting(SECRET_KEY="abcabcabc" * 9),
           "secret key is strong", "SECRET_KEY is weak"),
    Broken("no second factor", SQLITE, setting(STAFF_MFA="optional"),
           "staff need a second factor", "STAFF_MFA is optional"),
    Broken("no rate limits", SQLITE, setting(PORTAL_RATE_LIMITS="off"),
           "rate limits are on", "PORTAL_RATE_LIMITS is off"),
    Broken("no HTTPS", SQLITE, setting(PORTAL_HTTPS="off"),
           "https is on", "PORTAL_HTTPS is off"),
    Broken("an expired certificate", SQLITE, front(certificate=Certificate(ends_in_days=-1)),
           "certificate is valid", "has expired"),
    Broken("a certificate that expires", SQLITE, front(certificate=Certificate(ends_in_days=3.5)),
           "certificate is valid", "expires in 3 days"),
    Broken("another site's certificate", SQLITE,
           front(certificate=Certificate(address="127.0.0.9")),
           "certificate is valid", "is for another name"),
    Broken("a certificate nobody trusts", SQLITE, other_certificate_authority,
           "certificate is valid", "is not trusted"),
    Broken("a proxy that drops headers", SQLITE, front(faults=Faults(drops_headers=True)),
           "headers protect visitors", "Strict-Transport-Security, Content-Security-Policy, X-Con"),
    Broken("a proxy that sets no X-Forwarded-Proto", SQLITE,
           front(faults=Faults(forgets_proto=True)),
           "site can be reached", "answers with status 301"),
    Broken("a proxy that believes visitors", SQLITE, front(faults=Faults(passes_on_proto=True)),
           "only the proxy says what is https", "passes on X-Forwarded-Proto"),
    Broken("a proxy that hides the host", SQLITE, front(faults=Faults(passes_on_no_host=True)),
           "other names are refused", "answers to any name"),
    Broken("a stopped PostgreSQL", SQLITE, setting(DATABASE_URL=f"postgresql://portal@{HOST}:1/x"),
           "database answers", "can't be reached"),
    Broken("a superuser", POSTGRESQL, lambda at: at.env.update(DATABASE_URL=at.administrator),
           "database role is no superuser", "postgres of DATABASE_URL is a superuser"),
    Broken("a role without rights", POSTGRESQL,
           sql("CREATE ROLE poor LOGIN", "ALTER DATABASE {db} OWNER TO postgres",
               "REASSIGN OWNED BY portal TO postgres", "GRANT SELECT ON ALL TABLES IN SCHEMA public"
               " TO portal"),
           "database role has its rights", "may not read or write [0-9]+ tables"),
    Broken("a role that can't migrate", POSTGRESQL,
           sql("REASSIGN OWNED BY portal TO postgres", "GRANT ALL ON ALL TABLES IN SCHEMA public"
               " TO portal"),
           "database role has its rights", "may not create or alter tables"),
    Broken("a read-only database", POSTGRESQL,
           sql("ALTER DATABASE {db} SET default_transaction_read_only = on"),
           "database takes changes", "The database is read-only"),
    Broken("a replica that is gone", POSTGRESQL, replica_gone,
           "replicas keep up", "No replica is connected to the replication slot second"),
    Broken("a pool that is too large", POSTGRESQL, setting(PORTAL_DATABASE_POOL="96"),
           "database has connections left", "of 100 database connections .* may open"),
    Broken("clocks apart", POSTGRESQL, clock_apart,
           "clocks agree", "1080[0-9] seconds apart"),
]  # fmt: skip


# --- What the doctor says -------------------------------------------------------------------------


#: Also tried in test_doctor.py, in the same process: here only in `make proof`.
TRIED_TWICE = {
    *("an open data folder", "a request that waits in the spool", "no backup", "no mail server"),
    *("a mail server that is gone", "details of errors", "a weak secret key", "no HTTPS"),
    *("no second factor", "no rate limits", "a certificate that expires", "a silent worker"),
}


def name_of(broken: Broken) -> str:
    return broken.name.replace(" ", "-")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(each, marks=[pytest.mark.proof] * (each.name in TRIED_TWICE), id=name_of(each))
        for each in TABLE
    ],
)
def test_the_doctor_names_what_is_broken_and_exits_with_1(
    broken: Broken, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    original = request.getfixturevalue(broken.on)
    with copied(original, tmp_path / "copy", name_of(broken)) as at:
        broken.breaks(at)
        told = at.ask_doctor()
    assert told.status == 1
    assert broken.check in told.wrong, told.wrong
    assert re.search(broken.says, told.wrong[broken.check]), told.wrong[broken.check]
    assert told.results[broken.check]["what_to_do"]
    assert list(told.results) == list(doctor.all_checks()), "the others ran as well"
    for secret in (PASSWORD, "wr0ng-one", at.env.get("SECRET_KEY", "x" * 9), at.env["FIELD_KEYS"]):
        assert secret not in told.output
    assert "Traceback" not in told.output


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
def test_the_doctor_finds_nothing_wrong_with_a_whole_installation(
    on: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with copied(request.getfixturevalue(on), tmp_path / "copy", "whole") as at:
        told = at.ask_doctor("--mail-to", "operator@example.org")
        verdicts = {name: each["verdict"] for name, each in told.results.items()}
    # The certificate's port is not the usual one, so there is no plain HTTP beside it.
    assert verdicts.pop("plain http leads to https") == "untried"
    assert set(verdicts.values()) == {"ok"}, told.output
    assert told.status == 0
    assert "trial email is accepted" in verdicts
    assert b"To: operator@example.org" in at.mail.messages[-1]


def test_the_table_has_at_least_fifteen_set_ups_with_names_of_their_own() -> None:
    assert len({broken.name for broken in TABLE}) == len(TABLE) >= 15
