"""Superscripts, subscripts, and the few HTML tags found in titles, as plain text."""

import html
import re
import sys
import unicodedata
from functools import cache

# “1st” reads just as well on one line.
_ORDINALS = {"st", "nd", "rd", "th", "er", "e", "o", "a"}
_TAG = re.compile(
    r"</?(?:jats:|mml:|html:)?(?:i|em|italic|b|bold|strong|u|span|font|sc|scp|smallcaps|small|p|br"
    r"|title|q|tt|inf|sup|sub|div|math|mi|mn|mo|mrow|msub|msup|mtext)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_RAISED = re.compile(r"<(sup|sub|inf)\b[^<>]{0,100}>([^<>]{0,60})</\1>", re.IGNORECASE)


def raise_script(words: str) -> str:
    """Write “6” as “⁶” if every character has a superscript form; otherwise keep the text."""
    return words if words.lower() in _ORDINALS else _shifted(words, "<super>")


def lower_script(words: str) -> str:
    """Write “4” as “₄”. Letters stay: “Vmax” reads as well, and some have no subscript form."""
    return words if any(map(str.isalpha, words)) else _shifted(words, "<sub>")


def strip_markup(words: str) -> str:
    """Return text without HTML tags and entities; “<30 years” keeps its sign."""
    for _ in range(2):  # “&amp;lt;” was escaped twice
        words = html.unescape(words)
    words = _RAISED.sub(_replace_script, words)
    return _TAG.sub("", words)


def _replace_script(match: re.Match[str]) -> str:
    is_raised = match[1].lower() == "sup"
    return raise_script(match[2]) if is_raised else lower_script(match[2])


def _shifted(words: str, kind: str) -> str:
    shapes = _shapes()[kind]
    # Minus signs are written as hyphens.
    shifted = [shapes.get("−" if each == "-" else each, "") for each in words]  # noqa: RUF001
    return "".join(shifted) if all(shifted) else words


@cache
def _shapes() -> dict[str, dict[str, str]]:
    """Map each kind, raised or lowered, from plain characters to their Unicode forms."""
    found: dict[str, dict[str, str]] = {"<super>": {}, "<sub>": {}}
    for each in map(chr, range(0x00A0, min(0x2100, sys.maxunicode))):
        kind, _, plain = unicodedata.decomposition(each).partition(" ")
        if kind in found and " " not in plain:
            found[kind].setdefault(chr(int(plain, 16)), each)
    return found
