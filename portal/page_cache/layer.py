"""Answers readers from finished pages; everything else goes on to Django.

A page is looked up in this process, then on this machine, then in the database, where the worker or
another machine may have put it; if it is nowhere, Django makes it. While the database cannot be
reached, readers get the pages that were last known to be current.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from portal.http import limits
from portal.page_cache import database, form_page, making
from portal.page_cache.answers import REQUEST_ID, Answer, answer, choose
from portal.page_cache.keys import Key, find_key
from portal.page_cache.making import Application, Environ
from portal.page_cache.memory import Memory
from portal.page_cache.pages import Page
from portal.page_cache.versions import CARE_ONLY_AFTER, TOLD_AFTER, Version, versions

#: Pages on how to get help stay up, however long the database is away.
_CARE_ROUTES = frozenset({"home", "inquiries:coordinator", "privacy", "accessibility"})
#: Characters. A slug has 200 at most.
_LONGEST_ADDRESS = 400
_METHODS = frozenset({"GET", "HEAD"})

memory: Memory[Key, Page] = Memory(settings.PAGE_CACHE_BYTES - form_page.BYTES)


def answer_at_once(environ: Environ) -> Answer | None:
    """Answer from memory, without asking anyone; None where that is not enough."""
    began = time.perf_counter()
    version = versions.known()
    if version is None:
        return None
    address = _address_of(environ)
    if address is None:
        return None
    key = find_key(*address)
    if key is None:
        opening = form_page.find_opening(environ, *address)
        return form_page.answer(opening, version, began=began) if opening else None
    page = memory.get(key)
    if page is None or not page.is_true(version.number):
        return None
    return answer(page, key, environ, version, began=began)


def respond(
    django: Application, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Answer as the WSGI application behind this one would, only sooner."""
    began = time.perf_counter()
    address = _address_of(environ)
    found = None
    if address and (key := find_key(*address)):
        found = _respond_from_kept(key, environ, began) or _respond_from_django(
            django, key, environ, began
        )
    elif address and (opening := form_page.find_opening(environ, *address)):
        found = form_page.respond(django, opening, began=began)
    if found is None:
        return django(environ, start_response)
    start_response(f"{found.status.value} {found.status.phrase}", found.headers)
    return [found.body]


def _address_of(environ: Environ) -> tuple[str, str, str, str] | None:
    """Return scheme, host, path and query; None if no browser asks for a page this way."""
    if environ["REQUEST_METHOD"] not in _METHODS or limits.refusal_status(environ):
        return None
    host, path, query = environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"]
    # What is kept of addresses is kept of ours alone, and of none that somebody made up at length.
    if host not in settings.CACHED_HOSTS or len(path) + len(query) > _LONGEST_ADDRESS:
        return None
    scheme = environ["wsgi.url_scheme"]
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        scheme = "https" if environ.get(name, "").split(",")[0].strip() == secure else "http"
    return scheme, host, path, query


def _respond_from_kept(key: Key, environ: Environ, began: float) -> Answer | None:
    try:
        version = versions.read()
        if version.is_fresh:
            database.count_readers(memory.take_asked())
        page = _find(key, version)
    finally:
        connection.close_if_unusable_or_obsolete()
    return answer(page, key, environ, version, began=began) if page else None


def _find(key: Key, version: Version) -> Page | None:
    """Return the page that is current, as far as anybody knows."""
    if version.number is None:
        return None
    page = memory.get(key)
    if page is None or page.version != version.number:
        page = database.load_copy(key, version.number)
        if page is None and version.age < TOLD_AFTER:
            page = database.load(key, version.number)
            if page:
                database.keep_copy(key, page)  # on this machine, too
        if page:
            memory.keep(key, page)
    return page if page and _may_go_out(page, key, version) else None


def _may_go_out(page: Page, key: Key, version: Version) -> bool:
    is_known = version.age <= CARE_ONLY_AFTER or key.route_name in _CARE_ROUTES
    return is_known and page.is_true(version.number)


def _respond_from_django(django: Application, key: Key, environ: Environ, began: float) -> Answer:
    try:
        with making.turn_of(key):
            version = versions.read()
            if (page := memory.get(key)) and _may_go_out(page, key, version):
                return answer(page, key, environ, version, began=began)  # while this one waited
            page, response = making.make(django, key, environ)
            if page:
                memory.keep(key, page)
        if page:
            making.share(key, page)
    finally:
        connection.close_if_unusable_or_obsolete()
    if page is None:
        body = response.body if environ["REQUEST_METHOD"] != "HEAD" else b""
        return Answer(response.status, response.headers, body)
    return choose(page, environ, response.header(REQUEST_ID))
