"""Explains what keeps a command from working on this machine, and what to do about it."""

import errno
import os
import shutil
from pathlib import Path

from portal.config import environment

#: Bytes. With less free, the next write may not fit.
LEAST_ROOM = 50_000_000


def describe(error: BaseException) -> str | None:
    """Say what a disk, a folder or a database server refused; None for a bug of ours.

    The database's own message is left out, because it may name a password or a row.
    """
    from django.db import InterfaceError, OperationalError

    if isinstance(error, OperationalError | InterfaceError):
        return _describe_database(str(error))
    return _describe_system(error) if isinstance(error, OSError) else None


def _describe_system(error: OSError) -> str | None:
    place = Path(str(error.filename or environment.data_dir()))
    match error.errno:
        case errno.ENOSPC:
            return f"The disk with {place.parent} is full. Free up space and try again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{place} can't be written to. {_what_to_do()}"
        case errno.ENOTDIR | errno.EEXIST:
            return find_folder_trouble(place.parent) or find_folder_trouble(place)
        case errno.EADDRINUSE:
            return "The port is already in use. Choose another with PORT."
        case _:
            return None


def find_folder_trouble(folder: Path) -> str | None:
    """Say why nothing can be written there; None if it can, or the folder can be created."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        return f"{there} is a file, but a folder is needed. {_what_to_do()}"
    if not os.access(there, os.W_OK | os.X_OK) or os.statvfs(there).f_flag & os.ST_RDONLY:
        return f"{there} can't be written to. {_what_to_do()}"
    if shutil.disk_usage(there).free < LEAST_ROOM:
        return f"The disk with {there} is full. Free up space and try again."
    return None


def _describe_database(said: str) -> str | None:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "postgresql":
        return (
            "The database isn't responding or refused the connection. Check that the server in "
            "DATABASE_URL is running and that its name, user, and password are right."
        )
    path = Path(settings.DATABASES["default"]["NAME"])
    sentences = {
        "full": f"The disk with {path.parent} is full. Free up space and try again.",
        "no such table": "The database isn't ready yet. Run `manage.py migrate` first.",
        "locked": f"{path} is in use by another program. Try again when that program has ended.",
        "readonly": f"{path} can't be written to. {_what_to_do()}",
        "unable to open": f"{path} can't be opened as a database. {_what_to_do()}",
    }
    words = (sentence for sign, sentence in sentences.items() if sign in said)
    return find_folder_trouble(path.parent) or next(words, None)


def _what_to_do() -> str:
    return "Give this user write access, or set PORTAL_DATA_DIR to another folder."
