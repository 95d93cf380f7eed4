"""Visits to the private page of one request: who is let in, for how long, after how many guesses.

A visit lives in a signed cookie alone. It begins with a link, and opens the page once a detail that
only she should know was given. The link is looked at again with each request.
"""

import math
import time
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db.models import Case, F, Q, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from inquiries import intake, links
from inquiries.counting import count
from inquiries.models import AccessLink, Inquiry
from inquiries.views.cookies import VISIT

#: Seconds without a sign of her, after which the page asks for the detail again.
IDLE = 30 * 60
#: Seconds after which it asks again in any case.
LONGEST = 2 * 60 * 60
#: For one network of clients, the window in portal.limits.
FLOOD_SECONDS = 15 * 60
#: For one link: so many tries within so many seconds. All four-digit numbers would take 500 days.
GUESSES = ((5, 15 * 60), (20, 24 * 60 * 60))

_SALT = "inquiries.visit"
_PAGE_SALT = "inquiries.page"
#: Where an AccessLink counts them, with when that count began.
_COUNTED = dict(zip(("guesses", "guesses_today"), GUESSES, strict=True))


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


def keep(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    """She was here just now."""
    signed = signing.dumps(astuple(replace(visit, seen=time.time())), salt=_SALT)
    VISIT.put(request, response, signed, seconds=LONGEST)


def end(request: HttpRequest, response: HttpResponse) -> None:
    VISIT.forget(request, response)


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


def knows(visit: Visit, inquiry: Inquiry, detail: str) -> bool:
    """Whether it is a detail of what she sent last. Who has a link from a mail knows the address:
    there only the phone's digits count, where we have them.
    """
    sending, link = intake.latest(inquiry), visit.link()
    if "@" in detail and sending.phone_e164 and link and link.mailed:
        return False
    return links.is_known_to(sending, detail)


def seconds_to_wait(visit: Visit, *, is_flood: bool = False) -> int:
    """Count a try; how long until there may be another, 0 where this one is allowed.

    `is_flood`: too many came from that network, as portal.limits has counted on the way in.
    """
    now = int(time.time())
    if is_flood:
        return FLOOD_SECONDS - now % FLOOD_SECONDS
    if not settings.RATE_LIMITS:
        return 0
    if visit.link_id is not None:
        return _wait_at_link(visit.link_id)
    waits = [
        seconds - now % seconds
        for most, seconds in GUESSES
        if count(_key(visit, seconds), seconds) > most
    ]
    return max(waits, default=0)


def forget_guesses(visit: Visit) -> None:
    """She knew it: what she mistyped before does not count."""
    if visit.link_id is not None:
        none = dict.fromkeys(_COUNTED, 0) | {f"{name}_since": None for name in _COUNTED}
        AccessLink.objects.filter(pk=visit.link_id).update(**none)
        return
    for _, seconds in GUESSES:
        cache.delete(_key(visit, seconds))


def _wait_at_link(link_id: int) -> int:
    """Counted by the database in one step: guesses made at once are all counted."""
    now = timezone.now()
    row = AccessLink.objects.filter(pk=link_id)
    is_left, counted = Q(), dict[str, Any]()
    for name, (most, seconds) in _COUNTED.items():
        since = f"{name}_since"
        runs = Q(**{f"{since}__gt": now - timedelta(seconds=seconds)})
        is_left &= Q(**{f"{name}__lt": most}) | ~runs
        counted[name] = Case(When(runs, then=F(name) + 1), default=1)
        counted[since] = Case(When(runs, then=F(since)), default=now)
    if row.filter(is_left).update(**counted):
        return 0
    return max([1, *(_seconds_left(link, now) for link in row)])


def _seconds_left(link: AccessLink, now: datetime) -> int:
    """Until all counts that are full begin anew."""
    ends = [
        getattr(link, f"{name}_since") + timedelta(seconds=seconds)
        for name, (most, seconds) in _COUNTED.items()
        if getattr(link, name) >= most
    ]
    return math.ceil((max(ends, default=now) - now).total_seconds())


def _key(visit: Visit, seconds: int) -> str:
    return f"visits:{visit.inquiry_id}:{seconds}:{int(time.time()) // seconds}"
