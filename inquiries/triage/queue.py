"""The coordinators' queue: its views, page by page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from articles.capped_counts import count_rows
from inquiries.intake import bursts
from inquiries.models import (
    BURST_SIZE,
    Inquiry,
    InquiryQuerySet,
    KeptQuery,
    Origin,
)
from inquiries.states import State
from inquiries.triage.filters import CLOSED_WITHIN, NO_FILTERS, Filters
from inquiries.triage.pagination import Order, Page, page_from, to_page
from inquiries.triage.rows import COLUMNS, Row, load_rows
from inquiries.triage.words import VIEW_LABELS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.models import User

#: A request due within this time is due soon.
SOON = timedelta(hours=4)
#: What the rows of a view depend on.
WHO_AND_WHEN: dict[str, type[Any]] = {"user": UUID, "now": datetime}
_DUE_FIRST = Order("due_at", then="received_at")


@dataclass(frozen=True)
class QueueView:
    """One view of the queue."""

    name: str
    rows: Callable[["User", datetime], InquiryQuerySet]
    order: Order = _DUE_FIRST
    is_counted: bool = True
    #: For a view that shows open requests only: which of them.
    part: Callable[["User", datetime], Q] | None = None
    #: Whether anything in this view needs attention now. If so, its count is highlighted.
    needs_attention: bool = False
    #: Whether it can hold bursts: once someone takes a request up, it leaves its burst.
    has_bursts: bool = True

    @property
    def label(self) -> str:
        return str(VIEW_LABELS[self.name])

    def page(
        self,
        user: "User",
        mark: str,
        filters: Filters = NO_FILTERS,
        *,
        are_bursts: bool = True,
    ) -> Page[Row]:
        """Return one page of this view, with each burst folded into one row.

        `are_bursts`: False if it is known that nothing has to be folded.
        """
        now = timezone.now()
        are_folded = are_bursts and self.has_bursts
        if not filters and not mark:
            asked = _first_page(self, are_folded)
            return _load_page(asked.fetch(user=user.pk, now=now), self.order, now)
        rows = self.rows(user, now)
        if filters:
            if self.order.newest_first:
                rows = rows.filter(closed_at__gte=now - CLOSED_WITHIN)
            rows = filters.narrow(rows, user, now, is_open=not self.order.newest_first)
        return self._load(rows.folded() if are_folded else rows, mark)

    def burst_page(
        self, user: "User", mark: str, burst: UUID, *, own_words: bool = False
    ) -> Page[Row]:
        """List each request of a burst in this view; with `own_words`, only those that differ."""
        rows = self.rows(user, timezone.now()).filter(burst=burst)
        if own_words:
            rows = rows.filter(pk__in=bursts.unlike_members(burst))
        return self._load(rows, mark)

    def _load(self, found: InquiryQuerySet, mark: str) -> Page[Row]:
        rows = found.order_by(*self.order.fields).as_rows(COLUMNS)
        return _load_page(page_from(rows, self.order, mark), self.order, timezone.now())

    def burst_sizes(self, user: "User", shown: Iterable[Row]) -> dict[UUID, str]:
        """Return how many rows each burst in `shown` has in this view, if more than one."""
        keys = {row.values.burst for row in shown if row.values.burst}
        if not keys:
            return {}
        members, rows = Origin.objects.all(), self.rows(user, timezone.now())
        in_all = {(key, "all"): members.filter(burst=key) for key in keys}
        here = {(key, "here"): rows.filter(burst=key) for key in keys}
        counts = count_rows({**in_all, **here})
        few = {str(count) for count in range(BURST_SIZE)}
        found = {key: counts[key, "here"] for key in keys if counts[key, "all"] not in few}
        return {key: size for key, size in found.items() if size != "1"}


def until_soon(said: Mapping[str, Any]) -> dict[str, Any]:
    """Work out what is due soon at `now`, for SQL that is written once."""
    return {"soon": said["now"] + SOON}


@lru_cache(maxsize=64)
def _first_page(
    view: QueueView,
    are_folded: bool,  # noqa: FBT001 - a key of what is kept
) -> KeptQuery[Any]:
    """Return the query for the page that is opened most: the first one, unfiltered."""

    def rows(user: UUID, now: datetime) -> "QuerySet[Inquiry, Any]":
        found = view.rows(get_user_model()(pk=user), now)
        found = found.folded() if are_folded else found
        return page_from(found.order_by(*view.order.fields).as_rows(COLUMNS), view.order)

    return KeptQuery(rows, until_soon, **WHO_AND_WHEN)


def _load_page(found: Iterable[Any], order: Order, now: datetime) -> Page[Row]:
    page = to_page(list(found), order)
    return Page(load_rows(page.rows, now), page.next_cursor)


def load_found(found: Iterable[Inquiry]) -> list[Row]:
    """Return the rows of requests that a search found, in the same order."""
    order = {inquiry.pk: place for place, inquiry in enumerate(found)}
    rows = Inquiry.objects.filter(pk__in=order).as_rows(COLUMNS)
    return load_rows(sorted(rows, key=lambda row: order[row.id]), timezone.now())


VIEWS = {
    view.name: view
    for view in [
        QueueView("open", lambda user, now: Inquiry.objects.open(), part=lambda user, now: Q()),
        QueueView(
            "unclaimed",
            lambda user, now: Inquiry.objects.unclaimed(),
            part=lambda user, now: Q(state=State.NEW),
        ),
        QueueView(
            "mine",
            lambda user, now: Inquiry.objects.claimed_by(user),
            part=lambda user, now: Q(owner=user),
            has_bursts=False,
        ),
        QueueView(
            "overdue",
            lambda user, now: Inquiry.objects.overdue(now),
            part=lambda user, now: Q(due_at__lt=now),
            needs_attention=True,
        ),
        QueueView(
            "soon",
            lambda user, now: Inquiry.objects.due_between(now, now + SOON),
            part=lambda user, now: Q(due_at__gte=now, due_at__lt=now + SOON),
        ),
        QueueView(
            "waiting",
            lambda user, now: Inquiry.objects.waiting(),
            part=lambda user, now: Q(state=State.WAITING),
            order=Order("wakes_at", then="received_at"),
            has_bursts=False,
        ),
        QueueView(
            "undelivered",
            lambda user, now: Inquiry.objects.undelivered(),
            order=Order("undelivered_at"),
            needs_attention=True,
        ),
        QueueView("quarantine", lambda user, now: Inquiry.objects.quarantined()),
        QueueView(
            "closed",
            lambda user, now: Inquiry.objects.closed(),
            order=Order("closed_at", newest_first=True),
            has_bursts=False,
            is_counted=False,
        ),
    ]
}
