"""Posts as files: plain blog posts, and Markdown with front matter, which is also written."""

import re

from articles.posts.markdown import read_markdown, write_markdown
from articles.posts.plain import read_plain
from articles.posts.post import MAX_BYTES, PICTURES, Malformed, Post, Shown
from articles.typed_text import clean_text

__all__ = ["MAX_BYTES", "PICTURES", "Malformed", "Post", "Shown", "read_post", "write_markdown"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
    lines = clean_text("\n".join(lines)).split("\n")
    if lines[0].rstrip() == "---":
        return read_markdown(lines)
    return read_plain(lines)
