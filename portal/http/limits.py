"""Limits on requests: how large, in which methods, and how often.

A refusal is a plain page, made before anything in the request is read or looked up.
"""

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, parse_cookie
from django.urls import get_resolver

from inquiries.shared_counter import increment
from inquiries.states import SpamSignal
from portal.http.attempts import SignInUnavailable, count_attempt

#: Bytes of a body. No form on the public site comes close, even with every field overfull.
MAX_BODY = 1_500_000
#: As a form sends it, an article of 200,000 characters takes 12 bytes for each if all are emoji.
MAX_STAFF_BODY = 2_600_000
#: For image uploads. Twice the largest image accepted, so that someone who sends a larger one is
#: told so by the form and keeps what they typed.
MAX_IMAGE_BODY = 20_000_000
IMAGE_UPLOAD_PATH = "/admin/articles/image/add/"
#: For uploads of a file of references.
REFERENCES_UPLOAD_PATH = "/admin/articles/reference/import/"
#: For uploads of posts with their pictures. All files of an upload together may be as large as an
#: image upload.
POSTS_UPLOAD_PATH = "/admin/articles/article/import/"
#: Characters of an address with its query. The longest is an identity provider's answer.
MAX_URL_LENGTH = 8_192
#: Characters in all headers together.
MAX_HEADERS_LENGTH = 32_768
#: Where `portal.rsgi` notes why it did not wait for a body; no header can have this name.
REFUSAL = "wsgi.portal.refusal"

_METHODS = ("GET", "HEAD", "POST")
_STAFF_PREFIX = "/admin/"


class RequestRefused(SuspiciousOperation):
    """A request that is not accepted as it came; `status` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def refusal_page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Return the page of handler400. Nothing is raised: the request's own log line is enough."""
    handler: Any = get_resolver().resolve_error_handler(HTTPStatus.BAD_REQUEST)
    page: HttpResponse = handler(request, RequestRefused(status))
    return page


# --- How large, in which methods ------------------------------------------------------------------


