"""A page of HTML from another site as a post: its title and its main content."""

import html
import re
from urllib.parse import unquote, urlsplit

from articles.content import Content
from articles.editing.addresses import clean_path
from articles.posts import words
from articles.posts.filed_under import take_filed_under
from articles.posts.html_reading import ReadHtml, read_html
from articles.posts.post import (
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    MalformedPost,
    Post,
    PostImage,
    check_language,
    check_length,
    keep_readable_names,
)
from articles.text_cleaning import clean_line

_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,1000})</title", re.IGNORECASE)
_META = re.compile(r"<(?:meta|link)\b([^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_LANGUAGE = re.compile(r"<html\b[^<>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2})\b", re.IGNORECASE)


def read_page(text: str) -> Post:
    """Read a page. Raise MalformedPost if it has no title or no text."""
    said = _read_head(text)
    read = read_html(text, is_page=True)
    titled = _TITLE.search(text)
    title = read.heading or clean_line(html.unescape(titled[1] if titled else ""))
    summary = said.get("description", "")
    path = unquote(urlsplit(said.get("canonical", "")).path)
    language = _LANGUAGE.search(text)
    return make_post(
        read,
        title=title,
        summary=summary if len(summary) <= SUMMARY_LENGTH else "",
        categories=[said["article:section"]] if said.get("article:section") else [],
        written_by=said.get("author", "")[:150],
        old_paths=tuple(filter(None, [clean_path(path)])),
        language=language[1].lower() if language else "",
    )


def make_post(
    read: ReadHtml, *, title: str, categories: list[str], language: str = "", **said: object
) -> Post:
    """Return the post that a page or document becomes. Raise MalformedPost."""
    title = clean_line(title)
    if not title:
        raise MalformedPost(1, words.PAGE_TITLE)
    if not read.markdown:
        raise MalformedPost(1, words.POST_WITHOUT_TEXT)
    body, filed = take_filed_under(read.markdown)
    kept, dropped = keep_readable_names([*categories, *filed])
    notes = list(read.notes)
    if dropped:
        notes.append(words.CATEGORIES_NOT_KEPT % {"names": ", ".join(dropped)})
    summary = str(said.pop("summary", ""))
    return Post(
        content=Content(
            title=check_length(title, TITLE_LENGTH, words.THE_TITLE, 1), summary=summary, body=body
        ),
        language=check_language(language),
        categories=kept,
        pictures=tuple(PostImage(name=each.name, alt=each.alt) for each in read.pictures),
        notes=tuple(notes),
        **said,  # type: ignore[arg-type]
    )


def _read_head(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _META.finditer(text):
        pairs = _ATTRIBUTE.findall(match[1])
        said = {name.lower(): a or b or c for name, a, b, c in pairs}
        name = said.get("name") or said.get("property") or said.get("rel") or ""
        value = clean_line(html.unescape(said.get("content") or said.get("href") or ""))
        found.setdefault(name.lower(), value)
    return found
