"""By what a page is kept: where it is, and what of the address it knows. Nothing else may vary it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.http.language import language_of
from portal.page_cache.build import build

#: What a page knows of a query: the whole of it, in one spelling.
_NOTHING = re.compile("")
_PAGE_NUMBER = re.compile(r"page=[1-9]\d{0,3}")
#: By route name.
CACHED_ROUTES = {
    **dict.fromkeys(
        (
            "home",
            "privacy",
            "accessibility",
            "sitemap",
            "articles:article",
            "articles:categories",
            "articles:category_feed",
            "articles:feed",
            "articles:glossary",
            "inquiries:coordinator",
        ),
        _NOTHING,
    ),
    **dict.fromkeys(("articles:list", "articles:category"), _PAGE_NUMBER),
}
#: Of the addresses last asked for, so that they need not be looked up again.
_MOST_KNOWN = 4096


@dataclass(frozen=True)
class Key:
    scheme: str
    host: str
    path: str
    query: str
    #: As a log and a table of limits name it.
    route_name: str
    route: str

    @property
    def digest(self) -> str:
        """With the build: other templates make other pages."""
        place = f"{build()}\n{self.scheme}://{self.host}{self.path}?{self.query}"
        return sha256(place.encode()).hexdigest()


@lru_cache(_MOST_KNOWN)
def find_key(scheme: str, host: str, path: str, query: str) -> Key | None:
    """None where the page is not kept: another kind, a strange host, a value it does not know.

    Parameters that the page does not know are left out: they change nothing, and make no copies.
    """
    if host not in settings.CACHED_HOSTS or not path.isascii():
        return None
    with translation.override(language_of(path)):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    known = CACHED_ROUTES.get(match.view_name)
    if known is None:
        return None
    names = tuple(f"{part.partition('=')[0]}=" for part in (known.pattern,) if part)
    parts = [part for part in query.split("&") if part.startswith(names)] if names else []
    if len(parts) > 1 or any(not known.fullmatch(part) for part in parts):
        return None
    return Key(scheme, host, path, "".join(parts), match.view_name, match.route or "/")
