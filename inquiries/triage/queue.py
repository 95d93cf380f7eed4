"""The coordinators' queue: its views, and how many rows each holds, counted up to COUNT_CAP."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from inquiries.intake import bursts
from inquiries.models import (
    BURST_SIZE,
    Inquiry,
    InquiryQuerySet,
    KeptQuery,
    KeptSql,
    Origin,
    SavedView,
)
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage.filters import CLOSED_WITHIN, NO_FILTERS, Filters
from inquiries.triage.pagination import Order, Page, page_from, to_page
from inquiries.triage.rows import COLUMNS, Row, load_rows
from inquiries.triage.words import VIEW_LABELS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.models import User

Key = TypeVar("Key")
COUNT_CAP = 99
#: A request due within this time is due soon.
SOON = timedelta(hours=4)
#: What the rows of a view depend on.
_WHO_AND_WHEN: dict[str, type[Any]] = {"user": UUID, "now": datetime}
_DUE_FIRST = Order("due_at", then="received_at")


@dataclass(frozen=True)
class QueueView:
    """One view of the queue."""

    name: str
    rows: Callable[["User", datetime], InquiryQuerySet]
    order: Order = _DUE_FIRST
    is_counted: bool = True
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

    return KeptQuery(rows, _soon, **_WHO_AND_WHEN)


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
        QueueView("open", lambda user, now: Inquiry.objects.open()),
        QueueView("unclaimed", lambda user, now: Inquiry.objects.unclaimed()),
        QueueView("mine", lambda user, now: Inquiry.objects.claimed_by(user), has_bursts=False),
        QueueView(
            "overdue",
            lambda user, now: Inquiry.objects.overdue(now),
            needs_attention=True,
        ),
        QueueView("soon", lambda user, now: Inquiry.objects.due_between(now, now + SOON)),
        QueueView(
            "waiting",
            lambda user, now: Inquiry.objects.waiting(),
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


#: Among the counts of the views: what is overdue and this person’s, for the title of the page.
LATE = "late"


def late_rows(user: "User", now: datetime, *, is_lead: bool) -> InquiryQuerySet:
    """Claimed requests that are overdue: a coordinator's own, for a lead everybody's."""
    if is_lead:
        return Inquiry.objects.overdue(now).exclude(state=State.NEW)
    return Inquiry.objects.claimed_by(user).filter(due_at__lt=now)


@dataclass(frozen=True)
class Tabs:
    """How many rows each counted view holds and are LATE, as shown; are there saved views?"""

    counts: dict[str, str]
    has_bursts: bool
    has_saved_views: bool


def count_views(user: "User") -> dict[str, str]:
    return read_tabs(user).counts


def read_tabs(user: "User") -> Tabs:
    """Count the views in one query; in a second one, the bursts, if there are any."""
    counting = _counted_views(user.has_perm(permissions.LEAD_TRIAGE), COUNT_CAP)
    names, sql, values = counting.fill({"user": user.pk, "now": timezone.now()})
    *counts, has_bursts, has_saved_views = _fetch(sql, values)
    found = dict(zip(names, counts, strict=True))
    if has_bursts:
        now = timezone.now()
        views = [VIEWS[name] for name in names if name != LATE and VIEWS[name].has_bursts]
        in_bursts = {view.name: view.rows(user, now).filter(burst__isnull=False) for view in views}
        sql, values = _counting({name: rows.folded() for name, rows in in_bursts.items()})
        for view, count in zip(views, _fetch(sql, values), strict=True):
            found[view.name] += count
    shown = {name: format_count(count) for name, count in found.items()}
    return Tabs(shown, bool(has_bursts), bool(has_saved_views))


def _soon(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"soon": said["now"] + SOON}


@lru_cache(maxsize=4)
def _counted_views(
    is_lead: bool,  # noqa: FBT001 - a key of what is kept
    _cap: int,
) -> KeptSql[list[str]]:
    """Return the query that counts all views, without requests in bursts.

    Two columns follow: whether there are any in bursts, and whether there are saved views.
    """

    def write(user: UUID, now: datetime) -> tuple[list[str], str, list[Any]]:
        reader: Any = get_user_model()(pk=user)
        counted = {name: view.rows(reader, now) for name, view in VIEWS.items() if view.is_counted}
        counted[LATE] = late_rows(reader, now, is_lead=is_lead)
        in_bursts = Inquiry.objects.filter(burst__isnull=False)
        saved = SavedView.objects.filter(Q(owner=reader) | Q(is_shared=True))
        counts, values = _counting(
            {name: rows.filter(burst=None) for name, rows in counted.items()}
        )
        for rows in (in_bursts, saved):
            any_row, of_any_row = rows.order_by().values("pk")[:1].query.sql_with_params()
            counts, values = f"{counts}, EXISTS({any_row})", [*values, *of_any_row]
        return [*counted], counts, values

    return KeptSql(write, _WHO_AND_WHEN, _soon)


def count_rows(rows: "Mapping[Key, QuerySet[Any]]") -> dict[Key, str]:
    """Count each queryset for display: exact up to COUNT_CAP, then “99+”. Uses one query."""
    sql, values = _counting(rows)
    return {key: format_count(n) for key, n in zip(rows, _fetch(sql, values), strict=True)}


def _counting(rows: "Mapping[Key, QuerySet[Any]]") -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for each in rows.values():
        # In their order, so that an index is read: the planner would rather read the whole table,
        # because it takes the few that it wants to be everywhere in it.
        wanted, of_wanted = each.values("pk")[: COUNT_CAP + 1].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({wanted}) AS counted)")  # noqa: S608 - Django wrote it
        values += of_wanted
    return f"SELECT {', '.join(parts)}", values


def _fetch(sql: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [*cursor.fetchone()]


def format_count(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
