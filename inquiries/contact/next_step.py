"""What to do next with a request, both on its page and in the queue.

The contact plan decides, except that danger phrases nobody has reviewed yet come before any plan.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from inquiries import private_links, submission_history
from inquiries.contact import cautions, words
from inquiries.contact import plan as planning
from inquiries.contact.channels import wrong_channels
from inquiries.contact.plan import Proposal
from inquiries.deadlines import service_levels
from inquiries.encryption import SealBroken
from inquiries.models import ContactMethod, Event, Inquiry, Language
from inquiries.models.words import HOW_TO_ANSWER
from inquiries.states import State, Urgency


@dataclass(frozen=True)
class NextStep:
    """What to do next, when, and how."""

    #: A few words for staff; empty if there is nothing to do.
    words: str
    #: The earliest time, as an aware datetime. None if now is as good as any.
    begins: datetime | None = None
    #: How to reach them, if that is the next step and a channel is left.
    method: ContactMethod | None = None
    #: The time zone in which they said they can be reached; empty if the step has no plan.
    zone: str = ""
    #: Whether danger phrases are waiting for someone to review them.
    is_danger: bool = False
    #: Warnings for staff, one sentence each.
    cautions: tuple[str, ...] = ()


def plan_for(
    inquiry: Inquiry, sending: Inquiry, events: Sequence[Event], now: datetime
) -> Proposal:
    """Plan the next attempt: no sooner than they asked for, but immediately if judged urgent."""
    not_before = inquiry.wakes_at or planning.asked_to_wait_until(events)
    level = service_levels.level_for(inquiry.urgency)
    at_once = inquiry.is_graded and inquiry.urgency == Urgency.URGENT
    return planning.propose_attempt(
        sending, events, level, now, not_before=not_before, at_once=at_once
    )


def next_step_for(  # noqa: PLR0913 - what the next step depends on
    inquiry: Inquiry,
    sending: Inquiry,
    events: Sequence[Event],
    plan: Proposal,
    *,
    may_write: bool,
    may_name: bool = False,
) -> NextStep:
    """`may_write`: the sender could read a message. `may_name`: show their name; not in lists."""
    if has_ungraded_danger(inquiry):
        return _danger_step(inquiry, sending, events, may_write=may_write)
    if not inquiry.is_to_be_reached:
        return NextStep(inquiry.next_step)
    if added := submission_history.unproven_events(events):
        return NextStep(_try_both(sending, added), plan.begins, plan.method, plan.zone)
    is_dead_end = plan.method == ContactMethod.EMAIL and not may_write
    name = sending.full_name if may_name else ""
    return next_step_by_plan(plan, is_dead_end=is_dead_end, name=name)


def next_step_without_plan(inquiry: Inquiry) -> NextStep:
    """Return the step for people outside triage, or if the plan cannot be read."""
    if has_ungraded_danger(inquiry):
        return NextStep(str(words.READ_NOW), is_danger=True)
    return NextStep(inquiry.next_step)


# --- Danger ---------------------------------------------------------------------------------------


def has_ungraded_danger(inquiry: Inquiry) -> bool:
    """Return whether danger phrases await review by a person. The plan waits for that."""
    is_over = inquiry.state in {State.CLOSED, State.ERASED}
    return inquiry.urgent and not inquiry.is_graded and not is_over


def _danger_step(
    inquiry: Inquiry, sending: Inquiry, events: Sequence[Event], *, may_write: bool
) -> NextStep:
    """Act now, at any hour and by any channel, even one not agreed to: a life may depend on it.

    What may be said to whom stays the same; see `disclosure`.
    """
    method = None
    if sending.phone and ContactMethod.PHONE not in wrong_channels(events):
        method = ContactMethod.PHONE
    elif may_write:
        method = ContactMethod.EMAIL
    is_new = inquiry.state == State.NEW
    said = (words.READ_CLAIM_AND_ANSWER if is_new else words.READ_AND_ANSWER)[method]
    to_mind = tuple(_danger_cautions(sending, method))
    return NextStep(str(said), method=method, is_danger=True, cautions=to_mind)


def _danger_cautions(sending: Inquiry, method: ContactMethod | None) -> Iterator[str]:
    if sending.never_contact:
        yield words.NEVER_CONTACT_URGENT % {"said": sending.never_contact}
    if method and sending.contact_method and method != sending.contact_method:
        yield words.OTHER_WAY_URGENT % {"method": sending.get_contact_method_display()}
    if method == ContactMethod.PHONE:
        if sending.shared_phone:
            yield str(words.SHARED_PHONE)
        yield cautions.voicemail_rule(sending)
    else:
        yield str(words.NO_PHONE)
    if method == ContactMethod.EMAIL and sending.shared_email:
        yield str(words.SHARED_INBOX)
    if sending.language == Language.SPANISH:
        yield str(words.SPEAKS_SPANISH)
    if sending.interpreter:
        language = sending.interpreter_language or words.ASK_WHICH_LANGUAGE
        yield words.INTERPRETER_URGENT % {"language": language}


# --- By the plan ----------------------------------------------------------------------------------


def next_step_by_plan(plan: Proposal, *, is_dead_end: bool, name: str = "") -> NextStep:
    """`is_dead_end`: the plan is to write to them, but they could not read it.

    `name`: the sender's name, if it may be shown.
    """
    if plan.method is None or is_dead_end:
        return NextStep(str(words.ASK_LEAD_HOW))
    if plan.slot is None:
        return NextStep(str(words.ASK_LEAD_WHEN), method=plan.method)
    by_name = words.ANSWER_BY_NAME[plan.method] % {"name": name}
    said = by_name if name else str(HOW_TO_ANSWER[plan.method])
    return NextStep(said, plan.begins, plan.method, plan.zone)


def _try_both(sending: Inquiry, added: Sequence[Event]) -> str:
    """Say what to do if an unverified submission gave other contact details, or only other text."""
    others = [event.addition.sending for event in added]
    has_number = {each.phone_e164 for each in others} - {"", sending.phone_e164}
    has_address = {each.email.casefold() for each in others} - {"", sending.email.casefold()}
    if has_number and sending.phone:
        return str(words.TRY_BOTH_NUMBERS)
    if has_address and sending.email and not has_number:
        return str(words.TRY_BOTH_ADDRESSES)
    if has_number or has_address:
        return str(words.TRY_BOTH_WAYS)
    return str(words.ASK_WHO_SENT_IT)


def next_steps_for(rows: Iterable[Inquiry], now: datetime) -> list[tuple[Inquiry, NextStep]]:
    """Pair each request with its next step, using two queries for all `rows` from `for_queue`."""
    rows = list(rows)
    reached = {row.pk: row for row in rows if _goes_by_events(row)}
    if not reached:
        return [(row, next_step_without_plan(row)) for row in rows]
    events = _events(reached)
    linked = set(private_links.live_links(*reached.values()).values_list("inquiry_id", flat=True))
    return [(row, _of_row(row, events[row.pk], now, has_link=row.pk in linked)) for row in rows]


def _goes_by_events(row: Inquiry) -> bool:
    """Return whether the next step depends on past events."""
    return row.is_to_be_reached or (row.is_open and has_ungraded_danger(row))


def _events(requests: dict[UUID, Inquiry]) -> dict[UUID, list[Event]]:
    """Return each request's events in order, with any resubmitted form."""
    found = defaultdict(list)
    rows = Event.objects.filter(inquiry__in=requests).exclude(kind=Event.Kind.READ)
    for event in rows.select_related("addition").order_by("inquiry", "number"):
        event.inquiry = requests[event.inquiry_id]  # its key decrypts what was written
        found[event.inquiry_id].append(event)
    return found


def _of_row(
    inquiry: Inquiry, events: Sequence[Event], now: datetime, *, has_link: bool
) -> NextStep:
    if not _goes_by_events(inquiry):
        return next_step_without_plan(inquiry)
    additions = [event.addition for event in events if event.kind == Event.Kind.ADDED]
    try:
        sending = additions[-1].sending if additions else inquiry
        plan = plan_for(inquiry, sending, events, now)
        may_write = has_link or private_links.may_mail_link(inquiry, sending, events)
        return next_step_for(inquiry, sending, events, plan, may_write=may_write)
    except SealBroken:  # the queue must still load
        return next_step_without_plan(inquiry)
