"""Visits to the private page of one request: who gets in, for how long, after how many guesses.

A visit is kept in a signed cookie. It starts with a link, and opens the page once the sender gives
a detail that only they should know. Each request checks again that the link is valid and that they
have not left. The database records who left, so that copies of the cookie stop working.
"""

import logging
import secrets
import time
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.core import signing
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from inquiries import private_links, submission_history
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.models import AccessLink, Inquiry
from inquiries.private_page import lockout
from inquiries.views.cookies import KNOWN_BROWSER, VISIT

#: Seconds of inactivity before the page asks for the detail again.
IDLE_SECONDS = 30 * 60
#: Seconds after which it asks again even if the sender is active.
MAX_SECONDS = 2 * 60 * 60
#: For one network of clients: the window in portal.http.limits.
FLOOD_SECONDS = 15 * 60

logger = logging.getLogger(__name__)

_SECRET_BYTES = 16
_SALT = "inquiries.visit"
_PAGE_SALT = "inquiries.page"
_KNOWN_SALT = "inquiries.known"
#: A browser that is never closed stops being known after this time.
_KNOWN_SECONDS = 30 * 24 * 60 * 60
#: The most requests to remember per browser; older ones are dropped.
_MAX_KNOWN = 5


@dataclass(frozen=True)
class Visit:
    """One sender on one private page, as stored in the cookie."""

    inquiry_id: str
    #: None if they came straight from the confirmation.
    link_id: int | None
    #: In seconds since the epoch: when it was opened, and when they were last active.
    started_at: float
    seen_at: float
    #: Whether they gave a detail, and recently enough.
    is_proven: bool
    #: Identifies the visit in the record of those who left.
    secret: str = field(default_factory=partial(secrets.token_urlsafe, _SECRET_BYTES))

    def inquiry(self) -> Inquiry | None:
        """Return the request, as long as the link (or what stood in for one) still opens it."""
        since = datetime.fromtimestamp(self.started_at, UTC)
        return private_links.find_opened_inquiry(
            self.inquiry_id, link_id=self.link_id, since=since, visit=self.secret
        )

    def link(self) -> AccessLink | None:
        """Return the link that the visit started with."""
        return None if self.link_id is None else AccessLink.objects.filter(pk=self.link_id).first()


def start_visit(link: AccessLink) -> Visit:
    now = time.time()
    return Visit(str(link.inquiry_id), link.pk, now, now, is_proven=False)


def current_visit(request: HttpRequest) -> Visit | None:
    """Return the visit in the cookie; None if it is missing, not ours, or too old."""
    try:
        visit = Visit(*signing.loads(VISIT.value(request), salt=_SALT, max_age=MAX_SECONDS))
    except (signing.BadSignature, TypeError):  # TypeError: from an older release
        return None
    now = time.time()
    fresh = now - visit.seen_at <= IDLE_SECONDS and now - visit.started_at <= MAX_SECONDS
    return replace(visit, is_proven=visit.is_proven and fresh)


def mark_proven(visit: Visit) -> Visit:
    """Return a visit that opens the page from now on."""
    return replace(visit, started_at=time.time(), is_proven=True)


def start_proven_visit(
    request: HttpRequest,
    response: HttpResponse,
    inquiry: Inquiry,
    link: AccessLink | None = None,
    started_at: datetime | None = None,
) -> None:
    """Let the sender in without asking: they have just sent the request from this browser.

    `started_at`: when they did. If all links were turned off after that, it opens nothing.
    """
    now = time.time()
    since = started_at.timestamp() if started_at else now
    visit = Visit(str(inquiry.pk), link.pk if link else None, since, now, is_proven=True)
    save_visit(request, response, visit)
    remember_browser(request, response, inquiry)


