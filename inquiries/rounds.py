"""The round through the open requests: what is to be taken up again, what lost its owner, and
whose deadline comes near or has passed.

Each step is a transaction of its own; where somebody else was quicker, it is left to her.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries import clocks, ledger, notices, presence, triage
from inquiries.ledger import Refused
from inquiries.models import Clock, Event, Inquiry, Notice

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


def warn() -> int:
    """Tell who has to know that the time of a deadline is half over, three quarters, or all of it.

    Once each, whoever is signed in. Return how many deadlines were told of.
    """
    now, warned = timezone.now(), 0
    for clock in Clock.objects.filter(tell_at__lte=now).order_by("tell_at")[:_MOST]:
        with transaction.atomic():
            percent = clocks.tell(clock, now)
            if percent:
                inquiry = Inquiry.objects.select_related("owner").get(pk=clock.inquiry_id)
                _tell(inquiry, clock, is_over=percent == clocks.TELL_AT[-1])
                warned += 1
    return warned


def _tell(inquiry: Inquiry, clock: Clock, *, is_over: bool) -> None:
    """The owner, or everybody who could claim it; when the time is over, the leads too."""
    concerned = [inquiry.owner] if inquiry.owner else presence.colleagues()
    if not is_over:
        notices.tell(Notice.Kind.DUE_SOON, inquiry, concerned)
        return
    ledger.record(inquiry, Event.Kind.ESCALATED, by=None, clock=clock.kind)
    notices.tell(Notice.Kind.OVERDUE, inquiry, {*concerned, *presence.leads()})


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
