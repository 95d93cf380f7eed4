"""Reading an archive from anywhere, within bounds. Only names that are expected are looked up."""

import json
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from articles.images.files import MAX_BYTES as MAX_PICTURE_BYTES
from articles.posts import MAX_BYTES as MAX_POST_BYTES
from articles.posts.picture_files import UNPACKING_ERRORS

#: Raised when an older release could not read what this one writes.
FORMAT = 1
CONTENTS = "contents.json"
CATEGORIES = "categories.json"
GLOSSARY = "glossary.json"
REFERENCES = "references.json"
PICTURE_LIST = "pictures.json"
ARTICLES, DRAFTS, PICTURES = "articles/{}.md", "drafts/{}.md", "pictures/{}.jpg"
#: Bytes of the largest list: about 20,000 sources.
_MOST_OF_LIST = 10_000_000


class MalformedArchive(Exception):
    """A file that is no archive of this format, with the reason as its text."""


class Archive:
    """An archive that is open for reading. Raise MalformedArchive."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = ZipFile(file)
        except BadZipFile as error:
            raise MalformedArchive("It isn’t a zip file.") from error
        contents = self._load(CONTENTS)
        if not isinstance(contents, dict) or contents.get("format") != FORMAT:
            raise MalformedArchive(f"{CONTENTS} doesn’t say that it has format {FORMAT}.")
        self.articles = _slugs(contents.get("articles", []))
        self.drafts = _slugs(contents.get("drafts", []))
        #: Slugs that an article had, and paths on a site before, each with its slug now.
        self.old_addresses = _texts(contents.get("old_addresses", {}))
        self.old_paths = _texts(contents.get("old_paths", {}))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a list of rows, each a dictionary; empty if the archive lacks it."""
        if name not in self._zip.namelist():
            return []
        rows = self._load(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise MalformedArchive(f"{name} isn’t a list of rows.")
        return rows

    def post(self, name: str) -> bytes:
        """Return a post; one that is too large by one byte more than is accepted."""
        return self._read(name, MAX_POST_BYTES)

    def picture(self, name: str) -> bytes:
        """Return a picture; one that is too large by one byte more than is accepted."""
        return self._read(PICTURES.format(name), MAX_PICTURE_BYTES)

    def _load(self, name: str) -> Any:
        raw = self._read(name, _MOST_OF_LIST)
        if len(raw) > _MOST_OF_LIST:
            raise MalformedArchive(f"{name} is larger than {_MOST_OF_LIST:,} bytes.")
        if b"\\u0000" in raw:  # which no database looks up
            raise MalformedArchive(f"{name} has a null character.")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise MalformedArchive(f"{name} can’t be read.") from error

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self._zip.open(name) as file:
                return file.read(most + 1)
        except KeyError as error:
            raise MalformedArchive(f"{name} is missing.") from error
        except UNPACKING_ERRORS as error:
            raise MalformedArchive(f"{name} can’t be unpacked.") from error


def _slugs(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise MalformedArchive(f"{CONTENTS} has a list of articles that can’t be read.")
    return list(dict.fromkeys(value))


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise MalformedArchive(f"{CONTENTS} has old addresses that can’t be read.")
    return value
