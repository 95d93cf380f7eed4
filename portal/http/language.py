"""In which language an answer is given: the address alone says so.

No cookie, no guess by what the browser prefers: an address that was passed on shows what was seen
there, and a cache needs one copy of each page. English addresses have no prefix.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import escape_leading_slashes


class LanguageMiddleware:
    """Outside of whatever writes a sentence or looks up an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)


def language_of(path: str) -> str:
    """By its first part, to the letter: a variant such as es-MX has no addresses of its own."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def path_in(language: str, path: str) -> str:
    """The address of the same page in another language."""
    own = f"/{language_of(path)}"
    bare = path.removeprefix(own) if f"{path}/".startswith(f"{own}/") else path
    # Or who links to /es//elsewhere.example/ would have our own header lead there.
    bare = escape_leading_slashes(bare or "/")
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"


def route_name(path: str) -> str:
    """The name of the view that answers at this address, in any language; empty where none does.

    An address without its last slash has the name of that which it is redirected to.
    """
    with translation.override(language_of(path)):
        for candidate in (path, f"{path}/"):
            try:
                return resolve(candidate).view_name
            except Resolver404:
                continue
    return ""
