"""The request form as finished bytes, where each opening has its own key and CSRF token.

Django renders the form once for each version of what it shows, as for an anonymous visitor, with a
key and a secret that no visitor ever gets. The page is cut at these, and joined anew for each
opening. While nobody knows whether a form is still current, Django renders each one.
"""

import re
import secrets
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware, get_token
from django.utils.crypto import get_random_string

from inquiries.forms.inquiry import new_idempotency_key
from inquiries.intake import topics
from inquiries.views.cookies import QUICK_EXIT
from portal.http import logs
from portal.page_cache.answers import REQUEST_ID, Answer, accepts
from portal.page_cache.cutting import CutPage, cut
from portal.page_cache.keys import Key, find_place, is_about
from portal.page_cache.making import Application, Environ, Response, ask_as_nobody, turn_of
from portal.page_cache.memory import Memory
from portal.page_cache.pages import Headers
from portal.page_cache.versions import TOLD_AFTER, Version, versions

_ROUTE = "inquiries:ask"
#: A share of the page cache: there is one form for each article that people come from.
BYTES = settings.PAGE_CACHE_BYTES // 8
#: The names under which the form sends what is unique to each opening.
_TOKEN, _KEY, _REVISION = "csrfmiddlewaretoken", "idempotency_key", "revision"
_KNOWN_QUERY = re.compile(r"(?:article=([A-Za-z0-9_-]+)(?:&revision=([0-9]{1,9}))?)?")
_LONGEST_QUERY = 300
#: What distinguishes two visitors: their cookies, and how they connected.
_TOLD_BY = frozenset(
    {"REQUEST_METHOD", "PATH_INFO", "HTTP_COOKIE", "wsgi.url_scheme", "wsgi.input"}
)
_NOT_KEPT = frozenset({"x-request-id", "content-length", "set-cookie"})
_MOST_KNOWN = 256

_csrf = CsrfViewMiddleware(lambda request: HttpResponse())


@dataclass(frozen=True)
class FormKey:
    #: Its query ends with “revision=” if there is one: the number is filled in.
    place: Key
    #: Someone left this browser in a hurry: it must not fill in what they typed.
    has_left: bool


@dataclass(frozen=True)
class FormPage:
    #: The number under which it was made.
    version: int
    headers: Headers
    #: With `secret` in place of the visitor's.
    cookie: str
    secret: str
    cut: CutPage

    @property
    def size(self) -> int:
        return self.cut.size


@dataclass(frozen=True)
class Opening:
    """One visitor opening the form."""

    key: FormKey
    environ: Environ
    request: WSGIRequest
    revision: str


memory: Memory[FormKey, FormPage] = Memory(BYTES)


def find_opening(environ: Environ, scheme: str, host: str, path: str, query: str) -> Opening | None:
    """None for another page, or if the query names the article in an unexpected way."""
    place = _find_form(scheme, host, path)
    if place is None or len(query) > _LONGEST_QUERY:
        return None
    given = [part for part in query.split("&") if is_about(part, "article", "revision")]
    known = _KNOWN_QUERY.fullmatch("&".join(given))
    if known is None:
        return None
    article, revision = known[1] or "", known[2] or ""
    if article:
        place = replace(place, query=f"article={article}{'&revision=' if revision else ''}")
    asked = {name: value for name, value in environ.items() if name in _TOLD_BY}
    if settings.SECURE_PROXY_SSL_HEADER:
        name = settings.SECURE_PROXY_SSL_HEADER[0]
        asked[name] = environ.get(name, "")
    request = WSGIRequest(asked)
    key = FormKey(place, has_left=bool(QUICK_EXIT.value(request)))
    return Opening(key, environ, request, revision)


@lru_cache(_MOST_KNOWN)
def _find_form(scheme: str, host: str, path: str) -> Key | None:
    if settings.SECURE_SSL_REDIRECT and scheme != "https":
        return None
    place = find_place(scheme, host, path)
    return place if place and place.route_name == _ROUTE else None


def answer(opening: Opening, version: Version, *, began: float) -> Answer | None:
    """Answer from memory, with a request id and a log line of its own."""
    page = memory.get(opening.key)
    if page is None or page.version != version.number or version.age >= TOLD_AFTER:
        return None
    number = secrets.token_hex(8)
    found = _open(page, opening, number)
    logs.write_access_line(
        number,
        method=opening.request.method or "",
        route=logs.Route(opening.key.place.route),
        status=found.status,
        began=began,
        is_kept=True,
    )
    return found


def respond(django: Application, opening: Opening, *, began: float) -> Answer | None:
    """Return None where Django has to render the form for this visitor alone."""
    try:
        if found := answer(opening, versions.read(), began=began):
            return found
        with turn_of(opening.key):
            version = versions.read()
            if found := answer(opening, version, began=began):
                return found  # made while this one waited
            if version.number is None or version.age >= TOLD_AFTER or not topics.refresh():
                return None
            memory.take_asked()  # forms aren't remade by how many asked for them
            return _make(django, opening, version.number)
    finally:
        connection.close_if_unusable_or_obsolete()


def _make(django: Application, opening: Opening, version: int) -> Answer | None:
    """Make the form and open it for this visitor, whose answer Django has already logged."""
    key, secret = opening.key, get_random_string(32, CSRF_ALLOWED_CHARS)
    # Letters, which no real one has; and short, because the form truncates it.
    revision = get_random_string(9, "bcdfghjklmnpqrstvwxz") if opening.revision else ""
    cookies = {settings.CSRF_COOKIE_NAME: secret}
    if key.has_left:
        cookies[QUICK_EXIT.name(opening.request)] = "1"
    response = ask_as_nobody(
        django,
        opening.environ,
        key.place.query + revision,
        cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
    )
    page = _cut(response, version, secret, revision)
    if page is None:
        return None
    # Otherwise the article is not live, and anybody can make up such addresses.
    if not key.place.query or b'name="article" value=' in response.body:
        memory.keep(key, page)
    return _open(page, opening, response.header(REQUEST_ID))


def _cut(response: Response, version: int, secret: str, revision: str) -> FormPage | None:
    """Return None if it is another page than the form, or sets another cookie."""
    cookies = [value for name, value in response.headers if name.lower() == "set-cookie"]
    if response.status != HTTPStatus.OK or len(cookies) != 1 or cookies[0].count(secret) != 1:
        return None
    found = cut(response.body, own=(_TOKEN, _KEY), known={_REVISION: revision})
    if found is None:
        return None
    headers = [each for each in response.headers if each[0].lower() not in _NOT_KEPT]
    return FormPage(version, headers, cookies[0], secret, found)


def _open(page: FormPage, opening: Opening, number: str) -> Answer:
    """Fill in this visitor's values: letters, digits and hyphens, which need no escaping."""
    request, environ = opening.request, opening.environ
    _csrf.process_request(request)
    token = get_token(request)
    values = {_TOKEN: token, _KEY: new_idempotency_key(), _REVISION: opening.revision}
    body = page.cut.join(values)
    headers = [*page.headers]
    if accepts(environ, "gzip"):
        body = page.cut.pack(values, body)
        headers.append(("Content-Encoding", "gzip"))
    headers += [
        ("Content-Length", str(len(body))),
        ("Set-Cookie", page.cookie.replace(page.secret, request.META["CSRF_COOKIE"])),
        (REQUEST_ID, number),
    ]
    return Answer(HTTPStatus.OK, headers, body if environ["REQUEST_METHOD"] == "GET" else b"")
