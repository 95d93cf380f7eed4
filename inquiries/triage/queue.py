"""The coordinators' queue: its views, and how many rows each holds, counted up to COUNT_CAP."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from inquiries.intake import bursts
from inquiries.models import BURST_SIZE, Inquiry, InquiryQuerySet, Origin, SavedView
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage.filters import CLOSED_WITHIN, NO_FILTERS, Filters
from inquiries.triage.pagination import Order, Page, paginate
from inquiries.triage.rows import COLUMNS, Row, load_rows
from inquiries.triage.words import VIEW_LABELS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.models import User

Key = TypeVar("Key")
COUNT_CAP = 99
#: A request due within this time is due soon.
SOON = timedelta(hours=4)
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
        rows = self.rows(user, now)
        if filters:
            if self.order.newest_first:
                rows = rows.filter(closed_at__gte=now - CLOSED_WITHIN)
            rows = filters.narrow(rows, user, now, is_open=not self.order.newest_first)
        return self._load(rows.folded() if are_bursts and self.has_bursts else rows, mark)

    def burst_page(
        self, user: "User", mark: str, burst: UUID, *, own_words: bool = False
    ) -> Page[Row]:
        """List each request of a burst in this view; with `own_words`, only those that differ."""
        rows = self.rows(user, timezone.now()).filter(burst=burst)
        if own_words:
            rows = rows.filter(pk__in=bursts.unlike_members(burst))
        return self._load(rows, mark)

    def _load(self, found: InquiryQuerySet, mark: str) -> Page[Row]:
        page = paginate(found.order_by(*self.order.fields).as_rows(COLUMNS), self.order, mark)
        return Page(load_rows(page.rows, timezone.now()), page.next_cursor)

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
    is_lead = user.has_perm(permissions.LEAD_TRIAGE)
    names, sql, template = _counting_views(connection.vendor, COUNT_CAP, is_lead)
    said = _adapted(user.pk, timezone.now())
    values = [said[value.name] if isinstance(value, _Said) else value for value in template]
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


@dataclass(frozen=True)
class _Said:
    """Stands for a value that differs from page to page."""

    name: str


@lru_cache(maxsize=4)
def _counting_views(
    _vendor: str,
    _cap: int,
    is_lead: bool,  # noqa: FBT001 - a key of what is kept
) -> tuple[list[str], str, list[Any]]:
    """Return names, SQL, and values to count all views with, but for requests in bursts.

    Writing this SQL costs more than asking it.
    """
    who, when = uuid4(), datetime(1970, 1, 2, 3, 4, 5, tzinfo=UTC)
    user: Any = get_user_model()(pk=who)
    counted = {
        view.name: view.rows(user, when).filter(burst=None)
        for view in VIEWS.values()
        if view.is_counted
    }
    counted[LATE] = late_rows(user, when, is_lead=is_lead).filter(burst=None)
    saved = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))
    sql, values = _counting(counted)
    for rows in (Inquiry.objects.filter(burst__isnull=False), saved):
        wanted, of_wanted = rows.order_by().values("pk")[:1].query.sql_with_params()
        sql, values = f"{sql}, EXISTS({wanted})", [*values, *of_wanted]
    stand_ins = {value: _Said(name) for name, value in _adapted(who, when).items()}
    return [*counted], sql, [stand_ins.get(value, value) for value in values]


def _adapted(who: UUID, now: datetime) -> dict[str, Any]:
    """Return the values as this database takes them."""
    key, time = Inquiry._meta.get_field("id"), Inquiry._meta.get_field("due_at")
    return {
        "user": key.get_db_prep_value(who, connection),
        "now": time.get_db_prep_value(now, connection),
        "soon": time.get_db_prep_value(now + SOON, connection),
    }


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
