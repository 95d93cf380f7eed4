"""What is overdue: how many, since when, and whose, for the lead who has to act on it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from inquiries.models import Inquiry, InquiryQuerySet

#: Looked at, of each view. More than these are “500+”.
_CAP = 500


@dataclass(frozen=True)
class Overdue:
    """The requests of one view of the queue whose time has passed."""

    #: The view of the queue that lists them.
    view: str
    #: The longest overdue first; at most `_CAP`.
    rows: list[Inquiry]

    @property
    def count(self) -> str:
        return f"{_CAP}+" if len(self.rows) > _CAP else str(len(self.rows))

    @property
    def longest(self) -> Inquiry:
        return self.rows[0]

    @property
    def by_owner(self) -> list[tuple[str, int]]:
        """Names of owners with how many each has, most first; empty for what nobody has."""
        return Counter(str(each.owner or "") for each in self.rows[:_CAP]).most_common()


def find_overdue(now: datetime) -> list[Overdue]:
    """What is late now, by the view that lists it; none where nothing is."""
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
