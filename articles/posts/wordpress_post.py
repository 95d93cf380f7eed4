"""One item of a WordPress export as a post."""

import html
import json
import re
from datetime import datetime
from textwrap import shorten
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.formats import date_format
from django.utils.text import slugify

from articles.content import Content
from articles.editing.addresses import clean_path
from articles.posts import words
from articles.posts.html_reading import read_html
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
from articles.posts.shortcodes import replace_shortcodes
from articles.posts.wordpress import Entry, Export, clean_name

_HOLDS = {
    "draft": words.WAS_DRAFT,
    "pending": words.WAS_PENDING,
    "future": words.WAS_SCHEDULED,
}
_BLOCK = re.compile(r"<!--\s*wp:([a-z][a-z0-9/-]{0,60})[^>]{0,3000}?/-->")
#: What WordPress files posts under if nobody chose a category.
_NO_CATEGORY = {"uncategorized", "uncategorised", "sin-categoria", "sin-categorizar"}


def read_entry(entry: Entry, export: Export) -> Post:
    """Return what an item becomes. Raise MalformedPost."""
    text = entry["content"]
    is_in_blocks = "<!-- wp:" in text
    notes: list[str] = []
    if blocks := dict.fromkeys(_BLOCK.findall(text)):
        notes.append(words.LOST % {"what": words.BLOCKS % {"names": ", ".join(blocks)}})
    text, lost = replace_shortcodes(text, lambda number: export.files.get(number, ""))
    read = read_html(text + _footnotes(entry), breaks_lines=not is_in_blocks)
    notes += [*lost, *read.notes]
    body = f"## {read.heading}\n\n{read.markdown}" if read.heading else read.markdown
    if not body.strip():
        raise MalformedPost(1, words.POST_WITHOUT_TEXT)
    title = clean_name(entry["title"])
    if not title:
        first = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[#>*\\`|-]", r"\1", body.strip().split("\n")[0])
        title = shorten(first.strip() or entry["post_name"], 80, placeholder=" …")
        notes.append(str(words.TITLE_FROM_TEXT))
    if entry.meta.get("_thumbnail_id") in export.files:
        file = export.files[entry.meta["_thumbnail_id"]].rpartition("/")[2]
        notes.append(words.LOST % {"what": words.COVER % {"file": file}})
    categories = [
        name
        for domain, slug, name in entry.terms
        if domain == "category" and slug not in _NO_CATEGORY and slugify(name) not in _NO_CATEGORY
    ]
    kept, dropped = keep_readable_names(categories)
    if dropped:
        notes.append(words.CATEGORIES_NOT_KEPT % {"names": ", ".join(dropped)})
    status = entry["status"] or "publish"
    language = next((slug for domain, slug, _ in entry.terms if domain == "language"), "")
    return Post(
        content=Content(
            title=check_length(title, TITLE_LENGTH, words.THE_TITLE, 1),
            summary=_summary(entry, notes),
            body=body,
        ),
        slug=slugify(unquote(entry["post_name"]))[:190].strip("-"),
        may_change_slug=True,
        language=check_language((language or export.language)[:2]),
        categories=kept,
        tags=tuple(name for domain, _, name in entry.terms if domain in {"post_tag", "tag"}),
        pictures=tuple(PostImage(name=each.name, alt=each.alt) for each in read.pictures),
        old_paths=tuple(_old_paths(entry, export)) if status == "publish" else (),
        written_by=clean_name(export.authors.get(entry["creator"], "") or entry["creator"])[:150],
        written_on=_day(entry),
        hold=str(_HOLDS.get(status, "")),
        notes=tuple(notes),
    )


def _summary(entry: Entry, notes: list[str]) -> str:
    written, _ = replace_shortcodes(entry["excerpt"], lambda _: "")
    summary = clean_name(re.sub(r"<(?:br|/p)\b[^<>]{0,100}>", " ", written))
    if len(summary) > SUMMARY_LENGTH:
        notes.append(str(words.SUMMARY_SHORTENED))
    return shorten(summary, SUMMARY_LENGTH, placeholder=" …") if summary else ""


def _footnotes(entry: Entry) -> str:
    """Return the notes that the editor of WordPress keeps beside the text, as a list."""
    try:
        notes = json.loads(entry.meta.get("footnotes") or "[]")
        found = [str(each["content"]) for each in notes]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    items = "".join(f"<li>{each}</li>" for each in found)
    return f"\n\n<ol>{items}</ol>" if items else ""


def _day(entry: Entry) -> str:
    try:
        day = datetime.strptime(entry["post_date"][:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return ""
    return date_format(day, "DATE_FORMAT")


def _old_paths(entry: Entry, export: Export) -> list[str]:
    """Return the paths that led to it: its permalink, those by number, and its earlier slugs."""
    found = []
    host = export.site.partition("/")[0]
    for address in (entry["link"], html.unescape(entry["guid"])):
        parts = urlsplit(address.strip())
        if parts.netloc.lower().removeprefix("www.") != host or not host:
            continue
        number = parse_qs(parts.query)
        query = next((f"?{key}={number[key][0]}" for key in ("p", "page_id") if key in number), "")
        found.append(clean_path(unquote(parts.path) + query))
    folder = "/" + export.site.partition("/")[2]
    if entry["post_id"].isdecimal():
        key = "page_id" if entry["post_type"] == "page" else "p"
        found.append(clean_path(f"{folder}?{key}={entry['post_id']}"))
    if old := entry.meta.get("_wp_old_slug"):
        path = unquote(urlsplit(entry["link"].strip()).path).rstrip("/")
        found.append(clean_path(f"{path.rpartition('/')[0]}/{unquote(old)}"))
    return [path for path in dict.fromkeys(found) if path]
