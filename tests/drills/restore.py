"""Everything is lost and comes back: to the latest state, and to an earlier one."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.drills import archive, drill, need_programs
from tests.drills.hospital import Hospital

_BEFORE, _WAITING, _AFTER = 6, 4, 5
#: pgBackRest restores to a moment after a backup's end, and counts in whole seconds.
_WHOLE_SECONDS = 2


@drill("SQLite: everything is lost and restored; an earlier backup says what it lacks")
def lose_sqlite(folder: Path) -> None:
    need_programs("restic")
    hospital = Hospital(folder)
    early = folder / "early.sqlite3"
    copy = hospital.data / "backup" / "portal.sqlite3"
    database = hospital.data / "portal.sqlite3"

    with hospital.serving() as site:
        early_ones = _fill(hospital, lambda count: hospital.send_requests(site, count))
        hospital.back_up_files()
        early.write_bytes(copy.read_bytes())
        late_ones = hospital.send_requests(site, _AFTER)
        erased = _work_and_erase(hospital)
        hospital.back_up_files()
    hospital.lose_files()

    hospital.restore_files("spool", "database", "files")
    copy.replace(database)
    _check_latest(hospital, erased)

    for each in hospital.data.glob("portal.sqlite3*"):
        each.unlink()
    early.replace(database)
    _check_earlier(hospital, early_ones, late_ones, erased)


@drill("PostgreSQL: everything is lost and restored; an earlier moment says what it lacks")
def lose_postgresql(folder: Path) -> None:
    need_programs("restic")
    with archive.running(folder / "postgresql") as server:
        server.pgbackrest("stanza-create")
        hospital = Hospital(folder, server.url)
        with hospital.serving() as site:
            early_ones = _fill(hospital, lambda count: hospital.send_requests(site, count))
            server.pgbackrest("backup", "--type=full")
            time.sleep(_WHOLE_SECONDS)
            moment = str(server.ask("SELECT clock_timestamp()"))
            late_ones = hospital.send_requests(site, _AFTER)
            erased = _work_and_erase(hospital)
            hospital.back_up_files()
            server.archive_everything()
        hospital.lose_files()
        server.lose()

        hospital.restore_files("spool", "files")
        server.restore()
        _check_latest(hospital, erased)

        server.archive_everything()
        server.lose()
        server.restore(until=moment)
        _check_earlier(hospital, early_ones, late_ones, erased)


def _fill(hospital: Hospital, send: Callable[[int], list[str]]) -> list[str]:
    """Have some requests confirmed, and some whose confirmation waits when the backup is made."""
    told = send(_BEFORE)
    with hospital.working():
        hospital.wait_for_mails(_BEFORE)
    hospital.manage("anchor_ledger")
    return told + send(_WAITING)


def _work_and_erase(hospital: Hospital) -> list[str]:
    """After the backup, send the mails that waited in it, and erase two of its requests."""
    with hospital.working():
        hospital.wait_for_mails(_BEFORE + _WAITING + _AFTER)
    erased = [hospital.references[0], hospital.references[_BEFORE + 1]]
    hospital.erase(*erased)
    hospital.manage("anchor_ledger")
    return erased


def _check_latest(hospital: Hospital, erased: list[str]) -> None:
    """Nothing that was acknowledged is lost, and nobody gets a mail twice."""
    told = hospital.manage("after_restore").splitlines()
    assert "0 missing" in told, told
    hospital.check_requests([each for each in hospital.references if each not in erased], erased)
    _let_mails_go(hospital)


def _check_earlier(
    hospital: Hospital, early_ones: list[str], late_ones: list[str], erased: list[str]
) -> None:
    """What is missing is named, what was erased stays erased, and nobody gets a mail twice."""
    count = len(hospital.references)
    with hospital.working():  # before anyone has run after_restore
        hospital.wait_for_trouble("restored")
    hospital.check_mails(count)

    told = hospital.manage("after_restore").splitlines()
    named = [line.split()[1].rstrip(",") for line in told if line.startswith("missing: ")]
    assert named == late_ones, told
    assert f"{len(erased)} requests erased again" in told, told
    assert any(line.startswith(f"{_WAITING} waiting emails had been sent") for line in told), told
    hospital.check_requests([each for each in early_ones if each not in erased], erased)

    again = hospital.manage("after_restore").splitlines()
    assert "0 requests erased again" in again, again
    assert [line for line in again if line.startswith("missing: ")] == [
        line for line in told if line.startswith("missing: ")
    ]
    _let_mails_go(hospital)


def _let_mails_go(hospital: Hospital) -> None:
    hospital.manage("after_restore", "--release")
    hospital.manage("work", "--once")
    hospital.check_mails(len(hospital.references))
    assert "restored" not in hospital.state()["troubles"]
