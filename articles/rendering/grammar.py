"""The text format: Markdown, with citations, findings, parts, and pictures from the library.

docs/writing.md explains what each means. Here, text is parsed once, for the page and for checks.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from articles.rendering.required_parts import MORE

#: How deeply lists, quotations, and emphasis can be nested.
DEEPEST = 20

CITATION = "citation"
PART_OPEN, PART_CLOSE = "container_part_open", "container_part_close"

_CITATION = re.compile(r"\[(@[\w.-]{1,64}(?:[ \t]*;[ \t]*@[\w.-]{1,64}){0,19})[ \t]*\](?!\()")
_PICTURE = re.compile(r"image:([\w.-]{1,200})", re.ASCII)
_DRAWING = re.compile(r"drawing:([\w.-]{1,200})", re.ASCII)


def parse(markdown: str) -> list[Token]:
    # End the last line too: the plugin for parts reads one character past an empty line.
    return _markdown.parse(_storable(markdown) + "\n")


def parse_lines(markdown: str) -> list[tuple[int, Token]]:
    """Return each non-empty line as one inline token, with its number from 1.

    A list marker at the start is removed, because each line already is a list item.
    """
    lines = (
        re.sub(r"^[-*+](?:\s+|$)", "", line.strip()) for line in _storable(markdown).split("\n")
    )
    return [
        (number, _markdown.parseInline(line)[0]) for number, line in enumerate(lines, 1) if line
    ]


def citation_keys(token: Token) -> tuple[str, ...]:
    """Return the keys of a citation token, in the order written."""
    return tuple(token.meta["keys"])


def image_name(token: Token) -> str:
    """Return an image token's name; empty if it doesn't point to an image in the library."""
    found = _PICTURE.fullmatch(str(token.attrs.get("src", "")))
    return found[1] if found else ""


def drawing_name(token: Token) -> str:
    """Return an image token's name; empty if it doesn't point to a drawing of the project's own."""
    found = _DRAWING.fullmatch(str(token.attrs.get("src", "")))
    return found[1] if found else ""


def is_decorative(token: Token) -> bool:
    return str(token.attrs.get("title", "")).strip().lower() == "decorative"


def stands_alone(token: Token) -> bool:
    """Return whether a paragraph contains nothing but pictures."""
    types = {child.type for child in token.children or ()}
    return "image" in types and types <= {"image", "softbreak", "hardbreak"}


def part_name(token: Token) -> str:
    return token.info.strip()


def is_more(token: Token) -> bool:
    return token.type == PART_OPEN and token.info.split()[:1] == [MORE]


def more_title(token: Token) -> str:
    """Return the words that readers tap to open it; empty if it has none of its own."""
    return " ".join(token.info.split()[1:])


def is_closed(token: Token, lines: Sequence[str]) -> bool:
    """Return whether a part has its last line. `lines` are those of the body."""
    end = token.map[1] if token.map else 0
    return end < len(lines) and lines[end].lstrip().startswith(":::")


def is_finding(token: Token) -> bool:
    return token.type == "fence" and token.info.split()[:1] == ["finding"]


def line_of(token: Token) -> int:
    """Return the line number, from 1."""
    return token.map[0] + 1 if token.map else 1


def _cite(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    if not state.src.startswith("[@", state.pos):
        return False
    found = _CITATION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push(CITATION, "", 0)
        token.content = found[0]
        token.meta = {"keys": [key.strip().removeprefix("@") for key in found[1].split(";")]}
    state.pos = found.end()
    return True


def _is_part(params: str, markup: str) -> bool:
    return bool(params.strip())


def _storable(words: str) -> str:
    """Replace lone surrogates, which can't be encoded."""
    return words.encode("utf-8", "replace").decode()


_markdown = MarkdownIt(
    "commonmark", {"html": False, "typographer": False, "maxNesting": DEEPEST}
).enable("table")
_markdown.inline.ruler.before("link", CITATION, _cite)
container_plugin(_markdown, "part", validate=_is_part)
