"""What an upload holds: posts, pictures, and zips of pictures, each known by its ending."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import PurePath
from zipfile import ZipFile

from articles.images.files import MAX_BYTES as MAX_IMAGE_BYTES
from articles.models import Article, PostImport
from articles.posts import words
from articles.posts.html_reading import name_picture
from articles.posts.items import Item
from articles.posts.picture_files import PICTURE_ENDINGS, PictureFiles
from articles.posts.post import MalformedPost
from articles.posts.reading import read_items
from articles.posts.uploads import upload_path

POST_ENDINGS = (".xml", ".html", ".htm", ".docx", ".md", ".markdown", ".txt")
ARCHIVE_ENDING = ".zip"
#: The most posts of one import. An export of more can be made in parts.
MOST_POSTS = 3_000


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file as it came, with the name that it has on its sender's computer."""

    name: str
    content: bytes


def list_posts(upload: Upload) -> list[Item]:
    """Return the posts in a file; none in a picture or a zip. Raise MalformedPost.

    The only post of a file is read, too: what is wrong with it is wrong with the file.
    """
    ending = _ending(upload.name)
    if ending in PICTURE_ENDINGS:
        if len(upload.content) > MAX_IMAGE_BYTES:
            raise MalformedPost(1, words.PICTURE_TOO_LARGE % {"most": MAX_IMAGE_BYTES // 10**6})
        return []
    if ending == ARCHIVE_ENDING:
        _refuse_other_archives(upload.content)
        return []
    if ending not in POST_ENDINGS:
        raise MalformedPost(1, words.OTHER_FILE)
    source = name_source(upload.content)
    items = list(islice(_read(upload, source), MOST_POSTS + 1))
    if len(items) > MOST_POSTS:
        raise MalformedPost(1, words.TOO_MANY_POSTS % {"most": f"{MOST_POSTS:,}"})
    if not items:
        raise MalformedPost(1, words.NO_POSTS)
    if items[0].source == source:
        items[0].read_post()
    return items


def name_source(content: bytes) -> str:
    """Return by what a file with one post is known again: its text, whatever it is called.

    Two people may both have a “draft.docx”, and neither must change the other's article. An article
    that came from this very file in another way keeps the source that it has.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = Article.objects.filter(source_digest=digest).exclude(source="").order_by("id")
    return known.values_list("source", flat=True).first() or f"upload {digest}"


def _read(upload: Upload, source: str) -> Iterator[Item]:
    return read_items(upload.content, name=upload.name, source=source)


def _refuse_other_archives(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception as error:  # a damaged archive raises all kinds of errors
        raise MalformedPost(1, words.NOT_A_ZIP) from error
    if not any(name.lower().endswith(PICTURE_ENDINGS) for name in names):
        raise MalformedPost(1, words.ZIP_WITHOUT_PICTURES)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


class UploadedFiles:
    """The files of an import, read again from where they are kept. Each is read at first use."""

    def __init__(self, post_import: PostImport) -> None:
        self._key = post_import.pk
        self._names: list[str] = post_import.files
        self._read: tuple[int, list[Item]] = (-1, [])

    def item(self, file: int, place: int) -> Item:
        """Return a post by its file and its place there. Raise OSError, MalformedPost."""
        if self._read[0] != file:
            content = upload_path(self._key, file).read_bytes()
            upload = Upload(name=self._names[file], content=content)
            self._read = (file, list(_read(upload, name_source(content))))
        return self._read[1][place]

    def find_picture(self, name: str) -> tuple[str, bytes] | None:
        """Return the name of a picture's file, and its bytes. Raise OSError."""
        if name in self._pictures:
            number = self._pictures[name]
            return self._names[number], upload_path(self._key, number).read_bytes()
        return next(filter(None, (each.find(name) for each in self._archives)), None)

    @cached_property
    def _pictures(self) -> dict[str, int]:
        return {name_picture(self._names[each]): each for each in self._with(*PICTURE_ENDINGS)}

    @cached_property
    def _archives(self) -> list[PictureFiles]:
        return [PictureFiles(upload_path(self._key, each)) for each in self._with(ARCHIVE_ENDING)]

    def _with(self, *endings: str) -> list[int]:
        return [place for place, name in enumerate(self._names) if _ending(name) in endings]
