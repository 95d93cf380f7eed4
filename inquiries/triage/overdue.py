"""What is overdue: how many, since when, and whose, for the lead who has to act on it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from inquiries.models import Inquiry, InquiryQuerySet

#: The most requests looked at per view. More than these are shown as “500+”.
_CAP = 500


@dataclass(frozen=True)
class Overdue:
    """The requests in one view of the queue that are past their deadline."""

    #: The view of the queue that lists them.
    view: str
    #: The longest overdue first. One row beyond `_CAP` shows that there are more.
    rows: list[Inquiry]

    @property
    def count(self) -> str:
        return f"{_CAP}+" if len(self.rows) > _CAP else str(len(self.rows))

    @property
    def longest(self) -> Inquiry:
        return self.rows[0]

    @property
    def by_owner(self) -> list[tuple[str, int]]:
        """Return owners' names and counts, largest first; the name is empty for unclaimed ones."""
        return Counter(str(each.owner or "") for each in self.rows[:_CAP]).most_common()


def find_overdue(now: datetime) -> list[Overdue]:
    """Return what is overdue now, by the view that lists it; empty if nothing is."""
    late_in_quarantine = Inquiry.objects.quarantined().filter(due_at__lt=now)
    views = [("overdue", Inquiry.objects.overdue(now)), ("quarantine", late_in_quarantine)]
    found = [Overdue(view, _rows(rows)) for view, rows in views]
    return [each for each in found if each.rows]


def _rows(rows: InquiryQuerySet) -> list[Inquiry]:
    return list(
        rows.select_related("owner").only(
            *("reference", "state", "due_at", "owner__first_name", "owner__last_name"),
            "owner__username",
        )[: _CAP + 1]
    )
