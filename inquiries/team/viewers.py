"""Who else is viewing a request: known from the record of who opened it, and from open pages.

An open page reports itself every few seconds. This is kept in the shared cache, only as account
ids and times; if the cache is down, only the record counts.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone

from inquiries.models import Event, Inquiry

if TYPE_CHECKING:
    from portal.models import User

#: Someone who opened it within this time may still be working on it.
RECENT = timedelta(minutes=10)
#: How many seconds after its last report a page still counts as open.
OPEN_SECONDS = 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Viewer:
    """A colleague who has looked at the same request recently."""

    user: "User"
    #: Whether their page is open, as far as we know.
    has_page_open: bool
    #: When they last opened it, within RECENT.
    opened_at: datetime | None

    @property
    def is_new(self) -> bool:
        return self.opened_at is not None and timezone.now() - self.opened_at < _MINUTE

    @property
    def mark(self) -> str:
        """Changes when there is something new to say about them."""
        return f"{self.user.pk}{'+' if self.has_page_open else '-'}"


def note_viewer(inquiry: Inquiry, *, by: "User") -> None:
    """Note that their page is open. Of two concurrent updates, one may be lost until the next."""
    cache.set(_key(inquiry), _open_pages(inquiry) | {str(by.pk): time.time()}, OPEN_SECONDS)


def other_viewers(
    inquiry: Inquiry, *, by: "User", events: Iterable[Event] | None = None
) -> list[Viewer]:
    """Who else is viewing it or opened it recently, by name.

    Pass `events` (of the request, in order) if they are already loaded.
    """
    since = timezone.now() - RECENT
    if events is None:
        events = inquiry.events.filter(kind=Event.Kind.READ, at__gt=since).order_by("number")
    opened_at = {
        event.by_id: event.at
        for event in events
        if event.kind == Event.Kind.READ and event.at > since and event.by_id != by.pk
    }
    here = _open_pages(inquiry).keys() - {str(by.pk)}
    if not opened_at and not here:
        return []
    users = get_user_model()._default_manager.filter(pk__in={*opened_at, *here})
    return [
        Viewer(user, str(user.pk) in here, opened_at.get(user.pk))
        for user in sorted(users, key=str)
    ]


def _open_pages(inquiry: Inquiry) -> dict[str, float]:
    """The time of each account's last report, keyed by account id."""
    since = time.time() - OPEN_SECONDS
    return {pk: at for pk, at in cache.get(_key(inquiry), {}).items() if at > since}


def _key(inquiry: Inquiry) -> str:
    return f"looking:{inquiry.pk}"
