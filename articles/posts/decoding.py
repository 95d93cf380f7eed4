"""The bytes of a post as text: only in an encoding that can be told for sure."""

import codecs
import re

from articles.posts import words
from articles.posts.post import MalformedPost

_DECLARED = re.compile(
    rb"""\A.{0,1000}?(?:<\?xml[^>]{0,200}?encoding\s*=\s*|<meta\b[^>]{0,300}?charset\s*=\s*)["']?"""
    rb"([A-Za-z][\w.:-]{1,40})",
    re.IGNORECASE | re.DOTALL,
)
#: Encodings of the web (https://encoding.spec.whatwg.org/), which a file may declare.
_KNOWN = {
    "ascii", "big5", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp866", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso2022_jp", "iso8859-1",
    "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "iso8859-2", "iso8859-3",
    "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "koi8-r", "koi8-u",
    "mac-roman", "shift_jis", "utf-16", "utf-8",
}  # fmt: skip
#: Browsers read these as their Windows superset.
_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252"}
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# “don’t”, “quoted” words, and a dash between words, which no other encoding has at these places.
_WINDOWS_SIGNS = re.compile(
    rb"[A-Za-z]\x92(?:s|t|re|ve|ll|d|m)\b|(?:^|[\s(])\x93[A-Za-z][^\x93]{0,400}?[\w.,!?]\x94"
    rb"|[A-Za-z] ?[\x96\x97] ?[A-Za-z]"
)
#: Windows code pages with Latin letters. They have to agree, because the bytes don't say which.
_LATIN_PAGES = ("cp1252", "cp1250", "cp1254", "cp1257")
_HIGH_WORD = re.compile(rb"[\xc0-\xff]{2,}")


def decode_post(raw: bytes) -> tuple[str, str]:
    """Return the text, and a note if it wasn't UTF-8. Raise MalformedPost if it can't be told."""
    if not raw.startswith(codecs.BOM_UTF8):
        for bom, encoding in _BOMS:
            if raw.startswith(bom):
                return _decode(raw, encoding), words.READ_AS % {"encoding": "UTF-16"}
    declared = _declared(raw)
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if declared not in {"", "utf-8"}:
        return _decode(raw, declared), words.READ_AS % {"encoding": declared}
    if not declared and _is_surely_windows(raw):
        return _decode(raw, "cp1252"), words.READ_AS % {"encoding": "Windows-1252"}
    raise MalformedPost(line, words.NOT_UTF8)


def _declared(raw: bytes) -> str:
    match = _DECLARED.match(raw[:3000])
    if not match:
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    name = _READ_AS.get(name, name)
    return name if name in _KNOWN else ""


def _decode(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MalformedPost(line, words.NOT_AS_DECLARED % {"encoding": encoding}) from error


def _is_surely_windows(raw: bytes) -> bool:
    """Return whether the bytes leave no other reading: Word's signs, and letters all pages share.

    In Cyrillic and Greek pages, whole words are made of high letters.
    """
    if not _WINDOWS_SIGNS.search(raw) or _HIGH_WORD.search(raw) or b"\x00" in raw:
        return False
    try:
        return len({raw.decode(page) for page in _LATIN_PAGES}) == 1
    except UnicodeDecodeError:
        return False
