"""The content of a post file, whatever its format."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext

from articles.content import Content
from articles.languages import ORIGINAL
from articles.models import Category, Revision
from articles.posts import words
from articles.rendering.certainty import Ratings
from articles.rendering.library_snapshot import Source

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_BYTES = 1_000_000
#: The folder next to a post that holds its pictures, each in a file with the picture's name.
PICTURES_FOLDER = "pictures"
TITLE_LENGTH = Revision._meta.get_field("title").max_length or 0
SUMMARY_LENGTH = Revision._meta.get_field("summary").max_length or 0
_CATEGORY_LENGTH = Category._meta.get_field("name").max_length or 0


class MalformedPost(Exception):
    """A file that is not a post, with the line where reading stopped and the reason."""

    def __init__(self, line: int, reason: "str | _StrPromise") -> None:
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = str(reason)


@dataclass(frozen=True, kw_only=True)
class PostImage:
    """A picture that a post shows. Its file is next to the post, in `PICTURES_FOLDER`."""

    name: str
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, kw_only=True)
class Post:
    content: Content
    slug: str = ""
    #: The language it is written in, and the slug of the original if it is a translation.
    language: str = ORIGINAL
    translation_of: str = ""
    categories: tuple[str, ...]
    sources: tuple[Source, ...] = ()
    pictures: tuple[PostImage, ...] = ()
    #: What a reviewer said about its evidence cards, by their number.
    ratings: Ratings = field(default_factory=dict)
    #: Paths that it had on another site, such as “/2019/03/slug” or “/?p=12”.
    old_paths: tuple[str, ...] = ()
    #: Who wrote it there, and when, as that site says: a note for colleagues.
    written_by: str = ""
    written_on: str = ""
    #: Why nobody may publish it without a look, such as that it was a draft there.
    hold: str = ""
    #: Whether another slug is chosen if its own is taken, because nobody here chose it.
    may_change_slug: bool = False
    #: Names under which it is filed if such categories exist. None is created for them.
    tags: tuple[str, ...] = ()
    #: What was read differently from how it is written, for the person who imports it.
    notes: tuple[str, ...] = field(default=(), compare=False)

    def with_notes(self, *notes: str) -> "Post":
        return replace(self, notes=(*self.notes, *notes))


def clean_category_names(names: list[str], line: int) -> tuple[str, ...]:
    found = [" ".join(name.split()) for name in names]
    if not found:
        raise MalformedPost(line, words.NO_CATEGORY)
    for name in found:
        if not slugify(name):
            raise MalformedPost(line, words.CATEGORY_UNREADABLE % {"name": name})
        check_length(name, _CATEGORY_LENGTH, words.A_CATEGORY, line)
    return tuple(dict.fromkeys(found))


def keep_readable_names(names: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the names that categories can have, and the others."""
    found = [" ".join(name.split()) for name in names]
    kept = [name for name in found if slugify(name) and len(name) <= _CATEGORY_LENGTH]
    return tuple(dict.fromkeys(kept)), [name for name in found if name not in kept]


def check_length(value: str, length: int, name: "str | _StrPromise", line: int) -> str:
    if len(value) > length:
        raise MalformedPost(line, words.TOO_LONG % {"field": name, "most": length})
    return value


def check_language(code: str) -> str:
    """Return the code if this site has that language; if it is empty, the language of originals."""
    codes = [each for each, _ in settings.LANGUAGES]
    if code and code not in codes:
        said = {"field": words.THE_LANGUAGE, "value": code, "choices": ", ".join(codes)}
        raise MalformedPost(1, words.NOT_ONE_OF % said)
    return code or ORIGINAL


def cite_uncited(body: str, sources: list[Source], cited: set[str], language: str) -> str:
    """Return the body with a last line, in its language, that cites the sources not cited yet."""
    uncited = [source.key for source in sources if source.key not in cited]
    if not uncited:
        return body
    with translation.override(language):
        heading = gettext("Sources")
    return f"{body}\n\n{heading}: [{'; '.join(f'@{key}' for key in uncited)}]"
