"""The coordinators' queue: its views, and how many rows each holds, counted up to COUNT_CAP."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import connection
from django.utils import timezone

from inquiries.intake import bursts
from inquiries.models import BURST_SIZE, Inquiry, InquiryQuerySet, Origin
from inquiries.states import State
from inquiries.team import permissions
from inquiries.triage.pagination import Order, Page, paginate
from inquiries.triage.words import VIEW_LABELS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.models import User

Key = TypeVar("Key")
COUNT_CAP = 99
#: A request due within this time is due soon.
SOON = timedelta(hours=4)
_DUE_FIRST = Order("due_at")


@dataclass(frozen=True)
class QueueView:
    """One view of the queue."""

    name: str
    rows: Callable[["User"], InquiryQuerySet]
    order: Order = _DUE_FIRST
    is_counted: bool = True
    #: Whether anything in this view needs attention now. If so, its count is highlighted.
    needs_attention: bool = False

    @property
    def label(self) -> str:
        return str(VIEW_LABELS[self.name])

    def page(self, user: "User", mark: str) -> Page[Inquiry]:
        """Return one page of this view, with each burst folded into one row."""
        return paginate(self.rows(user).folded().for_queue(), self.order, mark)

    def burst_page(
        self, user: "User", mark: str, burst: UUID, *, own_words: bool = False
    ) -> Page[Inquiry]:
        """List each request of a burst in this view; with `own_words`, only those that differ."""
        rows = self.rows(user).filter(burst=burst)
        if own_words:
            rows = rows.filter(pk__in=bursts.unlike_members(burst))
        return paginate(rows.for_queue(), self.order, mark)

    def burst_sizes(self, user: "User", shown: Iterable[Inquiry]) -> dict[UUID, str]:
        """Return how many rows each burst in `shown` has in this view, if more than one."""
        keys = {row.burst for row in shown if row.burst}
        if not keys:
            return {}
        members, rows = Origin.objects.all(), self.rows(user)
        in_all = {(key, "all"): members.filter(burst=key) for key in keys}
        here = {(key, "here"): rows.filter(burst=key) for key in keys}
        counts = count_rows({**in_all, **here})
        few = {str(count) for count in range(BURST_SIZE)}
        found = {key: counts[key, "here"] for key in keys if counts[key, "all"] not in few}
        return {key: size for key, size in found.items() if size != "1"}


def _due_soon() -> InquiryQuerySet:
    now = timezone.now()
    return Inquiry.objects.due_between(now, now + SOON)


VIEWS = {
    view.name: view
    for view in [
        QueueView("open", lambda user: Inquiry.objects.open()),
        QueueView("unclaimed", lambda user: Inquiry.objects.unclaimed()),
        QueueView("mine", Inquiry.objects.claimed_by),
        QueueView(
            "overdue",
            lambda user: Inquiry.objects.overdue(timezone.now()),
            needs_attention=True,
        ),
        QueueView("soon", lambda user: _due_soon()),
        QueueView(
            "waiting",
            lambda user: Inquiry.objects.waiting(),
            order=Order("wakes_at"),
        ),
        QueueView(
            "undelivered",
            lambda user: Inquiry.objects.undelivered(),
            order=Order("undelivered_at"),
            needs_attention=True,
        ),
        QueueView("quarantine", lambda user: Inquiry.objects.quarantined()),
        QueueView(
            "closed",
            lambda user: Inquiry.objects.closed(),
            order=Order("closed_at", newest_first=True),
            is_counted=False,
        ),
    ]
}


#: Among the counts of the views: what is overdue and this person’s, for the title of the page.
LATE = "late"


def count_views(user: "User") -> dict[str, str]:
    """Return how many rows each view holds, as shown, and how many are LATE."""
    views = {view.name: view.rows(user).folded() for view in VIEWS.values() if view.is_counted}
    return count_rows({**views, LATE: late_rows(user).folded()})


def late_rows(user: "User") -> InquiryQuerySet:
    """Claimed requests that are overdue: a coordinator's own, for a lead everybody's."""
    now = timezone.now()
    if user.has_perm(permissions.LEAD_TRIAGE):
        return Inquiry.objects.overdue(now).exclude(state=State.NEW)
    return Inquiry.objects.claimed_by(user).filter(due_at__lt=now)


def count_rows(rows: "Mapping[Key, QuerySet[Any]]") -> dict[Key, str]:
    """Count each queryset for display: exact up to COUNT_CAP, then “99+”. Uses one query."""
    parts: list[str] = []
    values: list[Any] = []
    for each in rows.values():
        wanted, of_wanted = each.order_by().values("pk")[: COUNT_CAP + 1].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({wanted}) AS counted)")  # noqa: S608 - Django wrote it
        values += of_wanted
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return {key: format_count(count) for key, count in zip(rows, found, strict=True)}


def format_count(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)
