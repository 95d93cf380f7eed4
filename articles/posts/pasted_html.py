"""HTML from a clipboard as our Markdown: what Word, Google Docs, and browsers put there.

They say in styles what a page says in tags: Word has no lists, and Google Docs no bold.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from articles.posts import words
from articles.posts.html_converter import Converter
from articles.posts.html_reading import ReadHtml, clean_pasted_html
from articles.posts.html_tree import tidy_tree

_FRAGMENT = re.compile(r"<!--StartFragment-->(.*?)(?:<!--EndFragment-->|\Z)", re.DOTALL)
#: Word's own style for items of a list: “mso-list:l0 level1 lfo1”; “Ignore” is its bullet.
_LISTED = re.compile(r"mso-list:\s*l\d+\s+level([1-9])", re.IGNORECASE)
_BULLET = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_COUNTED = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,6})[.)]")
_WEIGHT = re.compile(r"font-weight:\s*(normal|bold|[1-9]00)", re.IGNORECASE)
_SLANTED = re.compile(r"font-style:\s*italic", re.IGNORECASE)
#: From this weight on, letters are bold (CSS Fonts, 5.2).
_BOLD = 600


def read_pasted(html: str) -> ReadHtml:
    """Convert what was pasted. Raise MalformedPost if it is too large or nested too deeply.

    Pictures are left out, because each needs a place in the library and a description.
    """
    fragment = _FRAGMENT.search(html)
    cleaned, lost = clean_pasted_html(fragment[1] if fragment else html)
    root = BeautifulSoup(cleaned, "html.parser")
    lost.update(_drop_pictures(root))
    _make_lists(root)
    _tag_styles(root)
    _start_headings_at_two(root)
    _, more = tidy_tree(root)
    lost.update(more)
    return ReadHtml(Converter().convert_tree(root), notes=tuple(words.name_lost(lost)))


def _drop_pictures(root: Tag) -> Iterator[str]:
    for picture in root.find_all("img"):
        picture.decompose()
        yield str(words.LOST_PICTURE)


def _make_lists(root: Tag) -> None:
    """Make lists of the paragraphs that Word shows as lists."""
    open_: list[Tag] = []  # the lists around the item before, outermost first
    last: Tag | None = None
    for paragraph in root.find_all("p"):
        listed = _LISTED.search(str(paragraph.get("style") or ""))
        if not listed:
            continue
        if last is None or _next_tag(last) is not paragraph:
            open_ = []
        name = _list_name(paragraph)
        del open_[int(listed[1]) :]
        while len(open_) < int(listed[1]):
            new = Tag(name=name)
            if not open_:
                paragraph.insert_before(new)
            else:
                _last_item(open_[-1]).append(new)
            open_.append(new)
        item = paragraph.extract()
        item.name = "li"
        open_[-1].append(item)
        last = open_[0]


def _next_tag(tag: Tag) -> Tag | None:
    """Return the tag that follows, if nothing but white space is between them."""
    after = tag.next_sibling
    while after is not None and not isinstance(after, Tag):
        if str(after).strip():
            return None
        after = after.next_sibling
    return after


def _last_item(outer: Tag) -> Tag:
    """Return the item that a deeper list belongs to; Word can begin with a deep one."""
    items = list(outer.find_all("li", recursive=False))
    if not items:
        items.append(Tag(name="li"))
        outer.append(items[0])
    return items[-1]


def _list_name(paragraph: Tag) -> str:
    """Take the bullet or number off a paragraph; return the tag of its list."""
    for span in paragraph.find_all("span"):
        if _BULLET.search(str(span.get("style") or "")):
            mark = span.get_text().strip()
            span.decompose()
            return "ol" if _COUNTED.fullmatch(mark) and mark != "o" else "ul"
    return "ul"


def _tag_styles(root: Tag) -> None:
    """Make tags of the styles that our Markdown has; Google Docs wraps all in a <b> that isn't."""
    for tag in root.find_all(["b", "strong", "i", "em", "span"]):
        style = str(tag.attrs.pop("style", ""))
        weight = _WEIGHT.search(style)
        is_bold = bool(weight) and _is_bold(weight[1] if weight else "")
        if tag.name in {"b", "strong"} and weight and not is_bold:
            tag.name = "span"
        if tag.name == "span" and _SLANTED.search(style):
            tag.name = "i"
            if is_bold:
                tag.wrap(Tag(name="b"))
        elif tag.name == "span" and is_bold:
            tag.name = "b"


def _is_bold(weight: str) -> bool:
    return weight.lower() == "bold" or (weight.isdigit() and int(weight) >= _BOLD)


def _start_headings_at_two(root: Tag) -> None:
    """Keep a title as a heading: the article has one of its own."""
    if root.find("h1"):
        for level in (5, 4, 3, 2, 1):
            for heading in root.find_all(f"h{level}"):
                heading.name = f"h{level + 1}"
