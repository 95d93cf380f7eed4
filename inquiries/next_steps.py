"""What somebody should do with a request next: by its contact plan, on its page as in the queue."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inquiries import deadlines, links, planning, sendings
from inquiries.models import HOW_TO_ANSWER, ContactMethod, Event, Inquiry
from inquiries.planning import Proposal
from inquiries.sealing import SealBroken


@dataclass(frozen=True)
class NextStep:
    #: A few words for staff; empty where nothing is to do.
    words: str
    #: Aware: not sooner than that. None where now is as good as any.
    begins: datetime | None = None
    #: How to reach her, where that comes next and a way is left.
    method: ContactMethod | None = None


def plan_for(
    inquiry: Inquiry, sending: Inquiry, events: Sequence[Event], now: datetime
) -> Proposal:
    """When and how to try her next, no sooner than she asked for."""
    not_before = inquiry.wakes_at or planning.asked_until(events)
    level = deadlines.level(inquiry.urgency)
    return planning.propose(sending, events, level, now, not_before=not_before)


def by_plan(
    inquiry: Inquiry, plan: Proposal, events: Iterable[Event], *, is_dead_end: bool
) -> NextStep:
    """`is_dead_end`: the plan is to write to them, and they could not read it."""
    if not inquiry.is_to_be_reached:
        return NextStep(inquiry.next_step)
    if added := sendings.unproven(events):
        return NextStep(_try_both(plan.sending, added), plan.begins, plan.method)
    if plan.method is None or is_dead_end:
        return NextStep("Ask a lead how to reach her")
    if plan.slot is None:
        return NextStep("Ask a lead when to reach her", method=plan.method)
    return NextStep(HOW_TO_ANSWER[plan.method], plan.begins, plan.method)


def _try_both(sending: Inquiry, added: Sequence[Event]) -> str:
    """What was sent by nobody knows whom names another way to reach the patient, or other words."""
    others = [event.addition.sending for event in added]
    has_number = {each.phone_e164 for each in others} - {"", sending.phone_e164}
    has_address = {each.email.casefold() for each in others} - {"", sending.email.casefold()}
    if has_number and sending.phone:
        return "Two numbers were given: try both"
    if has_address and sending.email:
        return "Two addresses were given: try both"
    if has_number or has_address:
        return "Another way to reach them was given: try both"
    return "The form came again, by whom is not proven: ask"


def of_rows(rows: Iterable[Inquiry], now: datetime) -> list[tuple[Inquiry, NextStep]]:
    """Each request with its next step: two queries for all `rows`, which `for_queue` gave."""
    rows = list(rows)
    reached = {row.pk: row for row in rows if row.is_to_be_reached}
    if not reached:
        return [(row, NextStep(row.next_step)) for row in rows]
    events = _events(reached)
    linked = set(links.live(*reached.values()).values_list("inquiry_id", flat=True))
    return [(row, _of_row(row, events[row.pk], now, has_link=row.pk in linked)) for row in rows]


def _events(requests: dict[UUID, Inquiry]) -> dict[UUID, list[Event]]:
    """In order, each with what was sent again."""
    found = defaultdict(list)
    rows = Event.objects.filter(inquiry__in=requests).exclude(kind=Event.Kind.READ)
    for event in rows.select_related("addition").order_by("inquiry", "number"):
        event.inquiry = requests[event.inquiry_id]  # whose key opens what was written
        found[event.inquiry_id].append(event)
    return found


def _of_row(
    inquiry: Inquiry, events: Sequence[Event], now: datetime, *, has_link: bool
) -> NextStep:
    if not inquiry.is_to_be_reached:
        return NextStep(inquiry.next_step)
    additions = [event.addition for event in events if event.kind == Event.Kind.ADDED]
    try:
        sending = additions[-1].sending if additions else inquiry
        plan = plan_for(inquiry, sending, events, now)
        may_write = has_link or links.may_link(inquiry, sending, events)
    except SealBroken:  # the queue stays
        return NextStep(inquiry.next_step)
    is_dead_end = plan.method == ContactMethod.EMAIL and not may_write
    return by_plan(inquiry, plan, events, is_dead_end=is_dead_end)
