"""Superscripts, subscripts, and the few HTML tags found in titles, as plain text."""

import html
import re
import sys
import unicodedata
from functools import cache

# “1st” reads just as well on one line.
_ORDINALS = {"st", "nd", "rd", "th", "er", "e", "o", "a"}
#: The circle that is raised for a degree sign.
_SIGNS = {"∘": "°"}
#: Private character before a superscript that has no form of its own.
_UP = "\ue000"
_PREFIX = r"(?:jats:|mml:|m:|html:)?"
_SHAPE = re.compile(
    rf"</?{_PREFIX}(?:i|em|italic|b|bold|strong|u|underline|span|font|sc|scp|smallcaps|small|p|br"
    r"|title|q|tt|div|monospace|roman|sans-serif|styled-content)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_TAG = re.compile(
    rf"</?{_PREFIX}(?:inf|sup|sub|math|semantics|mi|mn|mo|ms|mrow|mstyle|mspace|mpadded|mtext"
    r"|mfenced|msub|msup|msubsup|inline-formula|tex-math|alternatives)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_RAISED = re.compile(
    rf"<{_PREFIX}(sup|sub|inf)\b[^<>]{{0,100}}>([^<>]{{0,60}})</{_PREFIX}\1\s*>", re.IGNORECASE
)
#: The innermost formula with a script; its parts are tags too.
_FORMULA = re.compile(
    rf"<{_PREFIX}(msubsup|msup|msub)\b[^<>]{{0,200}}>"
    rf"((?:[^<>]|<(?!/?{_PREFIX}msu[bp])[^<>]{{0,200}}>){{0,600}})</{_PREFIX}\1\s*>",
    re.IGNORECASE,
)
_MATH_TAG = re.compile(rf"<(/?){_PREFIX}([a-z]+)\b[^<>]{{0,200}}?(/?)>", re.IGNORECASE)
_MOST_FORMULAS = 5


def raise_script(words: str) -> str:
    """Write “6” as “⁶” if every character has a superscript form; otherwise keep the text."""
    return words if words.lower() in _ORDINALS else _shifted(words, "<super>")


def mark_raised(words: str) -> str:
    """Raise a script; mark one that stays and is part of a number, for `settle_raised`."""
    bare = words.strip()
    bare = _SIGNS.get(bare, bare)
    raised = raise_script(bare)
    if raised == bare and re.search(r"[\d±×·∞\u03b1-\u03c9]", bare):
        return f"{_UP}{bare}"
    return raised if raised != bare else words.replace(words.strip(), bare)


def settle_raised(words: str) -> str:
    """Write “10^6.5”, because “106.5” is another number; a mark after a word is dropped."""
    return re.sub(rf"(?<=[\d)])\s?{_UP}", "^", words).replace(_UP, "")


def lower_script(words: str) -> str:
    """Write “4” as “₄”. Letters stay: “Vmax” reads as well, and some have no subscript form."""
    return words if any(map(str.isalpha, words)) else _shifted(words, "<sub>")


def strip_markup(words: str) -> str:
    """Return text without HTML tags and entities; “<30 years” keeps its sign."""
    for _ in range(2):  # “&amp;lt;” was escaped twice
        words = html.unescape(words)
    words = _SHAPE.sub("", words)
    for _ in range(_MOST_FORMULAS):
        words, count = _FORMULA.subn(_replace_formula, words)
        if not count:
            break
    for _ in range(2):  # one in another
        words = _RAISED.sub(_replace_script, words)
    return settle_raised(_TAG.sub("", words))


def _replace_formula(match: re.Match[str]) -> str:
    """Write the parts of “msup”, “msub”, or “msubsup” as text with scripts."""
    base, *scripts = [*_math_parts(match[2]), "", "", ""][:3]
    kinds = {"msup": ("sup",), "msub": ("sub",)}.get(match[1].lower(), ("sub", "sup"))
    shift = {"sup": mark_raised, "sub": lower_script}
    pairs = zip(kinds, scripts, strict=False)
    text = base + "".join(shift[kind](script) for kind, script in pairs if script)
    return f"<mrow>{text}</mrow>"


def _math_parts(inside: str) -> list[str]:
    """Return the text of each element at the top."""
    parts: list[str] = []
    depth = end = 0
    for tag in _MATH_TAG.finditer(inside):
        if depth:
            parts[-1] += "".join(inside[end : tag.start()].split())
        if not tag[1] and not depth:
            parts.append("")
        if not tag[3]:
            depth += -1 if tag[1] else 1
        depth, end = max(depth, 0), tag.end()
    return parts


def _replace_script(match: re.Match[str]) -> str:
    is_raised = match[1].lower() == "sup"
    return mark_raised(match[2]) if is_raised else lower_script(match[2])


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