def save_visit(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """Save the visit, with now as the time of the last activity."""
    signed = signing.dumps(astuple(replace(visit, seen_at=time.time())), salt=_SALT)
    VISIT.set(request, response, signed, seconds=MAX_SECONDS)


def end_visit(request: HttpRequest, response: HttpResponse) -> None:
    """End it in the browser, and for anyone with a copy of its cookie."""
    visit = current_visit(request)
    end_for_copies(visit.secret if visit else "")
    VISIT.delete(request, response)
    KNOWN_BROWSER.delete(request, response)


def end_for_copies(secret: str) -> None:
    """End a visit or confirmation in our database, so that copies of its cookie stop working."""
    if DATABASE_BREAKER.is_open:  # someone who leaves in a hurry must not wait
        return
    try:
        private_links.end_visit(secret)
    except Error:
        DATABASE_BREAKER.trip()
        logger.exception("What was left could not be ended for copies of its cookie.")


# --- One request at a time ------------------------------------------------------------------------


def page_token(request: HttpRequest) -> str:
    """Return the token that every form of a page carries, to say which request it belongs to."""
    visit = current_visit(request)
    return signing.Signer(salt=_PAGE_SALT).signature(visit.inquiry_id) if visit else ""


def has_page_token(request: HttpRequest, visit: Visit) -> bool:
    """Whether the form comes from a page of this request; another tab may have opened another.

    Viewing needs no token, because people may come from anywhere.
    """
    given = (request.POST if request.method == "POST" else request.GET).get("of")
    if given is None:
        return request.method != "POST"
    try:
        signing.Signer(salt=_PAGE_SALT).unsign(f"{visit.inquiry_id}:{given}")
    except signing.BadSignature:
        return False
    return True


# --- The detail -----------------------------------------------------------------------------------


def count_try(request: HttpRequest, inquiry: Inquiry, *, is_flood: bool = False) -> int:
    """Count a try; return the seconds until another is allowed, 0 if this one is.

    `is_flood`: too many came from that network, as portal.http.limits counted.
    """
    if is_flood:
        return FLOOD_SECONDS - int(time.time()) % FLOOD_SECONDS
    if not settings.RATE_LIMITS_ENABLED:
        return 0
    return lockout.count_guess(inquiry, is_known=is_known_browser(request, inquiry))


def check_detail(request: HttpRequest, inquiry: Inquiry, detail: str) -> bool:
    """Whether the detail matches what now counts; also settle the counted try either way."""
    is_right = private_links.is_detail_correct(
        inquiry, submission_history.current_sending(inquiry), detail
    )
    settle = lockout.note_success if is_right else lockout.note_failure
    settle(inquiry, is_known=is_known_browser(request, inquiry))
    return is_right


# --- Browsers that opened the page before ---------------------------------------------------------


def is_known_browser(request: HttpRequest, inquiry: Inquiry) -> bool:
    """Whether this browser has opened the page of this request before."""
    return _browser_mark(inquiry) in _read_browser_marks(request)


def remember_browser(request: HttpRequest, response: HttpResponse, inquiry: Inquiry) -> None:
    """Remember it until it is closed, so that guesses from elsewhere don't lock it out."""
    marks = [
        _browser_mark(inquiry),
        *(each for each in _read_browser_marks(request) if each != _browser_mark(inquiry)),
    ]
    signed = signing.dumps(marks[:_MAX_KNOWN], salt=_KNOWN_SALT)
    KNOWN_BROWSER.set(request, response, signed, seconds=None)


def _read_browser_marks(request: HttpRequest) -> list[str]:
    try:
        marks: list[str] = signing.loads(
            KNOWN_BROWSER.value(request), salt=_KNOWN_SALT, max_age=_KNOWN_SECONDS
        )
    except signing.BadSignature:
        return []
    return marks


def _browser_mark(inquiry: Inquiry) -> str:
    """Return a keyed hash, so that the cookie does not reveal the request."""
    mark = salted_hmac(_KNOWN_SALT, str(inquiry.pk), algorithm="sha256").hexdigest()
    return mark[:32]
