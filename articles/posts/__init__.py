"""Posts as files: plain blog posts, and Markdown with front matter, which can also be written."""

import re

from articles.posts import words
from articles.posts.markdown import read_markdown, write_markdown
from articles.posts.plain_post import read_plain_post
from articles.posts.post import MAX_BYTES, PICTURES_FOLDER, MalformedPost, Post, PostImage
from articles.text_cleaning import clean_text

__all__ = [
    "MAX_BYTES",
    "PICTURES_FOLDER",
    "MalformedPost",
    "Post",
    "PostImage",
    "read_post",
    "write_markdown",
]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def read_post(raw: bytes) -> Post:
    """Read a post. Raise MalformedPost if the bytes are not in a known format."""
    if len(raw) > MAX_BYTES:
        raise MalformedPost(1, words.FILE_TOO_LARGE % {"most": f"{MAX_BYTES:,}"})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise MalformedPost(number, words.NOT_UTF8) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if _CONTROL.search(line):
            raise MalformedPost(number, words.CONTROL_CHARACTER)
    lines = clean_text("\n".join(lines)).split("\n")
    if lines[0].rstrip() == "---":
        return read_markdown(lines)
    return read_plain_post(lines)
