"""Visits to the private page of one request: who is let in, for how long, after how many guesses.

A visit lives in a signed cookie alone. It begins with a link, and opens the page once a detail that
only she should know was given. The link is looked at again with each request.
"""

import time
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from inquiries import intake, links
from inquiries.models import AccessLink, Inquiry

#: Seconds without a sign of her, after which the page asks for the detail again.
IDLE = 30 * 60
#: Seconds after which it asks again in any case.
LONGEST = 2 * 60 * 60
#: For one network of clients, the window in portal.limits.
FLOOD_SECONDS = 15 * 60
#: For one link: so many tries within so many seconds. All four-digit numbers would take 500 days.
GUESSES = ((5, 15 * 60), (20, 24 * 60 * 60))

_COOKIE = "request"
_SALT = "inquiries.visit"


@dataclass(frozen=True)
class Visit:
    inquiry_id: str
    #: None for who came straight from the confirmation.
    link_id: int | None
    #: Seconds since the epoch: when it was opened, and when she was last here.
    began: float
    seen: float
    #: Whether she gave a detail, and not too long ago.
    is_proven: bool

    def inquiry(self) -> Inquiry | None:
        """The request, while the link (or what stood in for one) still opens it."""
        since = datetime.fromtimestamp(self.began, UTC)
        return links.still_opened(self.inquiry_id, link_id=self.link_id, since=since)


def begun_by(link: AccessLink) -> Visit:
    now = time.time()
    return Visit(str(link.inquiry_id), link.pk, now, now, is_proven=False)


def of(request: HttpRequest) -> Visit | None:
    """Hers, as her cookie tells; None where there is none, or one that is not ours or too old."""
    signed = request.COOKIES.get(_name(request), "")
    try:
        visit = Visit(*signing.loads(signed, salt=_SALT, max_age=LONGEST))
    except (signing.BadSignature, TypeError):  # TypeError: an older release made it
        return None
    now = time.time()
    fresh = now - visit.seen <= IDLE and now - visit.began <= LONGEST
    return replace(visit, is_proven=visit.is_proven and fresh)


def proven(visit: Visit) -> Visit:
    """From now on it opens the page."""
    return replace(visit, began=time.time(), is_proven=True)


def admit(
    request: HttpRequest, response: HttpResponse, inquiry: Inquiry, link: AccessLink | None = None
) -> None:
    """Let the sender in without asking her: she has just sent the request from this browser."""
    now = time.time()
    visit = Visit(str(inquiry.pk), link.pk if link else None, now, now, is_proven=True)
    keep(request, response, visit)


def keep(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """She was here just now."""
    response.set_cookie(
        _name(request),
        signing.dumps(astuple(replace(visit, seen=time.time())), salt=_SALT),
        max_age=LONGEST,
        path=_path(request),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def end(request: HttpRequest, response: HttpResponse) -> None:
    # As it was set, or a browser would not take it for the same.
    response.set_cookie(
        _name(request),
        max_age=0,
        expires="Thu, 01 Jan 1970 00:00:00 GMT",
        path=_path(request),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _name(request: HttpRequest) -> str:
    """With HTTPS one that a browser takes from this very host only, for all of its paths."""
    return f"__Host-{_COOKIE}" if request.is_secure() else _COOKIE


def _path(request: HttpRequest) -> str:
    return "/" if request.is_secure() else reverse("inquiries:private")


# --- The detail -----------------------------------------------------------------------------------


def knows(inquiry: Inquiry, detail: str) -> bool:
    """Whether it is a detail of what she sent first or last: both are asked, whatever the first
    says, so that a wrong one takes its time for every reason.
    """
    known = [links.is_known_to(each, detail) for each in (intake.latest(inquiry), inquiry)]
    return any(known)


def seconds_to_wait(visit: Visit, *, is_flood: bool = False) -> int:
    """Count a try; how long until there may be another, 0 where this one is allowed.

    `is_flood`: too many came from that network, as portal.limits has counted on the way in.
    """
    now = int(time.time())
    if is_flood:
        return FLOOD_SECONDS - now % FLOOD_SECONDS
    waits = [
        seconds - now % seconds
        for most, seconds in GUESSES
        if settings.RATE_LIMITS and _count(_key(visit, seconds), seconds) > most
    ]
    return max(waits, default=0)


def forget_guesses(visit: Visit) -> None:
    """She knew it: what she mistyped before does not count."""
    for _, seconds in GUESSES:
        with suppress(Exception):
            cache.delete(_key(visit, seconds))


def _key(visit: Visit, seconds: int) -> str:
    whose = visit.link_id or visit.inquiry_id
    return f"visits:{whose}:{seconds}:{int(time.time()) // seconds}"


def _count(key: str, seconds: int) -> int:
    """One more; 0 while the cache is down, which must lock nobody out."""
    try:
        if cache.add(key, 1, seconds):
            return 1
        count = int(cache.incr(key))
        # In files, counting on gives it the time of all others.
        cache.touch(key, seconds)
    except Exception:  # noqa: BLE001 - whatever a cache may fail with, the page must not
        return 0
    return count
