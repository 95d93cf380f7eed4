"""Visits to the private page of one request: who is let in, for how long, after how many guesses.

A visit lives in a signed cookie alone. It begins with a link, and opens the page once a detail that
only she should know was given. The link is looked at again with each request.
"""

import time
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from inquiries import private_links, submission_history
from inquiries.models import AccessLink, Inquiry
from inquiries.private_page import lockout
from inquiries.views.cookies import KNOWN, VISIT

#: Seconds without a sign of her, after which the page asks for the detail again.
IDLE = 30 * 60
#: Seconds after which it asks again in any case.
LONGEST = 2 * 60 * 60
#: For one network of clients, the window in portal.limits.
FLOOD_SECONDS = 15 * 60

_SALT = "inquiries.visit"
_PAGE_SALT = "inquiries.page"
_KNOWN_SALT = "inquiries.known"
#: A browser that is never closed is asked like any other after so long.
_KNOWN_SECONDS = 30 * 24 * 60 * 60
#: Requests of one browser, the last ones.
_MOST_KNOWN = 5


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
        return private_links.find_opened_inquiry(self.inquiry_id, link_id=self.link_id, since=since)

    def link(self) -> AccessLink | None:
        """The one that it began with."""
        return None if self.link_id is None else AccessLink.objects.filter(pk=self.link_id).first()


def begun_by(link: AccessLink) -> Visit:
    now = time.time()
    return Visit(str(link.inquiry_id), link.pk, now, now, is_proven=False)


def of(request: HttpRequest) -> Visit | None:
    """Hers, as her cookie tells; None where there is none, or one that is not ours or too old."""
    try:
        visit = Visit(*signing.loads(VISIT.value(request), salt=_SALT, max_age=LONGEST))
    except (signing.BadSignature, TypeError):  # TypeError: an older release made it
        return None
    now = time.time()
    fresh = now - visit.seen <= IDLE and now - visit.began <= LONGEST
    return replace(visit, is_proven=visit.is_proven and fresh)


def proven(visit: Visit) -> Visit:
    """From now on it opens the page."""
    return replace(visit, began=time.time(), is_proven=True)


def admit(
    request: HttpRequest,
    response: HttpResponse,
    inquiry: Inquiry,
    link: AccessLink | None = None,
    began: datetime | None = None,
) -> None:
    """Let the sender in without asking her: she has just sent the request from this browser.

    `began`: when she did. Where all links were taken back after that, it opens nothing.
    """
    now = time.time()
    since = began.timestamp() if began else now
    visit = Visit(str(inquiry.pk), link.pk if link else None, since, now, is_proven=True)
    keep(request, response, visit)
    make_known(request, response, inquiry)


def keep(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """She was here just now."""
    signed = signing.dumps(astuple(replace(visit, seen=time.time())), salt=_SALT)
    VISIT.put(request, response, signed, seconds=LONGEST)


def end(request: HttpRequest, response: HttpResponse) -> None:
    VISIT.forget(request, response)
    KNOWN.forget(request, response)


# --- One request at a time ------------------------------------------------------------------------


def page_mark(request: HttpRequest) -> str:
    """Goes along with all that she presses on a page: of which request that page is."""
    visit = of(request)
    return signing.Signer(salt=_PAGE_SALT).signature(visit.inquiry_id) if visit else ""


def is_of_its_page(request: HttpRequest, visit: Visit) -> bool:
    """Whether it comes from a page of this request: another tab may have opened another since.

    Looking needs no mark: she may come from anywhere.
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


def seconds_to_wait(request: HttpRequest, inquiry: Inquiry, *, is_flood: bool = False) -> int:
    """Count a try; how long until there may be another, 0 where this one is allowed.

    `is_flood`: too many came from that network, as portal.limits has counted on the way in.
    """
    if is_flood:
        return FLOOD_SECONDS - int(time.time()) % FLOOD_SECONDS
    if not settings.RATE_LIMITS_ENABLED:
        return 0
    return lockout.count_guess(inquiry, is_known=is_known(request, inquiry))


def knows(request: HttpRequest, inquiry: Inquiry, detail: str) -> bool:
    """Whether it is a detail of what counts now; a try that was counted ends well or badly here."""
    is_right = private_links.is_detail_correct(
        inquiry, submission_history.current_sending(inquiry), detail
    )
    settle = lockout.note_success if is_right else lockout.note_failure
    settle(inquiry, is_known=is_known(request, inquiry))
    return is_right


# --- Browsers that opened the page before ---------------------------------------------------------


def is_known(request: HttpRequest, inquiry: Inquiry) -> bool:
    """Whether this browser has opened the page of this request before."""
    return _mark_of(inquiry) in _known(request)


def make_known(request: HttpRequest, response: HttpResponse, inquiry: Inquiry) -> None:
    """Until the browser is closed: who guesses elsewhere does not shut it out."""
    marks = [_mark_of(inquiry), *(each for each in _known(request) if each != _mark_of(inquiry))]
    signed = signing.dumps(marks[:_MOST_KNOWN], salt=_KNOWN_SALT)
    KNOWN.put(request, response, signed, seconds=None)


def _known(request: HttpRequest) -> list[str]:
    try:
        marks: list[str] = signing.loads(
            KNOWN.value(request), salt=_KNOWN_SALT, max_age=_KNOWN_SECONDS
        )
    except signing.BadSignature:
        return []
    return marks


def _mark_of(inquiry: Inquiry) -> str:
    """Keyed, so that the cookie does not say which request."""
    mark = salted_hmac(_KNOWN_SALT, str(inquiry.pk), algorithm="sha256").hexdigest()
    return mark[:32]
