"""Conversion of HTML in Markdown, because readers would see the tags. Names the tags it leaves."""

import html
import re

from articles.bibliography.scripts import lower_script, raise_script
from articles.posts import words
from articles.rendering.html_tags import HTML_TAG, without_code

_RULES: tuple[tuple[str, str], ...] = (
    (r"</?(?:strong|b)\b[^<>]*>", "**"),
    (r"</?(?:em|i|cite)\b[^<>]*>", "*"),
    (r"</?(?:code|tt|kbd)\b[^<>]*>", "`"),
    (r"[ \t]*<br\b[^<>]*>[ \t]*\n?", "\\\n"),
    (r"\s*<hr\b[^<>]*>\s*", "\n\n---\n\n"),
    (r"[ \t]*<h1\b[^<>]*>\s*", "\n\n## "),
    (r"[ \t]*<h2\b[^<>]*>\s*", "\n\n## "),
    (r"[ \t]*<h3\b[^<>]*>\s*", "\n\n### "),
    (r"[ \t]*<h[456]\b[^<>]*>\s*", "\n\n#### "),
    (r"\s*</h[1-6]>\s*", "\n\n"),
    (r"\s*<li\b[^<>]*>\s*", "\n- "),
    (r"\s*</li>[ \t]*", ""),
    (r"\s*</?(?:ul|ol)\b[^<>]*>\s*", "\n\n"),
    (r"\s*</?(?:p|div|section|article)\b[^<>]*>\s*", "\n\n"),
    (r"</?(?:span|font|u|small|big|abbr|mark|s|strike|del|ins)\b[^<>]*>", ""),
)
_LINK = re.compile(
    r"<a\s[^<>]*?href\s*=\s*[\"']?([^\"'\s<>]+)[\"']?[^<>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL
)
_SCRIPT = re.compile(r"<(sup|sub)\b[^<>]*>([^<>]{0,60})</\1>", re.IGNORECASE)
_QUOTE = re.compile(r"\s*<blockquote\b[^<>]*>(.*?)</blockquote>\s*", re.IGNORECASE | re.DOTALL)
_ORDERED = re.compile(r"<ol\b[^<>]*>(.*?)</ol>", re.IGNORECASE | re.DOTALL)


def convert_html(markdown: str) -> tuple[str, list[str]]:
    """Convert common tags to Markdown; return the text and notes on what was done and what is left.

    Tags in code stay, because readers are meant to see them.
    """
    found = {match[1].lower() for match in HTML_TAG.finditer(without_code(markdown))}
    if not found:
        return markdown, []
    pieces = re.split(
        r"(^(?:```|~~~).*?^(?:```|~~~)[^\n]*$|`[^`\n]+`)", markdown, flags=re.MULTILINE | re.DOTALL
    )
    pieces[::2] = [_converted(piece) for piece in pieces[::2]]
    text = re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()
    left = {match[1].lower() for match in HTML_TAG.finditer(without_code(text))}
    notes = []
    if done := sorted(found - left):
        notes.append(words.HTML_CONVERTED % {"tags": _tags(done)})
    if left:
        notes.append(words.HTML_LEFT % {"tags": _tags(left)})
    return text, notes


def _converted(text: str) -> str:
    text = _ORDERED.sub(_numbered, text)
    text = _SCRIPT.sub(_script, text)
    text = _LINK.sub(lambda match: f"[{match[2].strip()}]({html.unescape(match[1])})", text)
    text = _QUOTE.sub(lambda match: _quoted(match[1]), text)
    for shape, markdown in _RULES:
        text = re.sub(shape, lambda _, words=markdown: words, text, flags=re.IGNORECASE)  # type: ignore[misc]
    return text


def _numbered(match: re.Match[str]) -> str:
    items = re.split(r"\s*<li\b[^<>]*>\s*", match[1], flags=re.IGNORECASE)
    lines = [re.sub(r"\s*</li>\s*", "", item, flags=re.IGNORECASE).strip() for item in items]
    numbered = (f"{n}. {line}" for n, line in enumerate(filter(None, lines), start=1))
    return "\n\n" + "\n".join(numbered) + "\n\n"


def _script(match: re.Match[str]) -> str:
    shift = raise_script if match[1].lower() == "sup" else lower_script
    return shift(match[2])


def _quoted(words: str) -> str:
    lines = re.sub(r"\s*</?p\b[^<>]*>\s*", "\n", words, flags=re.IGNORECASE).strip().split("\n")
    return "\n\n" + "\n".join(f"> {line.strip()}".rstrip() for line in lines) + "\n\n"


def _tags(names: "set[str] | list[str]") -> str:
    return ", ".join(f"<{name}>" for name in sorted(names))
