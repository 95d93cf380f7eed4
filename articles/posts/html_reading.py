"""HTML from anywhere as our Markdown: no tag stays, and what was lost is named.

nh3 closes, repairs, and cleans the HTML before anything else looks at it: it takes time in
proportion to the text, which Python's own parser does not.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3

from articles.posts import words
from articles.posts.post import MalformedPost

if TYPE_CHECKING:
    from bs4 import Tag
    from django.utils.functional import _StrPromise

#: Characters of HTML, without the pictures that are written into it.
MAX_HTML = 600_000
_MAX_TAGS = 8_000
_MAX_DEPTH = 80

_INLINE = {
    "a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_DROPPED_WHOLE = {
    "audio", "button", "canvas", "datalist", "embed", "form", "iframe", "math", "nav", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "div": {"class"},
    "figure": {"class"},
    "sup": {"data-fn"},
}
#: In what comes from a clipboard, styles of these tags mean something.
_STYLES_READ = ("b", "em", "i", "p", "span", "strong")
#: What a reader would miss, by tag.
_MISSED: dict[str, "_StrPromise"] = {
    "iframe": words.LOST_EMBED,
    "embed": words.LOST_EMBED,
    "object": words.LOST_EMBED,
    "video": words.LOST_VIDEO,
    "audio": words.LOST_AUDIO,
    "form": words.LOST_FORM,
    "svg": words.LOST_DRAWING,
    "canvas": words.LOST_DRAWING,
    "math": words.LOST_FORMULA,
    "script": words.LOST_SCRIPT,
    "style": words.LOST_STYLE,
}
_DATA = re.compile(r"data:[\w/+.;-]{1,100},[A-Za-z0-9+/=%]*", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(?:(?!-->|<!--).)*-->", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_STYLED = re.compile(r"\sstyle\s*=", re.IGNORECASE)
#: Tags that a browser closes by itself, so that many of them are not nested.
_SELF_CLOSING = {
    "br", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "source", "tbody",
    "td", "tfoot", "th", "thead", "tr", "wbr", "col", "area", "base", "embed", "param", "track",
}  # fmt: skip
_MONTH = re.compile(r"(?:^|/)(\d{4})/(\d{2})/[^/]+$")
_SIZE = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|e\d{10,13}|rotated)$")


@dataclass(frozen=True)
class ShownPicture:
    """A picture in a page: what our Markdown calls it, and its description."""

    name: str
    alt: str


@dataclass(frozen=True)
class ReadHtml:
    """A page as our Markdown."""

    markdown: str
    #: The text of its only top heading, which the Markdown doesn't have.
    heading: str = ""
    pictures: tuple[ShownPicture, ...] = ()
    notes: tuple[str, ...] = ()


def read_html(html: str, *, is_page: bool = False, breaks_lines: bool = False) -> ReadHtml:
    """Convert HTML to our Markdown. Raise MalformedPost if it is too large or nested too deeply.

    Of a whole page, only the main content is read. `breaks_lines`: line breaks in the text mean
    something, as in WordPress's classic editor.
    """
    # Imported only when a post comes in: serving pages never needs them.
    from bs4 import BeautifulSoup

    from articles.posts.html_converter import Converter
    from articles.posts.html_tree import break_lines, find_main, tidy_tree

    if breaks_lines and html.count("\n") > _MAX_TAGS:  # each becomes a tag
        raise MalformedPost(1, words.TOO_MANY_TAGS % {"most": f"{_MAX_TAGS:,}"})
    html, lost = _take_out(html)
    if _STYLED.search(html):
        lost[str(words.LOST_STYLE)] += 1
    soup = BeautifulSoup(_clean(html, _ATTRIBUTES), "html.parser")
    root: Tag = find_main(soup) if is_page else soup
    if breaks_lines:
        break_lines(root)
    heading, more = tidy_tree(root)
    lost.update(more)
    converter = Converter()
    try:
        markdown = converter.convert_tree(root)
    except RecursionError as error:  # pragma: no cover - the depth is limited; this is the net
        raise MalformedPost(1, words.NESTED_TOO_DEEPLY) from error
    notes = tuple(words.name_lost(lost)) if lost else ()
    return ReadHtml(markdown, heading, tuple(converter.pictures.values()), notes)


def clean_pasted_html(html: str) -> tuple[str, Counter[str]]:
    """Clean HTML from a clipboard, where styles stay to be read; return it and what was lost.

    Raise MalformedPost if it is too large or nested too deeply.
    """
    html, lost = _take_out(html)
    return _clean(html, _ATTRIBUTES | {key: {"style"} for key in _STYLES_READ}), lost


def _take_out(html: str) -> tuple[str, Counter[str]]:
    html, pictures_inside = _DATA.subn("", html)
    html = _COMMENT.sub("", html)
    lost = Counter(_refuse_hostile(html))
    if pictures_inside:
        lost[str(words.LOST_DATA_PICTURE)] += pictures_inside
    return html, lost


def _clean(html: str, attributes: dict[str, set[str]]) -> str:
    return nh3.clean(
        html,
        tags=_INLINE | _BLOCKS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=attributes,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def _refuse_hostile(html: str) -> Iterator[str]:
    """Yield what will be missed. Raise MalformedPost before anything is built from the tags."""
    if len(html) > MAX_HTML:
        raise MalformedPost(1, words.HTML_TOO_LONG % {"most": f"{MAX_HTML:,}"})
    depth, count = 0, 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        count += 1
        if name in _SELF_CLOSING:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _MAX_DEPTH:
            raise MalformedPost(html.count("\n", 0, match.start()) + 1, words.NESTED_TOO_DEEPLY)
        if not match[1] and name in _MISSED:
            yield str(_MISSED[name])
    if count > _MAX_TAGS:
        raise MalformedPost(1, words.TOO_MANY_TAGS % {"most": f"{_MAX_TAGS:,}"})


def name_picture(address: str) -> str:
    """Return what we call the picture at an address; empty if it has no file.

    WordPress shows smaller copies, “foot-300x200.jpg”: they are the same picture. It keeps files by
    month, and pictures of two months are different, even if both are called “image.jpg”.
    """
    from urllib.parse import unquote

    from django.utils.text import slugify

    path = unquote(address.partition("?")[0].partition("#")[0])
    file = path.rpartition("/")[2]
    stem = file.rpartition(".")[0] or file
    while (shorter := _SIZE.sub("", stem)) != stem:
        stem = shorter
    month = _MONTH.search(path)
    name = slugify(stem.replace("_", "-"))[:50].strip("-")
    return f"{name}-{month[1]}-{month[2]}" if month and name else name
