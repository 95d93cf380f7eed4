"""Paths that posts had on another site, in one form, so that a request for one finds it."""

import re
import unicodedata

from django.conf import settings

from articles.editing.addresses import reserved_names

MAX_PATH = 400
_QUERY = re.compile(r"(?:p|page_id)=\d{1,12}")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\?#]")


def clean_path(written: str) -> str:
    """Return “/2019/03/slug” or “/?p=12”; empty if no redirect may start there.

    It begins with one slash, and never where this site has pages of its own, now or later: browsers
    keep a permanent redirect for good.
    """
    path, _, query = written.partition("?")
    path = "/" + unicodedata.normalize("NFC", path).strip("/")
    if query and not _QUERY.fullmatch(query):
        return ""
    if len(path) > MAX_PATH or _UNFIT.search(path) or "//" in path:
        return ""
    parts = path.strip("/").split("/")
    if parts[0] in dict(settings.LANGUAGES):
        parts = parts[1:] or [""]
    if any(part in {".", ".."} for part in parts) or parts[0].lower() in reserved_names():
        return ""
    if not parts[0] and not query:
        return ""
    return f"{path}?{query}" if query else path
