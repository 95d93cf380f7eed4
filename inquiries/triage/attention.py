"""How many requests need someone now, for the title of a page that may be open all day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from inquiries.models import Inquiry
from inquiries.states import State, Urgency
from inquiries.team import permissions
from inquiries.triage.queue import COUNT_CAP, count_rows, format_count

if TYPE_CHECKING:
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


def count_for(user: "User") -> str:
    """Count new requests, and overdue ones: a coordinator's own, for a lead everybody's."""
    now = timezone.now()
    overdue = Inquiry.objects.overdue(now).exclude(state=State.NEW)
    if not user.has_perm(permissions.LEAD_TRIAGE):
        overdue = Inquiry.objects.claimed_by(user).overdue(now)
    counts = count_rows({"new": Inquiry.objects.unclaimed().folded(), "overdue": overdue.folded()})
    known = [int(each) for each in counts.values() if each.isdigit()]
    total = sum(known) if len(known) == len(counts) else COUNT_CAP + 1
    return format_count(total) if total else ""


def find_attention(user: "User") -> Attention:
    """Return the count, and a mark of the urgent requests that nobody has claimed."""
    waiting = Inquiry.objects.unclaimed().values_list("received_at", "urgent", "urgency")
    urgent = [
        received_at
        for received_at, may_be_urgent, urgency in waiting[:_LOOKED_THROUGH]
        if may_be_urgent or urgency == Urgency.URGENT
    ]
    return Attention(count_for(user), max(urgent).isoformat() if urgent else "")
