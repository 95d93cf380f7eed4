"""Where the files of pictures lie, named for what is in them, and how they go out.

A name says what its file holds, so that a file never changes: the same picture sent twice is the
same files, and caches may keep them for ever.
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
    """A folder in which a file is whole or not there, and on the disk once it is acknowledged."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A file of that name holds the same."""
        return name

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A name with a dot before it is never served.
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
    """Keep what is not there yet. Raise OSError where it cannot be."""
    for name, content in files.items():
        if not _storage().exists(name):
            _storage().save(name, ContentFile(content))


def load_file(name: str) -> bytes | None:
    """What the file holds; None where there is none, or where no file of ours has such a name."""
    if not is_file_name(name):
        return None
    with suppress(FileNotFoundError), _storage().open(name) as file:
        return bytes(file.read())
    return None


def is_file_name(name: str) -> bool:
    """Whether a file of ours may have it."""
    return _NAME.fullmatch(name) is not None


def has_file(name: str) -> bool:
    return _storage().exists(name)


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        _storage().delete(name)


def _storage() -> Storage:
    return storages["images"]


def _flush(folder: Path) -> None:
    """A new name is safe once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
