"""Cleaning of typed or pasted text: removes characters that nobody sees.

An invisible character can turn one name, address, or word into two, and copied web pages, phone
keyboards, and word processors add them silently. They are removed here from all input. The
definition is Unicode's: <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>.
"""

import re
import unicodedata
from collections.abc import Iterable

Ranges = Iterable[tuple[int, int]]


def _any_of(*ranges: tuple[int, int]) -> str:
    """Return the inside of a character class."""
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


#: Removed everywhere.
_INVISIBLE = (
    *((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F)),  # controls except tab and line feed
    (0xAD, 0xAD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    *((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E)),  # direction marks, can reverse words
    *((0x115F, 0x1160), (0x3164, 0x3164), (0xFFA0, 0xFFA0)),  # Hangul fillers
    *((0x17B4, 0x17B5), (0x180E, 0x180E)),  # invisible vowel signs
    *((0x200B, 0x200B), (0x2060, 0x206F), (0xFEFF, 0xFEFF)),  # zero-width, and direction isolates
    (0x2800, 0x2800),  # a blank Braille cell
    (0xFFF0, 0xFFFC),  # interlinear annotations, object placeholder
    *((0x13430, 0x13440), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),  # layout controls for signs
    *((0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xFDD0, 0xFDEF)),  # surrogates; private; noncharacters
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
    *((0xE0000, 0xE001F), (0xE0080, 0xE00FF), (0xE01F0, 0xE0FFF), (0xF0000, 0x10FFFF)),
)
_ZWNJ, _ZWJ = "\u200c", "\u200d"
#: Kept only where they change what is shown: joiners, variation selectors, and tags.
_IN_THEIR_PLACE = (
    *((0x200C, 0x200D), (0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F)),
    *((0xE0020, 0xE007F), (0xE0100, 0xE01EF)),
)
_INVISIBLE_ALWAYS = re.compile(f"[{_any_of(*_INVISIBLE)}]")
_INVISIBLE_OR_CONTEXTUAL = re.compile(f"[{_any_of(*_INVISIBLE, *_IN_THEIR_PLACE)}]")
# The flags of England, Scotland, and Wales spell their names in tags.
_CONTEXTUAL_MARK = re.compile(
    "(?P<flag>(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)"
    f"|[{_any_of(*_IN_THEIR_PLACE)}]"
)
# Scripts whose letters join or stack: Arabic to Mandaic, those of India and its neighbors,
# Mongolian, and similar ones above U+FFFF.
_JOINS = (
    *((0x0600, 0x07FF), (0x0840, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1700, 0x180A)),
    (0x1810, 0x18AF),  # skips U+180B to U+180F, which are not letters
    *((0x1900, 0x1CFF), (0xA800, 0xA82F), (0xA840, 0xA95F), (0xA980, 0xAADF), (0xAAE0, 0xAAFF)),
    *((0xABC0, 0xABFF), (0xFB50, 0xFDCF), (0xFE70, 0xFEFE), (0x10A00, 0x10FFF)),
    *((0x11000, 0x11FFF), (0x1E900, 0x1E95F)),
)
_ARABIC = ((0x620, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDCF), (0xFE70, 0xFEFE))
_MONGOLIAN = ((0x1800, 0x18AF),)
# Chinese, Japanese, and Burmese characters: names use variants of them.
_HAS_VARIANTS = (
    *((0x2E80, 0x303F), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD), (0x1000, 0x109F)),
)
_SIGNS = frozenset({"So", "Sm", "Sk"})
_VIRAMA = 9  # its combining class
_KEYCAP = "\u20e3"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85]")


def clean_text(typed: str) -> str:
    """As it is kept: line ends as “\\n”, letters composed (NFC), nothing that nobody sees."""
    text = _LINE_BREAKS.sub("\n", typed)
    if text.isascii():
        return _INVISIBLE_ALWAYS.sub("", text)
    # Normalize before this step too: the character next to a joiner decides whether it stays.
    text = unicodedata.normalize("NFC", _INVISIBLE_ALWAYS.sub("", text))
    return unicodedata.normalize("NFC", _without_strays(text))


def clean_line(typed: str) -> str:
    """Clean text and put it on one line, such as a name: whitespace is folded."""
    return " ".join(clean_text(typed).split())


def clean_code(typed: str) -> str:
    """Clean what machines read or compare, such as an address, a number, or a reference.

    The result is one line with no joiners and with full-width characters as ordinary ones (NFKC).
    """
    return " ".join(unicodedata.normalize("NFKC", drop_invisible(typed)).split())


def fold_spaces(text: str) -> str:
    """Put text on one line, with a space for each control character."""
    return " ".join(_CONTROL.sub(" ", text).split())


def drop_invisible(text: str) -> str:
    """Drop all invisible characters but tab and line feed, even meaningful ones. For comparing."""
    return _INVISIBLE_OR_CONTEXTUAL.sub("", _LINE_BREAKS.sub("\n", text))


def _without_strays(text: str) -> str:
    kept = ""
    parts, last = [], 0
    for found in _CONTEXTUAL_MARK.finditer(text):
        before = text[last : found.start()]
        if before:
            parts.append(before)
            kept = before[-1]
        last = found.end()
        if found["flag"] or _is_meaningful(found[0], kept, text[last : last + 1]):
            parts.append(found[0])
            kept = found[0][-1]
    return "".join([*parts, text[last:]])


def _is_meaningful(mark: str, before: str, after: str) -> bool:
    """Return whether a mark changes how the characters before and after it are shown."""
    if mark in {_ZWNJ, _ZWJ}:
        return _joins(mark, before, after)
    if "\u180b" <= mark <= "\u180f":
        return _is_of(_MONGOLIAN, before)
    if mark == "\ufe0f" and after == _KEYCAP:
        return before in set("0123456789#*")
    is_variant = mark < "\U000e0000" or mark >= "\U000e0100"  # otherwise a tag
    takes_sign = mark < "\U000e0000" and _is_sign(before)
    return is_variant and (takes_sign or _is_of(_HAS_VARIANTS, before))


def _joins(mark: str, before: str, after: str) -> bool:
    """Return whether it joins two emoji, or joins or separates letters of a joining script."""
    if mark == _ZWJ and (_is_sign(before) or before == "\ufe0f"):
        return _is_sign(after)
    # A letter can stand alone in the shape that it has inside a word.
    is_shaped = mark == _ZWJ and bool(before) and unicodedata.combining(before) == _VIRAMA
    is_shaped |= mark == _ZWJ and _is_of(_ARABIC, before)
    return _is_of(_JOINS, before) and (is_shaped or _is_of(_JOINS, after))


def _is_of(script: Ranges, character: str) -> bool:
    """Return whether it is a letter or mark of a script. Digits and commas never join."""
    if not character or unicodedata.category(character)[0] not in "LM":
        return False
    return any(first <= ord(character) <= last for first, last in script)


def _is_sign(character: str) -> bool:
    """Return whether it is an emoji or symbol, even one newer than this Python's Unicode tables."""
    if not character or character.isascii():
        return False
    is_new = "\U0001f000" <= character <= "\U0001fbff"
    is_old = character in "\u203c\u2049\u2139\u3030"  # two punctuation marks, an i, a wave
    return is_new or is_old or unicodedata.category(character) in _SIGNS
