"""The files of pictures beside a post: a folder, or a zip. Never anything from the network."""

import zlib
from collections.abc import Iterator
from functools import cached_property
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from articles.images.files import MAX_BYTES
from articles.posts import words
from articles.posts.html_reading import name_picture

PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
_MOST_FILES = 50_000
#: What zipfile raises for a part that is damaged, encrypted, or packed in a way it doesn't know.
UNPACKING_ERRORS = (
    *(BadZipFile, EOFError, LZMAError, NotImplementedError, OSError, RuntimeError, ValueError),
    zlib.error,
)


class PictureFiles:
    """Finds a picture by the name that it has here; of its sizes, the largest file.

    Raise OSError if the folder or archive can't be read.
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    def find(self, name: str) -> tuple[str, bytes] | None:
        """Return the file's name and its bytes, one more than is accepted if it is too large."""
        found = self._known.get(name)
        return (found, self._read(found)) if found else None

    @cached_property
    def _known(self) -> dict[str, str]:
        largest: dict[str, tuple[int, str]] = {}
        for number, (path, size) in enumerate(self._list()):
            if number >= _MOST_FILES:
                break
            if path.lower().endswith(PICTURE_ENDINGS):
                name = name_picture(path)
                largest[name] = max(largest.get(name, (-1, "")), (size, path))
        return {name: path for name, (_, path) in largest.items()}

    @cached_property
    def _archive(self) -> ZipFile | None:
        if not self._place.is_file():
            return None
        try:
            return ZipFile(self._place)
        except BadZipFile as error:
            raise OSError(0, "not a zip file") from error

    def _list(self) -> Iterator[tuple[str, int]]:
        if self._archive:
            yield from ((part.filename, part.file_size) for part in self._archive.infolist())
            return
        for path in sorted(self._place.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(self._place).as_posix(), path.stat().st_size

    def _read(self, path: str) -> bytes:
        if not self._archive:
            with (self._place / path).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        try:
            with self._archive.open(path) as part:
                return part.read(MAX_BYTES + 1)
        except UNPACKING_ERRORS as error:
            raise OSError(0, words.NOT_UNPACKED % {"path": path}) from error
