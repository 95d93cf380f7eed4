"""The plan stored with each request, so that a list computes nothing.

It is written after each event, and renewed once time alone has made it wrong. Datetimes are aware.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error
from django.db.models import Max
from django.utils import timezone

from inquiries import private_links
from inquiries.contact import next_step
from inquiries.contact.call_windows import MIN_SLOT
from inquiries.deadlines import service_levels
from inquiries.deadlines.service_levels import level_for
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import ContactMethod, Event, Inquiry, InquiryQuerySet
from inquiries.models.stored_plan import LONG_AGO
from inquiries.states import Urgency

logger = logging.getLogger(__name__)

#: A plan looks three weeks ahead, so at least this often something new may come into view.
_LONGEST = timedelta(days=1)
_BATCH = 200
_Events = dict[UUID, list[Event]]


@dataclass(frozen=True)
class RowPlan:
    """The columns of `models.StoredPlan` that events and time change."""

    planned_step: str = ""
    planned_way: str = ""
    callable_from: datetime | None = None
    callable_until: datetime | None = None
    replan_at: datetime | None = None
    current_language: str = ""
    current_interpreter: bool = False
    current_relation: str = ""
    current_time_zone: str = ""


def plan_row(
    inquiry: Inquiry, events: Sequence[Event], now: datetime, *, link_ends_at: datetime | None
) -> RowPlan:
    """Return what its row shows.

    `events`: all but readings, in order. `link_ends_at`: when its last private link expires.
    """
    try:
        additions = [event.addition for event in events if _counts(event)]
        sending = additions[-1].sending if additions else inquiry
        return _plan_sending(inquiry, sending, events, now, link_ends_at)
    except (KeyRefused, SealBroken):  # the queue must still load
        return _without_plan(inquiry, inquiry)


def _counts(event: Event) -> bool:
    return event.kind == Event.Kind.ADDED and hasattr(event, "addition")


def _plan_sending(
    inquiry: Inquiry,
    sending: Inquiry,
    events: Sequence[Event],
    now: datetime,
    link_ends_at: datetime | None,
) -> RowPlan:
    is_danger = next_step.has_ungraded_danger(inquiry)
    is_waited_for = inquiry.awaits_answer or inquiry.undelivered_at is not None
    if not inquiry.is_open or not (is_danger or is_waited_for):
        return _without_plan(inquiry, sending)
    plan = next_step.plan_for(inquiry, sending, events, now)
    may_write = bool(link_ends_at) or private_links.may_mail_link(inquiry, sending, events)
    step = next_step.next_step_for(inquiry, sending, events, plan, may_write=may_write)
    ends = [now + _LONGEST, *([link_ends_at] if link_ends_at else ())]
    times: tuple[datetime | None, datetime | None] = (None, None)
    method = step.method
    if not is_danger:
        is_dead_end = plan.method == ContactMethod.EMAIL and not may_write
        method = None if plan.slot is None or is_dead_end else plan.method
        if plan.slot and method:
            times = plan.begins, plan.slot.ends
        if plan.slot:
            # Whatever is left after that is too short for a conversation.
            ends.append(plan.slot.ends - MIN_SLOT)
    begins, until = times
    planned = RowPlan(str(step.code or ""), str(method or ""), begins, until, min(ends))
    return _with_wishes(planned, sending)


def _without_plan(inquiry: Inquiry, sending: Inquiry) -> RowPlan:
    step = next_step.next_step_without_plan(inquiry)
    return _with_wishes(RowPlan(str(step.code or "")), sending)


def _with_wishes(plan: RowPlan, sending: Inquiry) -> RowPlan:
    return replace(
        plan,
        current_language=sending.language,
        current_interpreter=sending.interpreter,
        current_relation=sending.relation,
        current_time_zone=sending.time_zone,
    )


# --- Writing it -----------------------------------------------------------------------------------


def renew_plan(inquiry: Inquiry) -> None:
    """Store the plan after an event. The row is held, and everything the event records is saved.

    If planning fails, what happened is still recorded: the worker tries again.
    """
    try:
        plan = plans_for([inquiry], timezone.now())[inquiry.pk]
    except Error:
        raise
    except Exception:
        logger.exception("the plan of a request could not be renewed")
        plan = RowPlan(replan_at=LONG_AGO)
    changes = asdict(plan)
    Inquiry.objects.filter(pk=inquiry.pk).update(**changes)
    for name, value in changes.items():  # so that saving it again changes nothing back
        setattr(inquiry, name, value)


def plans_for(inquiries: Iterable[Inquiry], now: datetime) -> dict[UUID, RowPlan]:
    """Return plans by key; two queries for all of them, and none if they are all closed."""
    rows = {inquiry.pk: inquiry for inquiry in inquiries}
    planned = [row for row in rows.values() if row.is_open or row.added_at]
    events = _load_events({row.pk: row for row in planned})
    links = private_links.live_links(*planned) if planned else None
    ends: dict[UUID, datetime] = (
        dict(links.values_list("inquiry_id").annotate(last=Max("ends_at"))) if links else {}
    )
    return {
        pk: plan_row(row, events[pk], now, link_ends_at=ends.get(pk)) for pk, row in rows.items()
    }


def _load_events(requests: dict[UUID, Inquiry]) -> _Events:
    """Return each request's events in order, with any form sent again."""
    found: _Events = defaultdict(list)
    if not requests:
        return found
    rows = Event.objects.filter(inquiry__in=requests).exclude(kind=Event.Kind.READ)
    for event in rows.select_related("addition").order_by("inquiry", "number"):
        event.inquiry = requests[event.inquiry_id]  # its key decrypts what was written
        found[event.inquiry_id].append(event)
    return found


# --- Renewing it ----------------------------------------------------------------------------------


def renew_due(*, on_progress: Callable[[int], None] = lambda count: None) -> int:
    """Renew every plan that time has made wrong, and return how many; open requests come first."""
    done = 0
    for rows in (Inquiry.objects.open(), Inquiry.objects.all()):
        while renewed := _renew_batch(rows.order_by("replan_at")):
            done += renewed
            on_progress(done)
    return done


def _renew_batch(rows: InquiryQuerySet) -> int:
    now = timezone.now()
    due = list(rows.filter(replan_at__lt=now).select_related("data_key")[:_BATCH])
    renewed = 0
    for pk, plan in plans_for(due, now).items():
        # A verb that was quicker has written its own plan.
        unchanged = Inquiry.objects.filter(pk=pk, replan_at__lt=now)
        renewed += unchanged.update(**asdict(plan))
    return renewed


def fingerprint() -> str:
    """Return what plans depend on besides requests and time: levels, calendars, holidays."""
    service_levels.clear_cache()
    levels = [(urgency, _in_order(asdict(level_for(urgency)))) for urgency in sorted(Urgency)]
    return hashlib.sha256(repr(levels).encode()).hexdigest()


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((str(key), _in_order(each)) for key, each in value.items())
    return value


def renew_all() -> None:
    """Have all open requests planned again, in batches, because a calendar or level changed."""
    rows = Inquiry.objects.open().order_by().filter(replan_at__gt=LONG_AGO).values_list("pk")
    while keys := list(rows[:_BATCH]):
        Inquiry.objects.filter(pk__in=[pk for (pk,) in keys]).update(replan_at=LONG_AGO)
