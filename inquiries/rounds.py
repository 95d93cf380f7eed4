"""The round through the open requests: what is to be taken up again, and what lost its owner.

Each step is a transaction of its own; where somebody else was quicker, it is left to her.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from inquiries import presence, triage
from inquiries.ledger import Refused
from inquiries.models import Inquiry

if TYPE_CHECKING:
    from portal.models import User

#: In one round; the rest follows in the next.
_MOST = 500
#: For so long after its time one that waits is only late, and the worker may be on its way.
_GRACE = timedelta(minutes=15)


def wake_due() -> int:
    """Take up what waits no longer; return how many. It never closes one."""
    woken = 0
    for inquiry in Inquiry.objects.waiting().filter(wakes_at__lte=timezone.now())[:_MOST]:
        with suppress(Refused):
            triage.wake(inquiry, version=inquiry.version, by=None)
            woken += 1
    return woken


def hand_back() -> int:
    """Put what belongs to somebody who is away or gone back into the queue; return how many."""
    handed = 0
    for owner, why in presence.missing().items():
        for inquiry in Inquiry.objects.claimed_by(owner)[:_MOST]:
            with suppress(Refused):
                triage.hand_back(inquiry, why=why)
                handed += 1
    return handed


@dataclass
class Limbo:
    """What nobody looks after. Empty when all is well."""

    #: Of somebody who is away or gone.
    orphaned: list[Inquiry]
    #: Past the time at which they should have been taken up again.
    asleep: list[Inquiry]
    #: Who could claim what is unclaimed.
    present: "list[User]"

    @property
    def is_empty(self) -> bool:
        return bool(self.present) and not self.orphaned and not self.asleep


def limbo() -> Limbo:
    """Look at all open requests for such as nobody would miss."""
    absent = list(presence.missing())
    return Limbo(
        orphaned=list(Inquiry.objects.claimed_by(*absent).for_queue()[:_MOST]),
        asleep=list(
            Inquiry.objects.waiting()
            .filter(wakes_at__lte=timezone.now() - _GRACE)
            .for_queue()[:_MOST]
        ),
        present=presence.colleagues(),
    )
