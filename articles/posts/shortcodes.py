"""WordPress's shortcodes, such as [caption]: what they show stays, and what is lost is named."""

import html
import re
from collections.abc import Callable

from articles.posts import words

#: Shortcodes that stand alone. Others are recognized by what is in them or by their end.
_ALONE = {"gallery", "playlist", "embed", "audio", "video", "caption", "wp_caption", "more"}
_FOOTNOTES = {"efn_note", "footnote", "fn", "ref", "mfn", "note"}
_CODE = re.compile(
    r"\[(?P<escaped>\[?)(?P<end>/?)(?P<name>[a-z][\w-]{0,40})(?P<rest>(?:\s[^\[\]]{0,2000})?)\](?P<after>\]?)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
_IDS = re.compile(r"\d+")
#: Returns the address of an attachment, by its number; empty if the export doesn't have it.
FindFile = Callable[[str], str]


def replace_shortcodes(text: str, find_file: FindFile) -> tuple[str, list[str]]:
    """Return the text with HTML in place of shortcodes, and notes on those that were left out."""
    ended = {match["name"].lower() for match in _CODE.finditer(text) if match["end"]}
    left_out: dict[str, None] = {}

    def replaced(match: re.Match[str]) -> str:
        name, rest = match["name"].lower(), match["rest"].rstrip("/ ")
        if match["escaped"] and match["after"]:
            return match[0][1:-1]  # [[gallery]] shows “[gallery]”
        if match["escaped"] or match["after"] or not _is_shortcode(name, rest, ended):
            return match[0]
        if name in _FOOTNOTES and name in ended:
            return ")" if match["end"] else " ("
        if name in {"caption", "wp_caption"}:
            return _caption(rest, is_end=bool(match["end"]))
        shown = _gallery(rest, find_file) if name == "gallery" else ""
        if not shown:
            left_out.setdefault(f"[{name}]")
        # Its content, such as an address, is a paragraph of its own.
        return "\n\n" if name == "embed" else shown

    text = _CODE.sub(replaced, text)
    if not left_out:
        return text, []
    return text, [words.LOST % {"what": words.SHORTCODES % {"names": ", ".join(left_out)}}]


def _is_shortcode(name: str, rest: str, ended: set[str]) -> bool:
    """Return False for words in brackets, such as “[sic]”, and “[see below]”."""
    if name in _ALONE or name in ended or _ATTRIBUTE.search(rest):
        return True
    return not rest.strip() and ("_" in name or "-" in name)


def _caption(rest: str, *, is_end: bool) -> str:
    if is_end:
        return "</figure>"
    written = {found[1].lower(): found[2] or found[3] or found[4] for found in _found(rest)}
    said = html.escape(html.unescape(written.get("caption") or ""))
    return f"<figure>{said} "


def _gallery(rest: str, find_file: FindFile) -> str:
    written = {found[1].lower(): found[2] or found[3] or found[4] for found in _found(rest)}
    files = filter(None, map(find_file, _IDS.findall(written.get("ids") or "")))
    return "".join(f'<img src="{html.escape(file)}">\n\n' for file in files)


def _found(rest: str) -> list[re.Match[str]]:
    return list(_ATTRIBUTE.finditer(rest))
