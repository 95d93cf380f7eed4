"""The door for files: from bytes and a name to posts, each with the reason if it can't be one."""

import hashlib
import re
from collections.abc import Iterator
from functools import partial

from articles.posts import words
from articles.posts.decoding import decode_post
from articles.posts.items import Item
from articles.posts.markdown import read_bare_markdown, read_markdown
from articles.posts.plain_post import read_plain_post
from articles.posts.post import MAX_BYTES, MalformedPost, Post
from articles.text_cleaning import clean_text

#: Bytes of the largest file that is read at all: an export of some thousand posts.
MAX_EXPORT_BYTES = 50_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PAGE = re.compile(r"\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<\?xml\b(?![^>]*>\s*<!doctype html)", re.IGNORECASE)
_EXPORT_MARK = b"wordpress.org/export/"
_ZIP = b"PK\x03\x04"


def read_items(raw: bytes, *, name: str, source: str) -> Iterator[Item]:
    """Yield what a file holds: one post, or all those of an export.

    `source` is by which a file with one post is known again. Raise MalformedPost.
    """
    if len(raw) > MAX_EXPORT_BYTES:
        most = MAX_EXPORT_BYTES // 10**6
        raise MalformedPost(1, words.EXPORT_TOO_LARGE % {"most": most})
    if _is_export(raw):
        from articles.posts.wordpress import is_wordpress, read_export  # only for an export

        text, _ = decode_post(raw)
        if is_wordpress(text):
            yield from read_export(text)
            return
    yield Item(
        label=name,
        source=source,
        digest=hashlib.sha256(raw).hexdigest(),
        read=partial(read_post, raw, name=name),
    )


def read_post(raw: bytes, *, name: str = "") -> Post:
    """Read a file with one post. Raise MalformedPost if the bytes are not in a known format."""
    if raw.startswith(_ZIP):
        from articles.posts.word_document import read_document  # only for a document

        return read_document(raw)
    if len(raw) > MAX_BYTES:
        raise MalformedPost(1, words.FILE_TOO_LARGE % {"most": f"{MAX_BYTES:,}"})
    text, note = decode_post(raw)
    post = _read_text(text, name.lower())
    return post.with_notes(note) if note else post


def _read_text(text: str, name: str) -> Post:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if _CONTROL.search(line):
            raise MalformedPost(number, words.CONTROL_CHARACTER)
    if _PAGE.match(text) or (name.endswith((".html", ".htm")) and "<" in text):
        from articles.posts.html_page import read_page  # only for a page

        return read_page(clean_text("\n".join(lines)))
    if _XML.match(text):
        raise MalformedPost(1, words.OTHER_XML)
    lines = clean_text("\n".join(lines)).split("\n")
    if lines[0].rstrip() == "---":
        return read_markdown(lines)
    if name.endswith((".md", ".markdown")):
        return read_bare_markdown(lines)
    return read_plain_post(lines)


def _is_export(raw: bytes) -> bool:
    return _EXPORT_MARK in raw[:20_000].replace(b"\x00", b"")
