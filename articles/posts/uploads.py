"""Uploaded files, from the preview of an import to its end: each import has a folder of its own.

Files are named by number, because what an upload is called is written by whoever made it.
"""

import os
import shutil
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

#: Pictures are served by name from one folder, and none of their names starts with a dot.
_FOLDER = ".imports"


def save_upload(key: UUID, files: Sequence[bytes]) -> None:
    """Save the files so that only the site can read them. Raise OSError, and leave nothing."""
    folder = _folder() / key.hex
    try:
        folder.mkdir(mode=0o700, parents=True)
        for number, content in enumerate(files):
            with open(folder / str(number), "xb", opener=_open_private) as file:
                file.write(content)
    except BaseException:
        delete_upload(key)
        raise


def upload_path(key: UUID, number: int) -> Path:
    return _folder() / key.hex / str(number)


def delete_upload(key: UUID) -> None:
    shutil.rmtree(_folder() / key.hex, ignore_errors=True)


def delete_orphans(kept: Collection[UUID], *, before: datetime) -> None:
    """Delete what a process that died has left: folders older than `before` without an import."""
    names = {key.hex for key in kept}
    for folder in _folder().glob("*"):
        if folder.name not in names and folder.stat().st_mtime < before.timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / _FOLDER


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
