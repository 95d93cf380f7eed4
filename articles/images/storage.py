"""Storage of picture files, which are named for their content.

A name depends on what its file holds, so a file never changes: uploading the same picture twice
gives the same files, and caches can keep them forever.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from articles.images.files import TYPES

_NAME = re.compile(rf"[0-9a-f]{{32}}-[0-9]{{3,4}}\.({'|'.join(TYPES)})")


class ImageStorage(FileSystemStorage):
    """A folder where a file is complete or absent, and is on disk before it is acknowledged."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep the name: an existing file with this name has the same content."""
        return name

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name that starts with a dot is never served.
        draft = NamedTemporaryFile(dir=path.parent, prefix=".", delete=False)  # noqa: SIM115
        try:
            with draft:
                draft.writelines(content.chunks())
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).rename(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
        _flush(path.parent)
        return name


def save_files(files: Mapping[str, bytes]) -> None:
    """Save the files that aren't there yet. Raise OSError if one can't be saved."""
    for name, content in files.items():
        if not _storage().exists(name):
            _storage().save(name, ContentFile(content))


def load_file(name: str) -> bytes | None:
    """Return the file's content; None if it is missing, or if none of our files has such a name."""
    if not is_file_name(name):
        return None
    with suppress(FileNotFoundError), _storage().open(name) as file:
        return bytes(file.read())
    return None


def is_file_name(name: str) -> bool:
    """Return whether one of our files can have this name."""
    return _NAME.fullmatch(name) is not None


def has_file(name: str) -> bool:
    return _storage().exists(name)


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        _storage().delete(name)


def _storage() -> Storage:
    return storages["images"]


def _flush(folder: Path) -> None:
    """Sync the folder too: only then does a new name in it survive a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
