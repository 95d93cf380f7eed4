"""The round through the open requests: what is to be taken up again, what lost its owner, and
whose deadline comes near or has passed.

Each step is a transaction of its own; where somebody else was quicker, it is left to them. One
request that fails keeps none of the others waiting.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from inquiries.deadlines import clocks
from inquiries.ledger import events
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Clock, Event, Inquiry, Notice
from inquiries.team import availability
from inquiries.triage import steps

if TYPE_CHECKING:
    from portal.models import User

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
#: In one round, of each kind: so many, for so long. The rest follows in the next, and the worker's
#: other work is not kept waiting.
_MOST = 5000
_LONGEST = timedelta(seconds=5)
#: On the page that proves it, of each kind.
_SHOWN = 500
#: For so long after its time one that waits is only late, and the worker may be on its way.
_GRACE = timedelta(minutes=15)


class SweepIncomplete(Exception):
    """Some could not be seen to; all of the others were."""


def wake_due() -> int:
    """Take up what waits no longer; return how many. It never closes one. Raise SweepIncomplete."""

    def wake(inquiry: Inquiry) -> bool:
        steps.wake(inquiry, version=inquiry.version, by=None)
        return True

    due = Inquiry.objects.waiting().filter(wakes_at__lte=timezone.now())
    return _apply_to_each(due[:_MOST], wake)


def release_orphaned() -> int:
    """Put what belongs to somebody who is away or gone back into the queue; return how many.

    Raise SweepIncomplete.
    """
    missing = availability.unavailable_users()

    def give(inquiry: Inquiry) -> bool:
        steps.release_for_absence(inquiry, why=missing[cast("User", inquiry.owner)])
        return True

    theirs = Inquiry.objects.claimed_by(*missing).select_related("owner")
    return _apply_to_each(theirs[:_MOST], give)


def warn_of_deadlines() -> int:
    """Tell who has to know that the time of a deadline is half over, three quarters, or all of it.

    Once each, whoever is signed in. Return how many deadlines were told of. Raise SweepIncomplete.
    """
    now = timezone.now()
    due = Clock.objects.filter(warn_at__lte=now).order_by("warn_at")
    return _apply_to_each(due[:_MOST], lambda clock: _warn_of_deadline(clock, now))


@transaction.atomic
def _warn_of_deadline(clock: Clock, now: datetime) -> bool:
    # The request before its clock, as every step takes them: or the two wait for each other.
    Inquiry.objects.filter(pk=clock.inquiry_id).update(version=F("version"))
    current = Clock.objects.filter(pk=clock.pk, warn_at__lte=now).first()
    percent = clocks.mark_warned(current, now) if current else 0
    if percent:
        inquiry = Inquiry.objects.select_related("owner").get(pk=clock.inquiry_id)
        _notify(inquiry, clock, is_over=percent == clocks.WARNING_PERCENTS[-1])
    return percent > 0


def _apply_to_each(rows: Iterable[Row], act: Callable[[Row], bool]) -> int:
    """To how many it was done. Raise SweepIncomplete when they had their turn and some failed."""
    done = failed = 0
    until = time.monotonic() + _LONGEST.total_seconds()
    for row in rows:
        if time.monotonic() > until:
            logger.warning("a round was too short for all; the rest follows in the next")
            break
        try:
            done += act(row)
        except StepRefused:  # somebody was quicker
            continue
        except (OperationalError, InterfaceError):  # the database itself: nobody's turn would come
            raise
        except Exception:
            logger.exception("the round left a request behind")
            failed += 1
    if failed:
        raise SweepIncomplete(f"{failed} of a round failed.")
    return done


def _notify(inquiry: Inquiry, clock: Clock, *, is_over: bool) -> None:
    """The owner, or the leads for one whom no mail reaches; of what is nobody's, everybody who
    could claim it. When the time is over, the leads too.
    """
    if owner := inquiry.owner:
        concerned = [owner] if owner.email else availability.leads_to_notify()
    else:
        concerned = availability.coordinators_to_notify()
    if not is_over:
        staff_notices.queue_notice(Notice.Kind.DUE_SOON, inquiry, concerned)
        return
    events.record_event(inquiry, Event.Kind.ESCALATED, by=None, clock=clock.kind)
    staff_notices.queue_notice(
        Notice.Kind.OVERDUE, inquiry, {*concerned, *availability.leads_to_notify()}
    )


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


def find_limbo() -> Limbo:
    """Look at all open requests for such as nobody would miss."""
    absent = list(availability.unavailable_users())
    return Limbo(
        orphaned=list(Inquiry.objects.claimed_by(*absent).for_queue()[:_SHOWN]),
        asleep=list(
            Inquiry.objects.waiting()
            .filter(wakes_at__lte=timezone.now() - _GRACE)
            .for_queue()[:_SHOWN]
        ),
        present=availability.available_coordinators(),
    )
