"""The coordinators' queue: its views, and how many each holds, counted up to CAP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inquiries.models import Inquiry, InquiryQuerySet
from inquiries.paging import Order, Page, page

if TYPE_CHECKING:
    from portal.models import User

CAP = 99
_DUE_FIRST = Order("due_at")


@dataclass(frozen=True)
class QueueView:
    """One way to look at the queue."""

    name: str
    label: str
    rows: Callable[["User"], InquiryQuerySet]
    order: Order = _DUE_FIRST
    counted: bool = True

    def count(self, user: "User") -> str:
        """As shown: exact up to CAP, then “99+”."""
        found = len(self.rows(user).order_by().values_list("pk")[: CAP + 1])
        return f"{CAP}+" if found > CAP else str(found)

    def page(self, user: "User", mark: str) -> Page[Inquiry]:
        return page(self.rows(user).for_queue(), self.order, mark)


VIEWS = {
    view.name: view
    for view in [
        QueueView("open", "All open", lambda user: Inquiry.objects.open()),
        QueueView("unclaimed", "Unclaimed", lambda user: Inquiry.objects.unclaimed()),
        QueueView("mine", "Mine", Inquiry.objects.claimed_by),
        QueueView(
            "undelivered",
            "Mail failed",
            lambda user: Inquiry.objects.undelivered(),
            order=Order("undelivered_at"),
        ),
        QueueView("quarantine", "Quarantine", lambda user: Inquiry.objects.quarantined()),
        QueueView(
            "closed",
            "Closed",
            lambda user: Inquiry.objects.closed(),
            order=Order("closed_at", newest_first=True),
            counted=False,
        ),
    ]
}
