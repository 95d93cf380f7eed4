"""What a machine does not let a command do, in a sentence that says what to do about it."""

import errno
import os
import shutil
from pathlib import Path

from portal.config import environment

#: Bytes. With less, the next thing that is written may not fit.
LEAST_ROOM = 50_000_000


def describe(error: BaseException) -> str | None:
    """A sentence for what a disk, a folder or a database server refused; None for a fault of ours.

    Nothing of what a database said is in it: that may name a password or a row.
    """
    from django.db import InterfaceError, OperationalError

    if isinstance(error, OperationalError | InterfaceError):
        return _describe_database(str(error))
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.ENOSPC:
        return f"The disk is full{_at(error)}. Make room and try again."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        name = error.filename or environment.data_dir()
        return f"{name} cannot be written. {_what_to_do()}"
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        place = Path(str(error.filename or environment.data_dir()))
        return find_folder_trouble(place.parent) or find_folder_trouble(place)
    if error.errno == errno.EADDRINUSE:
        return "The port is in use. Choose another with PORT."
    return None


def find_folder_trouble(folder: Path) -> str | None:
    """Why nothing can be written there; None where it can, or where the folder can be made."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        return f"{there} is a file, and a folder is needed. {_what_to_do()}"
    if not os.access(there, os.W_OK | os.X_OK) or os.statvfs(there).f_flag & os.ST_RDONLY:
        return f"{there} cannot be written. {_what_to_do()}"
    if shutil.disk_usage(there).free < LEAST_ROOM:
        return f"The disk of {there} is full. Make room and try again."
    return None


def _describe_database(said: str) -> str | None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "postgresql":
        return (
            "The database does not answer, or does not let us in. Is the server of DATABASE_URL "
            "running, and are its name, user and password right?"
        )
    path = Path(settings.DATABASES["default"]["NAME"])
    if trouble := find_folder_trouble(path.parent):
        return trouble
    if path.is_dir():
        return f"{path} is a folder, and the database's file is needed there."
    if path.exists() and not os.access(path, os.W_OK):
        return f"{path} cannot be written. {_what_to_do()}"
    if "full" in said:
        return f"The disk of {path.parent} is full. Make room and try again."
    if "no such table" in said:
        return "The database is not prepared yet. Run `manage.py migrate` first."
    if "locked" in said:
        return f"{path} is in use by another program. Try again when that has ended."
    return None


def _at(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""


def _what_to_do() -> str:
    return "Let this user write there, or name another folder with PORTAL_DATA_DIR."