class RequestLimitsMiddleware:
    """Refuses what no browser sends to this site on its own, and what is too large to read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = refusal_status(request.META)
        if refused:
            response = refusal_page(request, refused)
            if refused == HTTPStatus.METHOD_NOT_ALLOWED:
                response["Allow"] = ", ".join(_METHODS)
            return response
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _is_bare(response):
            # Django's bare answer, or the one for a static file, tells a person nothing.
            page = refusal_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            page["Allow"] = response.get("Allow", "")
            return page
        return response


def refusal_status(meta: Mapping[str, Any]) -> HTTPStatus | None:
    """Return why a request is refused, from its environment (PEP 3333); None if it is not."""
    if meta["REQUEST_METHOD"] not in _METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED
    if REFUSAL in meta:
        return HTTPStatus(meta[REFUSAL])
    path, query = meta["PATH_INFO"], meta.get("QUERY_STRING", "")
    if len(path) + len(query) > MAX_URL_LENGTH:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    sizes = (len(name) + len(value) for name, value in meta.items() if name.startswith("HTTP_"))
    if sum(sizes) > MAX_HEADERS_LENGTH:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if _body_length(meta) > max_body(path):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    # No browser sends a NUL in these places. PostgreSQL refuses to search for one, which would
    # count as an error of ours.
    cookies = meta.get("HTTP_COOKIE", "")
    places = [*parse_cookie(cookies).values()] if cookies else []
    if path.startswith(_STAFF_PREFIX):
        places += [path, query.replace("%00", "\x00")]
    return HTTPStatus.BAD_REQUEST if any("\x00" in place for place in places) else None


def max_body(path: str) -> int:
    """Return how many bytes may be sent to this address."""
    if path in {IMAGE_UPLOAD_PATH, POSTS_UPLOAD_PATH}:
        return MAX_IMAGE_BODY
    return MAX_STAFF_BODY if path.startswith(_STAFF_PREFIX) else MAX_BODY


def _is_bare(response: HttpResponseBase) -> bool:
    return response.streaming or not response.content  # type: ignore[attr-defined]


def _body_length(meta: Mapping[str, Any]) -> int:
    try:
        return int(meta.get("CONTENT_LENGTH") or 0)
    except ValueError:  # Django treats it as no length, and reads nothing.
        return 0


# --- How often ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """At most this many within this many seconds, counted in windows aligned to the clock.

    With `is_certain`, the database counts (`portal.http.attempts`), not a cache.
    """

    most: int
    seconds: int
    #: `address`, `account`, or `all` for everyone together.
    by: str
    is_certain: bool = False


#: By route name. Above the limit, a page says when to come back.
LIMITS = {
    "search": Limit(300, 60, "address"),
    "articles:clear": Limit(30, 600, "address"),
    "articles:tell": Limit(10, 600, "address"),
    "articles:comment": Limit(10, 600, "address"),
    "inquiries:private_lost": Limit(30, 600, "address"),
    # A clinic's calendars may all read from one address, every few minutes.
    "calendar_feed": Limit(300, 600, "address"),
    "admin:inquiries_inquiry_find": Limit(60, 60, "account"),
    # Reading a large page takes a second of work.
    "admin:articles_article_paste": Limit(60, 60, "account"),
    # Its challenge is kept in a session: without a limit, anybody could fill the table.
    "mfa_login_webauthn": Limit(60, 60, "address"),
}
#: By route name, for POST requests. Failures have limits of their own, in
#: `portal.accounts.lockout`.
SIGN_IN_LIMITS = {
    "account_login": Limit(30, 60, "address", is_certain=True),
    "oidc_login": Limit(30, 60, "address", is_certain=True),
    "mfa_login_webauthn": Limit(10, 60, "address", is_certain=True),
    "account_reauthenticate": Limit(10, 60, "account", is_certain=True),
    "mfa_reauthenticate": Limit(10, 60, "account", is_certain=True),
    "mfa_reauthenticate_webauthn": Limit(10, 60, "account", is_certain=True),
    "account_change_password": Limit(5, 60, "account", is_certain=True),
}
#: By route name, for POST requests. Above the limit, a request is stored like any other but marked:
#: no request is lost, and a machine's hundreds wait in quarantine. The view takes `flood_signs`.
FLOOD_LIMITS = {
    "inquiries:ask": {
        SpamSignal.FLOOD: Limit(30, 600, "address"),
        # Not a sign of a machine: leads are notified, as after a mention on television.
        SpamSignal.CROWD: Limit(100, 600, "all"),
    },
    # Guesses at what opens a private page; the page itself refuses them, and keeps what was typed.
    "inquiries:private_prove": {SpamSignal.FLOOD: Limit(20, 900, "address", is_certain=True)},
}


#: By route name: the view takes the `network` that the request was sent from.
NETWORK_TOLD = {"inquiries:ask", "search"}


class RateLimitMiddleware:
    """Counts by route, after the CSRF check and the sign-in: only what is let in counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not settings.RATE_LIMITS_ENABLED:
            return None
        asked = [LIMITS.get(name), SIGN_IN_LIMITS.get(name) if request.method == "POST" else None]
        for limit in filter(None, asked):
            try:
                wait = _seconds_to_wait(limit, name, request)
            except SignInUnavailable as unavailable:
                return unavailable_page(request, unavailable)
            if wait:
                handler: Any = get_resolver().resolve_error_handler(HTTPStatus.TOO_MANY_REQUESTS)
                page: HttpResponse = handler(request, wait)
                return page
        if name in FLOOD_LIMITS and request.method == "POST":
            view_kwargs["flood_signs"] = frozenset(
                sign
                for sign, flood in FLOOD_LIMITS[name].items()
                if _seconds_to_wait(flood, name, request)
            )
        if name in NETWORK_TOLD:
            view_kwargs["network"] = client_network(request)
        return None


def unavailable_page(request: HttpRequest, unavailable: SignInUnavailable) -> HttpResponse:
    """Return the page of handler503."""
    handler: Any = get_resolver().resolve_error_handler(HTTPStatus.SERVICE_UNAVAILABLE)
    page: HttpResponse = handler(request, unavailable)
    return page


def _seconds_to_wait(limit: Limit, name: str, request: HttpRequest) -> int:
    """Count this request; return 0 if it is within the limit, else the seconds to wait.

    Raise SignInUnavailable if a limit that `is_certain` cannot be counted.
    """
    who = _counted_for(limit, request)
    if limit.is_certain:  # all those without an address count as one
        return count_attempt(f"{name} by {who}", most=limit.most, seconds=limit.seconds)
    now = int(time.time())
    key = f"limits:{name}:{who}:{limit.seconds}:{now // limit.seconds}"
    if not who or increment(key, limit.seconds) <= limit.most:
        return 0
    return limit.seconds - now % limit.seconds


def _counted_for(limit: Limit, request: HttpRequest) -> str:
    """Return whose count it is; empty if unknown, when only limits that are `is_certain` count."""
    if limit.by == "account":
        return f"account-{request.user.pk}" if request.user.is_authenticated else ""
    return client_network(request) if limit.by == "address" else "all"


def client_network(request: HttpRequest) -> str:
    """Return the visitor's address as sign-in reads it; for IPv6 the /64, one household's network.

    Counted one by one, the addresses of a single household would never run out. Empty if there is
    no address.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)
