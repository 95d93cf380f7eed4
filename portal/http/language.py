"""In which language an answer is given: the address alone says so.

No cookie, no guess by what the browser prefers: an address that was passed on shows what was seen
there, and a cache needs one copy of each page. English addresses have no prefix.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation


class LanguageMiddleware:
    """Outside of whatever writes a sentence or looks up an address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)


def language_of(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def path_in(language: str, path: str) -> str:
    """The address of the same page in another language."""
    own = translation.get_language_from_path(path)
    bare = path.removeprefix(f"/{own}") if own else path
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
