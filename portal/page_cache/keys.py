"""The cache key of a page: its place, and the parameters that it knows. Nothing else varies it."""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from urllib.parse import unquote_plus

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.http.language import is_number_of_post, language_of
from portal.page_cache.build import build


@dataclass(frozen=True)
class Parameter:
    """A query parameter that a page knows; without a name, it knows none."""

    name: str = ""
    value: re.Pattern[str] = re.compile(r"(?!)")


_NO_PARAMETER = Parameter()
_PAGE_NUMBER = Parameter("page", re.compile(r"[1-9]\d{0,3}"))
#: By route name. None of them may have a rate limit of its own, or depend on the visitor.
CACHED_ROUTES = {
    **dict.fromkeys(
        (
            "home",
            "about",
            "editorial",
            "people",
            "funding",
            "complaints",
            "privacy",
            "accessibility",
            "sitemap",
            "articles:a_to_z",
            "articles:article",
            "articles:categories",
            "articles:category_feed",
            "articles:feed",
            "articles:glossary",
            "inquiries:coordinator",
            "inquiries:paper",
        ),
        _NO_PARAMETER,
    ),
    **dict.fromkeys(("articles:list", "articles:category", "corrections"), _PAGE_NUMBER),
    "sitemap-section": Parameter("p", re.compile(r"[1-9]\d{0,2}")),
}
#: How many recently requested addresses are remembered, so that they are not looked up again.
_MOST_KNOWN = 4096


@dataclass(frozen=True)
class Key:
    scheme: str
    host: str
    path: str
    query: str
    route_name: str
    #: As the log names it.
    route: str

    def __hash__(self) -> int:
        """Computed once, because each answer looks it up five times."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.scheme, self.host, self.path, self.query))

    @property
    def digest(self) -> str:
        """Includes the build: other templates make other pages."""
        place = f"{build()}\n{self.scheme}://{self.host}{self.path}?{self.query}"
        return sha256(place.encode()).hexdigest()


@lru_cache(_MOST_KNOWN)
def find_key(scheme: str, host: str, path: str, query: str) -> Key | None:
    """None if the page is not cached: another kind, an unknown host, an unexpected value.

    Parameters that the page does not know are left out: they change nothing, and add no copies.
    """
    place = find_place(scheme, host, path)
    known = CACHED_ROUTES.get(place.route_name) if place else None
    if place is None or known is None:
        return None
    pairs = (part.partition("=") for part in query.split("&"))
    if place.route_name == "home" and any(is_number_of_post((a, b)) for a, _, b in pairs):
        return None  # it was the address of a post on another site
    given = [part for part in query.split("&") if known.name and is_about(part, known.name)]
    if len(given) > 1 or any(
        not known.value.fullmatch(part.removeprefix(f"{known.name}=")) for part in given
    ):
        return None
    return replace(place, query="".join(given))


def find_place(scheme: str, host: str, path: str) -> Key | None:
    """Return any page of ours at this address, without its query; None for an unknown host."""
    if host not in settings.CACHED_HOSTS or not path.isascii():
        return None
    with translation.override(language_of(path)):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    return Key(scheme, host, path, "", match.view_name, match.route or "/")


def is_about(part: str, *names: str) -> bool:
    """Whether this part of a query may set one of them, even if its name is oddly encoded."""
    return unquote_plus(part.partition("=")[0]) in names
