"""Sets the language of a response, by the address alone.

No cookie, no guess from the browser's preferences: a shared address shows what its sender saw, and
a cache needs one copy of each page. English addresses have no prefix.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import escape_leading_slashes


class LanguageMiddleware:
    """Wraps everything that writes a sentence or looks up an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)


def language_of(path: str) -> str:
    """Go by the first segment, exactly: a variant such as es-MX has no addresses of its own."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def path_in(language: str, path: str) -> str:
    """Return the address of the same page in another language."""
    own = f"/{language_of(path)}"
    bare = path.removeprefix(own) if f"{path}/".startswith(f"{own}/") else path
    # Otherwise, a link to /es//elsewhere.example/ would make our own header lead there.
    bare = escape_leading_slashes(bare or "/")
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def route_name(path: str) -> str:
    """Return the name of the view at this address, in any language; empty if there is none.

    An address without its trailing slash gets the name of the page that it redirects to.
    """
    with translation.override(language_of(path)):
        for candidate in (path, f"{path}/"):
            try:
                return resolve(candidate).view_name
            except Resolver404:
                continue
    return ""


def is_number_of_post(parameter: tuple[str, str]) -> bool:
    """Return whether a query asks for a post of another site, as WordPress's “?p=12” does."""
    name, value = parameter
    return name in {"p", "page_id"} and value.isdecimal() and len(value) <= 12  # noqa: PLR2004
