"""The periodic sweep of open requests: it resumes what is due, puts what lost its owner back in
the queue, and warns of deadlines that are near or have passed.

Each step is its own transaction; if somebody else was quicker, their change stands. One request
that fails does not hold up the others.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from inquiries.deadlines import warning_times
from inquiries.ledger import events, transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Clock, Event, Inquiry, Notice, Offer
from inquiries.team import availability
from inquiries.triage import due_tasks, offers, steps

if TYPE_CHECKING:
    from portal.models import User

logger = logging.getLogger(__name__)

Row = TypeVar("Row")
#: Limits of one sweep, for each kind: a number and a time. The rest follows in the next sweep, so
#: that the worker's other jobs are not kept waiting.
_MOST = 5000
_LONGEST = timedelta(seconds=5)
#: The most requests of each kind on the page that shows nobody is forgotten.
_SHOWN = 500
#: Until this long after its time, a waiting request is only late: the worker may be on its way.
_GRACE = timedelta(minutes=15)


class SweepIncomplete(Exception):
    """Some requests could not be handled; all of the others were."""


def wake_due() -> int:
    """Resume what is due; return how many. It never closes a request. Raise SweepIncomplete."""

    def wake(inquiry: Inquiry) -> bool:
        steps.wake(inquiry, version=inquiry.version, by=None)
        return True

    due = Inquiry.objects.waiting().filter(wakes_at__lte=timezone.now())
    return _apply_to_each(due[:_MOST], wake)


def release_orphaned() -> int:
    """Put requests whose owner is away or gone back in the queue; return how many.

    Raise SweepIncomplete.
    """
    missing = availability.unavailable_users()

    def give(inquiry: Inquiry) -> bool:
        steps.release_for_absence(inquiry, why=missing[cast("User", inquiry.owner)])
        return True

    theirs = Inquiry.objects.claimed_by(*missing).select_related("owner")
    return _apply_to_each(theirs[:_MOST], give)


def remind_of_tasks() -> int:
    """Tell people of tasks that are due, and leads of those that are overdue; return how many.

    Raise SweepIncomplete.
    """
    now = timezone.now()
    return _apply_to_each(due_tasks.to_tell(now)[:_MOST], lambda task: due_tasks.tell(task, now))


def warn_of_deadlines() -> int:
    """Notify staff when half, three quarters, or all of the time to a deadline is over.

    Each is sent once, no matter who is signed in. Return the number of deadlines with a notice.
    Raise SweepIncomplete.
    """
    now = timezone.now()
    due = Clock.objects.filter(warn_at__lte=now).order_by("warn_at")
    return _apply_to_each(due[:_MOST], lambda clock: _warn_of_deadline(clock, now))


def warn_of_offers() -> int:
    """Tell owners and leads of offers that nobody has answered in time. Raise SweepIncomplete."""
    late = Offer.objects.open().filter(told_at__isnull=True, answer_by__lte=timezone.now())
    return _apply_to_each(
        late.select_related("inquiry").order_by("answer_by")[:_MOST], offers.tell_of_late_offer
    )


@transaction.atomic
def _warn_of_deadline(clock: Clock, now: datetime) -> bool:
    # Lock the request before its clock, as every step does, to prevent a deadlock.
    transitions.hold(clock.inquiry_id)
    current = Clock.objects.filter(pk=clock.pk, warn_at__lte=now).first()
    percent = warning_times.mark_warned(current, now) if current else 0
    if percent:
        inquiry = Inquiry.objects.select_related("owner").get(pk=clock.inquiry_id)
        _notify(inquiry, clock, is_over=percent == warning_times.WARNING_PERCENTS[-1])
    return percent > 0


def _apply_to_each(rows: Iterable[Row], act: Callable[[Row], bool]) -> int:
    """Return how many were done. Raise SweepIncomplete at the end if any of them failed."""
    done = failed = 0
    until = time.monotonic() + _LONGEST.total_seconds()
    for row in rows:
        if time.monotonic() > until:
            logger.warning("a round was too short for all; the rest follows in the next")
            break
        try:
            done += act(row)
        except StepRefused:  # somebody else was quicker
            continue
        except (OperationalError, InterfaceError):  # the database is down, so all would fail
            raise
        except Exception:
            logger.exception("the round left a request behind")
            failed += 1
    if failed:
        raise SweepIncomplete(f"{failed} of a round failed.")
    return done


def _notify(inquiry: Inquiry, clock: Clock, *, is_over: bool) -> None:
    """Notify the owner, or the leads if the owner has no email.

    If nobody owns the request, notify everyone who could claim it. Once the deadline has passed,
    notify the leads too.
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
    """Requests that nobody looks after. Empty when all is well."""

    #: Requests whose owner is away or gone.
    orphaned: list[Inquiry]
    #: Requests past the time when they should have resumed.
    asleep: list[Inquiry]
    #: Coordinators who could claim what is unclaimed.
    present: "list[User]"

    @property
    def is_empty(self) -> bool:
        return bool(self.present) and not self.orphaned and not self.asleep


def find_limbo() -> Limbo:
    """Find open requests that would otherwise go unnoticed."""
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
