"""The coordinators' queue: its views, and how many each holds, counted up to CAP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection
from django.utils import timezone

from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.triage.pagination import Order, Page, paginate

if TYPE_CHECKING:
    from portal.models import User

Key = TypeVar("Key")
COUNT_CAP = 99
#: What is due within it is due soon.
SOON = timedelta(hours=4)
_DUE_FIRST = Order("due_at")


@dataclass(frozen=True)
class QueueView:
    """One way to look at the queue."""

    name: str
    label: str
    rows: Callable[["User"], InquiryQuerySet]
    order: Order = _DUE_FIRST
    is_counted: bool = True
    #: Whether anything in it needs somebody now: its count then looks so.
    needs_attention: bool = False

    def page(self, user: "User", mark: str) -> Page[Inquiry]:
        return paginate(self.rows(user).for_queue(), self.order, mark)


def _due_soon() -> InquiryQuerySet:
    now = timezone.now()
    return Inquiry.objects.due_between(now, now + SOON)


VIEWS = {
    view.name: view
    for view in [
        QueueView("open", "All open", lambda user: Inquiry.objects.open()),
        QueueView("unclaimed", "Unclaimed", lambda user: Inquiry.objects.unclaimed()),
        QueueView("mine", "Mine", Inquiry.objects.claimed_by),
        QueueView(
            "overdue",
            "Overdue",
            lambda user: Inquiry.objects.overdue(timezone.now()),
            needs_attention=True,
        ),
        QueueView("soon", "Due soon", lambda user: _due_soon()),
        QueueView(
            "waiting",
            "Waiting",
            lambda user: Inquiry.objects.waiting(),
            order=Order("wakes_at"),
        ),
        QueueView(
            "undelivered",
            "Mail failed",
            lambda user: Inquiry.objects.undelivered(),
            order=Order("undelivered_at"),
            needs_attention=True,
        ),
        QueueView("quarantine", "Quarantine", lambda user: Inquiry.objects.quarantined()),
        QueueView(
            "closed",
            "Closed",
            lambda user: Inquiry.objects.closed(),
            order=Order("closed_at", newest_first=True),
            is_counted=False,
        ),
    ]
}


def count_views(user: "User") -> dict[str, str]:
    """How many each view holds, as shown."""
    return count_rows({view.name: view.rows(user) for view in VIEWS.values() if view.is_counted})


def count_rows(rows: Mapping[Key, InquiryQuerySet]) -> dict[Key, str]:
    """How many each of these holds, as shown: exact up to CAP, then “99+”. One query for all."""
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
