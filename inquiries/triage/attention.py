"""How many requests need someone now, for the title of a page that may be open all day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from articles import capped_counts
from inquiries.models import Inquiry
from inquiries.states import Urgency
from inquiries.team import permissions
from inquiries.triage import tabs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.models import User

#: The most new requests in which urgent ones are looked for. Urgent ones are due first.
_LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Attention:
    """What an open page asks for every minute."""

    #: As shown in the title; empty if nothing needs them.
    count: str
    #: Changes when another urgent request waits for someone; says nothing about it.
    urgent_mark: str


def count_from(counts: "Mapping[str, str]") -> str:
    """Add new requests and LATE ones, from the counts of the queue's views; empty for none."""
    parts = [counts["unclaimed"], counts[tabs.LATE]]
    total = sum(int(each) if each.isdigit() else capped_counts.COUNT_CAP + 1 for each in parts)
    return capped_counts.format_count(total) if total else ""


def find_attention(user: "User") -> Attention:
    """Return the count, and a mark of the urgent requests that nobody has claimed."""
    waiting = Inquiry.objects.unclaimed().values_list("received_at", "urgent", "urgency")
    urgent = [
        received_at
        for received_at, may_be_urgent, urgency in waiting[:_LOOKED_THROUGH]
        if may_be_urgent or urgency == Urgency.URGENT
    ]
    is_lead = user.has_perm(permissions.LEAD_TRIAGE)
    counts = capped_counts.count_rows(
        {
            "unclaimed": Inquiry.objects.unclaimed().folded(),
            tabs.LATE: tabs.late_rows(user, timezone.now(), is_lead=is_lead).folded(),
        }
    )
    return Attention(count_from(counts), max(urgent).isoformat() if urgent else "")
