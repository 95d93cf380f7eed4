"""The coordinators' queue: its views, a page at a time, never counted as a whole.

Pages are found by where the last row stood (keyset), so that the thousandth costs what the first
does; totals stop at CAP.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from inquiries.models import Inquiry, InquiryQuerySet

if TYPE_CHECKING:
    from portal.models import User

PAGE_SIZE = 50
CAP = 99


@dataclass(frozen=True)
class QueueView:
    """One way to look at the queue."""

    name: str
    label: str
    rows: Callable[["User"], InquiryQuerySet]
    #: The time that orders it; closed ones run backwards.
    ordered_by: str = "due_at"
    newest_first: bool = False
    counted: bool = True

    def after(self, rows: InquiryQuerySet, mark: tuple[datetime, UUID]) -> InquiryQuerySet:
        """What follows the row at `mark`."""
        at, key = mark
        beyond = "lt" if self.newest_first else "gt"
        return rows.filter(
            Q(**{f"{self.ordered_by}__{beyond}": at})
            | Q(**{self.ordered_by: at, f"id__{beyond}": key}),
            # Says the same once more, in the one form that both databases answer from the index.
            **{f"{self.ordered_by}__{beyond}e": at},
        )

    def count(self, user: "User") -> str:
        """As shown: exact up to CAP, then “99+”."""
        found = len(self.rows(user).order_by().values_list("pk")[: CAP + 1])
        return f"{CAP}+" if found > CAP else str(found)


VIEWS = {
    view.name: view
    for view in [
        QueueView("open", "All open", lambda user: Inquiry.objects.open()),
        QueueView("unclaimed", "Unclaimed", lambda user: Inquiry.objects.unclaimed()),
        QueueView("mine", "Mine", Inquiry.objects.claimed_by),
        QueueView(
            "closed",
            "Closed",
            lambda user: Inquiry.objects.closed(),
            ordered_by="closed_at",
            newest_first=True,
            counted=False,
        ),
    ]
}


@dataclass(frozen=True)
class QueuePage:
    rows: list[Inquiry]
    #: The query string of the next page, empty on the last.
    next_query: str


def page(view: QueueView, user: "User", after: str) -> QueuePage:
    """One page; a mark that cannot be read means the first."""
    rows = view.rows(user).for_queue()
    mark = _read_mark(after)
    if mark:
        rows = view.after(rows, mark)
    found = list(rows[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return QueuePage(found, "")
    last = found[PAGE_SIZE - 1]
    at: datetime = getattr(last, view.ordered_by)
    return QueuePage(
        found[:PAGE_SIZE],
        urlencode({"view": view.name, "after": f"{at.isoformat()}~{last.pk}"}),
    )


def _read_mark(after: str) -> tuple[datetime, UUID] | None:
    at, _, key = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment.astimezone(UTC), UUID(key)) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
