"""Writes the anchors file: one writer at a time, durably, even after a torn line."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def locked_file(path: Path) -> Iterator[IO[bytes]]:
    """Open the file for appending. Concurrent writers wait; it is released on close."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "ab") as file:  # noqa: PTH123 - a mode of its own
            fcntl.flock(file, fcntl.LOCK_EX)
            if not os.path.samestat(os.fstat(descriptor), path.stat()):
                continue  # it was replaced while we waited
            yield file
            return


def replace_file(path: Path, lines: Iterable[bytes]) -> None:
    """Write these lines in place of the file, which is locked: all of them or none."""
    path = path.resolve()  # a link to another disk stays one
    beside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a mode of its own
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(descriptor)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path)


def append_line(file: IO[bytes], path: Path, line: bytes) -> None:
    """Flush the line and its folder's entry to disk before the database hears of it."""
    is_torn = os.fstat(file.fileno()).st_size > 0 and not _ends_with_newline(path)
    file.write((b"\n" if is_torn else b"") + line + b"\n")
    file.flush()
    os.fsync(file.fileno())
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
