"""The tree of an HTML page, made simple enough that each of its parts has a Markdown form."""

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from articles.posts import words

_HEADINGS = re.compile(r"h[1-6]")
_LEVELS = ("h2", "h3", "h4")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_CODE = {"pre", "code", "kbd", "samp", "tt"}
_STRUCTURE = {"ul", "ol", "table", "thead", "tbody", "tfoot", "tr", "dl"}
_PHRASES = ("a", "b", "big", "em", "font", "i", "ins", "mark", "small", "span", "strong", "u")
_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "section", "summary", "table", "ul",
}  # fmt: skip
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8}\d?);", re.IGNORECASE)
#: A tag of our own between the paragraphs that a blank line makes.
BREAK = "paragraph-break"


def find_main(soup: Tag) -> Tag:
    """Return the part of a page that is its content, without what surrounds it on every page."""
    for name in ("main", "article"):
        found = soup.find_all(name)
        if len(found) == 1:
            return found[0]
    for surrounding in soup.find_all(["header", "footer", "aside"]):
        surrounding.decompose()
    return soup


def break_lines(root: Tag) -> None:
    """Make paragraphs of blank lines and line breaks of others, as WordPress does."""
    maker = BeautifulSoup("", "html.parser")
    for text in list(root.find_all(string=True)):
        parent = text.parent
        if "\n" not in text or parent is None or parent.name in _STRUCTURE or _is_code(text):
            continue
        # Putting each part into the page itself would count all parts before it.
        whole = maker.new_tag("span")
        for number, paragraph in enumerate(_PARAGRAPHS.split(str(text))):
            if number:
                whole.append(maker.new_tag(BREAK))
            for part in _lines(paragraph, text, maker):
                whole.append(part)
        text.replace_with(whole)


def _lines(
    paragraph: str, text: NavigableString, maker: BeautifulSoup
) -> Iterator[NavigableString | Tag]:
    has_begun = False
    for number, line in enumerate(paragraph.split("\n")):
        is_filled = bool(line.strip())
        follows = number > 0 and (has_begun or _is_phrase(text.previous_sibling))
        leads = number > 0 and not is_filled and _is_phrase(text.next_sibling)
        if leads or (follows and is_filled):
            yield maker.new_tag("br")
        if line:
            yield NavigableString(line)
        has_begun = has_begun or is_filled


def _is_phrase(sibling: object) -> bool:
    return isinstance(sibling, Tag) and sibling.name in (*_PHRASES, "code", "sub", "sup")


def _is_code(text: NavigableString) -> bool:
    return any(parent.name in _CODE for parent in text.parents)


def tidy_tree(root: Tag) -> tuple[str, list[str]]:
    """Change what has no Markdown form into what has; return the top heading, and what was lost."""
    lost = [*_drop_struck(root), *_flatten_tables(root)]
    for line in root.find_all("br"):
        if line.find_parent("pre"):
            line.replace_with(NavigableString("\n"))
    for phrase in root.find_all(_PHRASES):
        if phrase.find(_BLOCKS):
            phrase.unwrap()
    for text in list(root.find_all(string=_ENTITY)):
        if not _is_code(text):  # it was escaped twice
            text.replace_with(NavigableString(html.unescape(str(text))))
    for embed in root.select("div.wp-block-embed__wrapper"):
        lost.append(str(words.LOST_EMBED))
        _link(embed)
    return _tidy_headings(root), lost


def _drop_struck(root: Tag) -> Iterator[str]:
    """Drop what its author took back: without the line through it, it would say the opposite."""
    for struck in root.find_all(["del", "s", "strike"]):
        after = struck.next_sibling
        if isinstance(after, NavigableString) and str(struck.previous_sibling or " ").endswith(" "):
            after.replace_with(NavigableString(str(after).lstrip()))
        struck.extract()
        yield str(words.LOST_STRUCK)


def _flatten_tables(root: Tag) -> Iterator[str]:
    for table in root.find_all("table"):
        if table.find_parent("td") or table.find_parent("th"):
            table.replace_with(NavigableString(" " + table.get_text(" ", strip=True) + " "))
            yield str(words.LOST_TABLE)


def _link(embed: Tag) -> None:
    """Leave the address of what a page embeds as a link."""
    address = embed.get_text(strip=True)
    if re.fullmatch(r"https?://\S{1,500}", address):
        link = BeautifulSoup("", "html.parser").new_tag("a", href=address)
        link.string = address
        embed.clear()
        embed.append(link)


def _tidy_headings(root: Tag) -> str:
    """Take the only h1 out and return its text; the highest level that is left becomes “##”."""
    for heading in root.find_all(_HEADINGS):
        if not heading.get_text(strip=True):
            heading.unwrap()  # it may hold a picture
    tops = root.find_all("h1")
    title = tops[0].get_text(" ", strip=True) if len(tops) == 1 else ""
    if title:
        tops[0].decompose()
    levels = sorted({heading.name for heading in root.find_all(_HEADINGS)})
    for heading in root.find_all(_HEADINGS):
        heading.name = _LEVELS[min(levels.index(heading.name), len(_LEVELS) - 1)]
        for strong in heading.find_all(["b", "strong"]):
            strong.unwrap()
    return title
