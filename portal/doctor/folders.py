"""Checks of this machine's folders: each writes a file as the portal would, and deletes it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.config import troubles
from portal.config.troubles import LEAST_ROOM
from portal.doctor import Problem, check, host

#: With less than this many times LEAST_ROOM, there is time to act, but not much.
_LITTLE = 10
#: With fewer, no more files can be created, however much room there is.
_LEAST_FILES = 1000
_TRIAL = b"trial\n" * 100


def _folders() -> dict[str, Path]:
    """Return every folder that the portal writes to, by what it is called in a sentence."""
    named = {
        "the data folder": settings.DATA_DIR,
        "the spool": Path(settings.SPOOL_DIR),
        "the folder of pictures": Path(settings.MEDIA_ROOT),
        "the folder of anchors": Path(settings.ANCHORS_FILE).parent,
        "the journal": Path(settings.JOURNAL_DIR),
    }
    if connection.vendor == "sqlite":
        named["the folder of the database"] = Path(connection.settings_dict["NAME"]).parent
    return named


def _nearest(folder: Path) -> Path:
    """Return the folder, or the one that it would be created in."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


@contextmanager
def _trial_file(folder: Path) -> Iterator[Path]:
    """Write a file that would survive a power cut, and delete it. Raise OSError."""
    path = folder / f".doctor-{os.getpid()}"
    try:
        with path.open("xb") as file:
            file.write(_TRIAL)
            file.flush()
            os.fsync(file.fileno())
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _find_problem(folder: Path, name: str, variable: str) -> Problem | None:
    where = f"{name} on {host()}"
    if trouble := troubles.find_folder_trouble(folder):
        what, _, what_to_do = trouble.partition(". ")
        return Problem(f"{where}: {what}.", what_to_do.replace("PORTAL_DATA_DIR", variable))
    try:
        with _trial_file(_nearest(folder)):
            return None
    except OSError as error:
        return Problem(
            f"{where}: nothing can be written to {folder} ({os.strerror(error.errno or 0)}).",
            f"Give this user write access, free up space, or set {variable} to another folder.",
        )


@check
def data_folder_can_be_written() -> Problem | None:
    return _find_problem(settings.DATA_DIR, "The data folder", "PORTAL_DATA_DIR")


@check
def data_folder_is_private() -> Problem | None:
    """Other users of the machine must not read what is in there."""
    folder: Path = settings.DATA_DIR
    if not folder.is_dir() or not folder.stat().st_mode & 0o077:
        return None
    return Problem(f"Other users on this machine can read {folder}.", f"Run chmod 700 {folder}.")


@check
def spool_can_be_written() -> Problem | None:
    """The spool holds requests while the database is down."""
    return _find_problem(Path(settings.SPOOL_DIR), "The spool", "PORTAL_SPOOL")


@check
def journal_can_be_written() -> Problem | None:
    """Without it, nobody can say what a restored backup lacks."""
    return _find_problem(Path(settings.JOURNAL_DIR), "The journal", "PORTAL_JOURNAL")


@check
def pictures_can_be_written() -> Problem | None:
    return _find_problem(Path(settings.MEDIA_ROOT), "The folder of pictures", "PORTAL_MEDIA")


@check
def anchors_can_be_written() -> Problem | None:
    """Without new anchors, someone could remove events, and nobody would notice."""
    file = Path(settings.ANCHORS_FILE)
    if file.exists() and not (file.is_file() and os.access(file, os.W_OK)):
        return Problem(
            f"The anchors on {host()}: {file} can't be written to.",
            "Give this user write access, or set PORTAL_ANCHORS to another file.",
        )
    return _find_problem(file.parent, "The folder of anchors", "PORTAL_ANCHORS")


@check
def new_files_are_private() -> Problem | None:
    """Some file systems, and some umasks, let others read what is written."""
    for name, folder in _folders().items():
        try:
            with _trial_file(_nearest(folder)) as path:
                mode = path.stat().st_mode
        except OSError:
            continue  # another check says so
        if mode & 0o077:
            return Problem(
                f"Other users on {host()} could read new files in {name}, {folder}.",
                "Start the portal with umask 077 (UMask=0077 in systemd), and mount the disk so "
                "that files keep their modes.",
            )
    return None


@check
def disks_have_room() -> Problem | None:
    for name, folder in _folders().items():
        at = _nearest(folder)
        disk = os.statvfs(at)
        if disk.f_files and disk.f_favail < _LEAST_FILES:
            return Problem(
                f"The disk of {name} on {host()} has room for {disk.f_favail} more files only.",
                f"Delete files on the disk with {at}, or move it to another.",
            )
        free = disk.f_bavail * disk.f_frsize
        if LEAST_ROOM <= free < _LITTLE * LEAST_ROOM:
            return Problem(
                f"The disk of {name} on {host()} has {free // 1_000_000} MB left.",
                f"Free up space on the disk with {at}, or give it more.",
                is_advice=True,
            )
    return None
