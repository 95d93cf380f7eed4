"""The plain blog post: a title, a line “Posted and filed under …”, paragraphs, and a reference."""

import re
from dataclasses import dataclass, field

from articles.bibliography.citations import read_citations
from articles.content import Content
from articles.languages import ORIGINAL
from articles.posts import words
from articles.posts.filed_under import read_filed_under
from articles.posts.post import (
    TITLE_LENGTH,
    MalformedPost,
    Post,
    check_length,
    cite_uncited,
    clean_category_names,
)

_REFERENCE = re.compile(r"references?:\s*", re.IGNORECASE)
# The post's own invitation is dropped, because the portal shows one on every article.
_CALL_TO_ACTION = re.compile(r"speak with\b.*\bcare coordinators?\b.*", re.IGNORECASE)


@dataclass
class _Block:
    """Lines between blank lines, with the number of the first one."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    follows_blank = True
    for number, line in enumerate(lines, start=1):
        text = " ".join(line.split())
        if text and follows_blank:
            blocks.append(_Block(number))
        if text:
            blocks[-1].lines.append(text)
        follows_blank = not text
    return blocks


def read_plain_post(lines: list[str]) -> Post:
    """Read a plain post, which doesn't say what each reference supports. Raise MalformedPost."""
    blocks = _blocks(lines)
    if not blocks:
        raise MalformedPost(1, words.FILE_EMPTY)
    title, *rest = blocks
    if len(title.lines) > 1:
        raise MalformedPost(title.line + 1, words.TITLE_ONE_LINE)
    if not rest:
        raise MalformedPost(title.line, words.NOTHING_AFTER_TITLE)
    filed, rest = _take_categories(rest)
    language, names = read_filed_under(filed.text) or (ORIGINAL, [])
    if rest and _CALL_TO_ACTION.fullmatch(rest[-1].text):
        rest.pop()
    sources = read_citations(
        _REFERENCE.sub("", line, count=1)
        for block in rest
        if _REFERENCE.match(block.text)
        for line in block.lines
    )
    paragraphs = [block.text for block in rest if not _REFERENCE.match(block.text)]
    if not paragraphs:
        raise MalformedPost(filed.line, words.NO_PARAGRAPH)
    body = "\n\n".join(_escape_markdown(paragraph) for paragraph in paragraphs)
    return Post(
        content=Content(
            title=check_length(title.text, TITLE_LENGTH, words.THE_TITLE, title.line),
            body=cite_uncited(body, sources, set(), language),
        ),
        language=language,
        categories=clean_category_names(names, filed.line),
        sources=tuple(sources),
    )


def _take_categories(blocks: list[_Block]) -> tuple[_Block, list[_Block]]:
    """Return the line with the categories, the first or the last, and the other blocks."""
    if read_filed_under(blocks[0].text):
        return blocks[0], blocks[1:]
    last = next((n for n in (-1, -2) if len(blocks) > -n and read_filed_under(blocks[n].text)), 0)
    if not last:
        raise MalformedPost(blocks[0].line, words.NO_CATEGORY_LINE)
    filed = blocks.pop(last)
    return filed, blocks


def _escape_markdown(text: str) -> str:
    """Escape plain text so that it reads the same as Markdown: “*” stays an asterisk."""
    text = re.sub(r"([\\`*_\[\]<])", r"\\\1", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"^([#>~|=+:-])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
