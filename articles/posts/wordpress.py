"""WordPress's own export (WXR 1.0 to 1.2), item by item.

https://developer.wordpress.org/advanced-administration/wordpress/export/ and the code that writes
it, wp-admin/includes/export.php. Comments, menus, and revisions are not posts.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from articles.posts import words
from articles.posts.items import Item
from articles.posts.post import MalformedPost
from articles.text_cleaning import clean_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from articles.posts.post import Post

_WXR = re.compile(r"https?://wordpress\.org/export/1\.[0-2]/")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
# XML forbids them, and WordPress writes them anyway.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TYPES = {"post", "page"}
_OPEN_STATUS = {"publish", "draft", "pending", "future"}


@dataclass(frozen=True)
class Export:
    """What an export says once, for all its items."""

    #: The old site's address without scheme, such as “clinic.example/blog”.
    site: str
    language: str
    #: Display names, by the name that a person signed in with.
    authors: dict[str, str] = field(default_factory=dict)
    #: Addresses of files, by the number of their attachment.
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One item as it is written in the export: text, and still HTML."""

    fields: dict[str, str]
    #: (domain, slug, name), such as ("category", "lupus", "Lupus").
    terms: tuple[tuple[str, str, str], ...] = ()
    meta: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def digest(self, site: str) -> str:
        """Return the hash of what a reader would see; counts and settings change nothing."""
        names = ("title", "content", "excerpt", "post_name", "post_id", "guid", "creator")
        seen = [site, *(self[name] for name in names), *map("|".join, sorted(self.terms))]
        seen.append(self.meta.get("footnotes", ""))
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def is_wordpress(text: str) -> bool:
    return bool(_WXR.search(text[:20_000])) and "<rss" in text[:20_000]


def read_export(text: str) -> Iterator[Item]:
    """Yield each item of an export. Raise MalformedPost before the first if any of it is broken."""
    entries = list(_parse(text))
    export = _read_channel(entries)
    for entry in entries[1:]:
        if item := _item(entry, export):
            yield item


def _parse(text: str) -> Iterator[Entry]:
    """Yield what the channel says first, then each item, without keeping their elements."""
    # Imported only for an export. It refuses entities and document types of any kind.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    raw = _FORBIDDEN.sub(" ", _DECLARATION.sub("", text, count=1)).encode()
    channel: list[Element] = []
    items: list[Entry] = []
    try:
        for _, element in iterparse(BytesIO(raw), events=("end",), forbid_dtd=True):
            if element.tag == "item":
                items.append(_entry(element))
                element.clear()
            elif element.tag == "channel":
                channel.append(element)
    except DefusedXmlException as error:
        raise MalformedPost(1, words.XML_HOSTILE) from error
    except ParseError as error:
        raise MalformedPost(error.position[0], words.XML_BROKEN) from error
    if not channel:
        raise MalformedPost(1, words.NO_CHANNEL)
    yield _channel_entry(channel[0])
    yield from items


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _entry(element: "Element") -> Entry:
    fields: dict[str, str] = {}
    terms, meta = [], {}
    for child in element:
        text = child.text or ""
        if child.tag == "category":
            domain = child.get("domain", "category")
            terms.append((domain, child.get("nicename", ""), clean_name(text)))
        elif _name(child.tag) == "postmeta":
            pair = {_name(each.tag): each.text or "" for each in child}
            meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
        elif child.tag == _CONTENT:
            fields["content"] = text
        elif _name(child.tag) == "encoded":
            fields["excerpt"] = text
        elif child.tag == _CREATOR:
            fields["creator"] = text
        elif not len(child):
            fields.setdefault(_name(child.tag), text)
    return Entry(fields, tuple(terms), meta)


def _channel_entry(channel: "Element") -> Entry:
    fields = {_name(child.tag): child.text or "" for child in channel if not len(child)}
    people = {}
    for child in channel:
        if _name(child.tag) == "author":
            said = {_name(each.tag): each.text or "" for each in child}
            people[said.get("author_login", "")] = said.get("author_display_name", "")
    return Entry(fields, meta=people)


def _read_channel(entries: list[Entry]) -> Export:
    channel = entries[0]
    files = {
        entry["post_id"]: entry["attachment_url"] or entry["guid"]
        for entry in entries[1:]
        if entry["post_type"] == "attachment"
    }
    return Export(
        site=name_site(channel["base_blog_url"] or channel["link"]),
        language=channel["language"].partition("-")[0].lower(),
        authors={login: clean_name(name) for login, name in channel.meta.items()},
        files=files,
    )


def clean_name(text: str) -> str:
    """Return a name or title without tags and entities, however often they were escaped."""
    # Imported here, because it is needed for exports only.
    from articles.bibliography.scripts import strip_markup

    return clean_line(re.sub(r"<[^<>]{1,300}>", "", strip_markup(text)))


def name_site(address: str) -> str:
    """Return an address by which a site is known again, if it has moved to https or from www."""
    parts = urlsplit(address.strip().lower())
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")


def _item(entry: Entry, export: Export) -> Item | None:
    kind, status = entry["post_type"] or "post", entry["status"] or "publish"
    if kind not in _TYPES:
        return None  # an attachment, a revision, an item of a menu
    label = clean_name(entry["title"]) or entry["post_name"] or f"#{entry['post_id']}"
    left_out = ""
    if status == "private":
        left_out = str(words.WAS_PRIVATE)
    elif entry["post_password"]:
        left_out = str(words.HAD_PASSWORD)
    elif status == "trash":
        left_out = str(words.WAS_IN_TRASH)
    elif status not in _OPEN_STATUS:
        return None  # WordPress's own copies, such as “auto-draft” and “inherit”
    return Item(
        label=label,
        source=_source(entry, export.site),
        digest=entry.digest(export.site),
        read=partial(_read, entry, export),
        left_out=left_out,
    )


def _source(entry: Entry, site: str) -> str:
    number = entry["post_id"]
    known_by = f"{site} {number}" if number and site else entry["guid"] or entry["link"]
    known_by = known_by.strip() or entry.digest(site)
    if len(known_by) > 400:  # noqa: PLR2004 - the column has 500
        known_by = hashlib.sha256(known_by.encode()).hexdigest()
    return f"wordpress {known_by}"


def _read(entry: Entry, export: Export) -> "Post":
    from articles.posts.wordpress_post import read_entry

    return read_entry(entry, export)
