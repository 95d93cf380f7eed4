"""Archives of sites that are made for them, and lost."""

import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

from django.db import transaction

from articles.archive import Archive, People, import_archive, write_archive


def archived(make: Callable[[], Any]) -> bytes:
    """Return the archive of a site that `make` makes; nothing of it is left in the database."""
    place = transaction.savepoint()
    make()
    file = io.BytesIO()
    write_archive(file)
    transaction.savepoint_rollback(place)
    return file.getvalue()


def bring_in(raw: bytes, people: People) -> list[str]:
    return list(import_archive(Archive(io.BytesIO(raw)), people, interests=("None", "None")))


def files(raw: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(raw: bytes, **lists: Any) -> bytes:
    """Return the archive with other lists, by the name of their file."""
    parts = files(raw) | {f"{name}.json": json.dumps(rows).encode() for name, rows in lists.items()}
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()
