"""Posts from files, read as drafts.

Two shapes are read: the plain blog post (title, a line “Posted and filed under …”, paragraphs, a
reference, a closing call to action) and Markdown with front matter.
"""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from articles import publishing
from articles.models import Article, Category
from articles.publishing import Content

if TYPE_CHECKING:
    from portal.models import User

MAX_BYTES = 1_000_000
_TITLE_LENGTH = Article._meta.get_field("title").max_length or 0
_SUMMARY_LENGTH = Article._meta.get_field("summary").max_length or 0
_SLUG_LENGTH = Article._meta.get_field("slug").max_length or 0
_CATEGORY_LENGTH = Category._meta.get_field("name").max_length or 0

_FILED_UNDER = re.compile(r"posted\b.*\bfiled under\s+(?P<names>.+?)\.?", re.IGNORECASE)
_REFERENCE = re.compile(r"references?:\s*", re.IGNORECASE)
# The post's own invitation: the portal has one, on every article.
_CALL_TO_ACTION = re.compile(r"speak with\b.*\bcare coordinators?\b.*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Malformed(Exception):
    """A file that is no post, with the line where reading it ended and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Post:
    content: Content
    categories: tuple[str, ...]


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


# --- Reading --------------------------------------------------------------------------------------


def read_post(raw: bytes) -> Post:
    """Raise Malformed where the bytes are not a post of a known shape."""
    if len(raw) > MAX_BYTES:
        raise Malformed(1, f"the file is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise Malformed(number, "not UTF-8 text; save the file as UTF-8") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if _CONTROL.search(line):
            raise Malformed(number, "a control character stands in the text")
    if lines[0].rstrip() == "---":
        return _read_markdown(lines)
    return _read_plain(lines)


@dataclass
class _Block:
    """Lines between two blank ones, with the number of the first."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    follows_blank = True
    for number, line in enumerate(lines, start=1):
        words = " ".join(line.split())
        if words and follows_blank:
            blocks.append(_Block(number))
        if words:
            blocks[-1].lines.append(words)
        follows_blank = not words
    return blocks


def _read_plain(lines: list[str]) -> Post:
    blocks = _blocks(lines)
    if not blocks:
        raise Malformed(1, "the file is empty")
    title, *rest = blocks
    if len(title.lines) > 1:
        raise Malformed(title.line + 1, "the title has to be one line with a blank line after it")
    if not rest:
        raise Malformed(title.line, "nothing follows the title")
    filed, *rest = rest
    match = _FILED_UNDER.fullmatch(filed.text)
    if not match:
        raise Malformed(
            filed.line, "expected “Posted and filed under” and the categories, after the title"
        )
    if rest and _CALL_TO_ACTION.fullmatch(rest[-1].text):
        rest.pop()
    references = [
        _REFERENCE.sub("", line, count=1)
        for block in rest
        if _REFERENCE.match(block.text)
        for line in block.lines
    ]
    paragraphs = [block.text for block in rest if not _REFERENCE.match(block.text)]
    if not paragraphs:
        raise Malformed(filed.line, "no paragraph follows the categories")
    return Post(
        content=Content(
            title=_short_enough(title.text, _TITLE_LENGTH, "the title", title.line),
            body="\n\n".join(_escape_markdown(paragraph) for paragraph in paragraphs),
            references="\n".join(line for line in references if line),
        ),
        categories=_category_names(match["names"].split(","), filed.line),
    )


def _escape_markdown(text: str) -> str:
    """Plain words as Markdown that reads the same: “*” stays an asterisk."""
    text = re.sub(r"([\\`*_\[\]<])", r"\\\1", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"^([#>~|=+-])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)


def _read_markdown(lines: list[str]) -> Post:
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise Malformed(1, "the front matter has no closing line “---”")
    try:
        front = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.MarkedYAMLError as error:
        number = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Malformed(number, f"the front matter is not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed(1, "the front matter is not YAML") from error
    if not isinstance(front, dict):
        raise Malformed(1, "the front matter has to be lines of “key: value”")
    body = "\n".join(lines[end + 1 :]).strip()
    if not body:
        raise Malformed(end + 1, "no text follows the front matter")
    title = _line_of_text(front, "title", _TITLE_LENGTH)
    if not title:
        raise Malformed(1, "the front matter has no title")
    slug = _line_of_text(front, "slug", _SLUG_LENGTH)
    if slug and slug != slugify(slug):
        raise Malformed(1, f"the slug {slug!r} may hold small letters, digits and hyphens only")
    return Post(
        content=Content(
            title=title,
            slug=slug,
            summary=_line_of_text(front, "summary", _SUMMARY_LENGTH),
            body=body,
            references="\n".join(_list_of_text(front, "references")),
        ),
        categories=_category_names(_list_of_text(front, "categories"), 1),
    )


def _line_of_text(front: dict[Any, Any], key: str, length: int) -> str:
    value = front.get(key, "")
    if not isinstance(value, str):
        raise Malformed(1, f"{key} in the front matter has to be text")
    return _short_enough(" ".join(value.split()), length, key, 1)


def _list_of_text(front: dict[Any, Any], key: str) -> list[str]:
    value = front.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Malformed(1, f"{key} in the front matter has to be a list of texts")
    return [" ".join(item.split()) for item in value]


def _category_names(names: list[str], line: int) -> tuple[str, ...]:
    found = [" ".join(name.split()) for name in names]
    if not found:
        raise Malformed(line, "it is filed under no category")
    for name in found:
        if not slugify(name):
            raise Malformed(line, f"the category {name!r} has no letter or digit")
        _short_enough(name, _CATEGORY_LENGTH, "a category", line)
    return tuple(dict.fromkeys(found))


def _short_enough(value: str, length: int, name: str, line: int) -> str:
    if len(value) > length:
        raise Malformed(line, f"{name} is longer than {length} characters")
    return value


# --- Storing --------------------------------------------------------------------------------------


@transaction.atomic
def import_post(raw: bytes, *, source: str, by: "User | None") -> tuple[Article, Outcome]:
    """Store one file as a draft, or find it again.

    A post is known by its source, or by its very words where the file was moved: the same file
    twice changes nothing, whatever its slug became. A file with new words changes its draft as long
    as nobody worked on that draft here. Raise Malformed, or publishing.Refused where they did.
    """
    post = read_post(raw)
    digest = hashlib.sha256(raw).hexdigest()
    article = (
        Article.objects.filter(source=source).first()
        or Article.objects.filter(source_digest=digest).order_by("id").first()
    )
    if article and article.source_digest == digest:
        if article.source != source:  # moved: its next change has to find it
            Article.objects.filter(pk=article.pk).update(source=source)
        return article, Outcome.UNCHANGED
    categories = [_category(name) for name in post.categories]
    if article is None:
        article = publishing.draft(post.content, categories=categories, by=by)
        outcome = Outcome.CREATED
    elif is_worked_on(article):
        raise publishing.Refused(
            "The file has changed, and so has the article here since it was imported. "
            "Bring the change over by hand."
        )
    else:
        article = publishing.revise(
            article, post.content, categories=categories, version=article.version, by=by
        )
        outcome = Outcome.UPDATED
    article.source = source
    article.source_digest = digest
    article.source_version = article.version
    article.save(update_fields=["source", "source_digest", "source_version"])
    return article, outcome


def is_worked_on(article: Article) -> bool:
    """Whether anybody changed, published or withdrew it here since it was imported."""
    return article.version != article.source_version


def _category(name: str) -> Category:
    slug = slugify(name)
    known = Category.objects.filter(Q(name__iexact=name) | Q(slug=slug)).first()
    return known or Category.objects.create(name=name, slug=slug)
