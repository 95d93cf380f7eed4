"""A text in units that can be compared: its words, numbers, marks, citations, and pictures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from articles.content import Content
from articles.rendering import grammar

_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u2011": "-", "\u00a0": " "})
#: Stands for what is no text: a citation, a picture, code. Cleaned texts don't have it.
_THING = "\ue000"
#: Whatever touches a digit is one unit with it: “1. 5” is not “1.5”.
_UNIT = re.compile(rf"{_THING}|[^\s{_THING}]*\d[^\s{_THING}]*|[^\W\d_]+(?:['-][^\W\d_]+)*|\S")
_ENDS = frozenset(".!?")


@dataclass(frozen=True)
class Unit:
    """A word, a number, a mark, or a thing, and how it is shown: its emphasis, its link."""

    text: str
    style: frozenset[str] = frozenset()


@dataclass
class Block:
    """One paragraph, heading, list item, or cell."""

    where: str
    units: list[Unit] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [unit.text for unit in self.units]

    def begins_sentence(self, place: int) -> bool:
        return place == 0 or self.units[place - 1].text in _ENDS


def read_text(content: Content) -> tuple[list[object], list[Block]]:
    """Return what the text is built of, and its blocks in order."""
    points = grammar.parse_lines(content.key_points)
    tokens = grammar.parse(content.body)
    shape = [len(points), *(_shape_of(token) for token in tokens)]
    summary = Token("text", "", 0, content=content.summary)
    blocks = [
        Block("summary", _units([summary])),
        *(Block(f"key points line {line}", _units(token.children)) for line, token in points),
        *(
            Block(f"body line {grammar.line_of(token)}", _units(token.children))
            for token in tokens
            if token.type == "inline"
        ),
    ]
    return shape, blocks


def _shape_of(token: Token) -> object:
    if token.type == "inline":
        return token.type
    attributes = sorted(token.attrs.items())
    return (token.type, token.tag, token.level, token.info, token.content, attributes)


def _units(children: Sequence[Token] | None) -> list[Unit]:
    text, styles, things = _Flat().add(children or ()).finish()
    return [
        Unit(
            things.get(found.start(), found[0]),
            frozenset().union(*styles[found.start() : found.end()]),
        )
        for found in _UNIT.finditer(text)
    ]


class _Flat:
    """The text of one block in one piece, with how each character is shown."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._styles: list[frozenset[str]] = []
        self._things: dict[int, str] = {}
        self._open: list[str] = []

    def add(self, children: Iterable[Token]) -> "_Flat":
        for child in children:
            if child.nesting > 0:
                # A link counts with its address.
                attributes = "".join(f" {name}={value}" for name, value in child.attrs.items())
                self._open.append(child.tag + attributes)
            elif child.nesting < 0:
                self._open.pop()
            elif child.type in {"softbreak", "hardbreak"}:
                self._write(" ")
            elif child.type == "text":
                self._write(child.content.translate(_TYPOGRAPHY))
            elif child.type == "image":
                self._picture(child)
            else:
                self._thing(f"{child.type} {child.content}")
        return self

    def finish(self) -> tuple[str, list[frozenset[str]], dict[int, str]]:
        return "".join(self._text), self._styles, self._things

    def _picture(self, image: Token) -> None:
        caption = str(image.attrs.get("title", ""))
        is_decorative = grammar.is_decorative(image)
        self._thing(f"picture {image.attrs.get('src')} {is_decorative}")
        self._write(image.content.translate(_TYPOGRAPHY))
        self._thing("caption")
        self._write(caption.translate(_TYPOGRAPHY))
        self._thing("end of picture")

    def _write(self, text: str) -> None:
        self._text += text
        self._styles += [frozenset(self._open)] * len(text)

    def _thing(self, what: str) -> None:
        self._things[len(self._text)] = what
        self._write(_THING)
