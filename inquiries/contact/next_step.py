"""What to do next with a request, both on its page and in the queue.

The contact plan decides, except that danger phrases nobody has reviewed yet come before any plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from inquiries import submission_history
from inquiries.contact import cautions, words
from inquiries.contact import plan as planning
from inquiries.contact.channels import wrong_channels
from inquiries.contact.plan import Proposal
from inquiries.deadlines import service_levels
from inquiries.models import ContactMethod, Event, Inquiry, Language, PlannedStep
from inquiries.models.stored_plan import HOW_TO_ANSWER
from inquiries.states import State, Urgency


@dataclass(frozen=True)
class NextStep:
    """What to do next, when, and how."""

    #: None if there is nothing to do.
    code: PlannedStep | None = None
    #: The earliest time, as an aware datetime. None if now is as good as any.
    begins: datetime | None = None
    #: How to reach them, if that is the next step and a channel is left.
    method: ContactMethod | None = None
    #: Whether danger phrases are waiting for someone to review them.
    is_danger: bool = False
    #: Warnings for staff, one sentence each.
    cautions: tuple[str, ...] = ()
    #: The same with the sender's name, where it may be shown.
    by_name: str = ""

    @property
    def words(self) -> str:
        """A few words for staff; empty if there is nothing to do."""
        return self.by_name or (str(self.code.label) if self.code else "")


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
    if inquiry.undelivered_at:
        return _step_after_failed_email(plan, may_write=may_write)
    if not inquiry.is_to_be_reached:
        return NextStep(inquiry.step_without_plan)
    if added := submission_history.unproven_events(events):
        return NextStep(_try_both(sending, added), plan.begins, plan.method)
    is_dead_end = plan.method == ContactMethod.EMAIL and not may_write
    name = sending.full_name if may_name else ""
    return next_step_by_plan(plan, is_dead_end=is_dead_end, name=name)


def _step_after_failed_email(plan: Proposal, *, may_write: bool) -> NextStep:
    """Contact them another way, or by email again if they have corrected their address since."""
    if plan.method is None or (plan.method == ContactMethod.EMAIL and not may_write):
        return NextStep(PlannedStep.ASK_HOW)
    is_corrected = plan.method == ContactMethod.EMAIL
    code = PlannedStep.WRITE if is_corrected else PlannedStep.EMAIL_FAILED
    return NextStep(code, plan.begins, plan.method)


def next_step_without_plan(inquiry: Inquiry) -> NextStep:
    """Return the step for people outside triage, or if the plan cannot be read."""
    if has_ungraded_danger(inquiry):
        return NextStep(PlannedStep.READ, is_danger=True)
    return NextStep(inquiry.step_without_plan)


# --- Danger ---------------------------------------------------------------------------------------

#: What to do after reading it, depending on the channel that is left.
_READ_AND_ANSWER = {
    ContactMethod.PHONE: PlannedStep.READ_CALL,
    ContactMethod.EMAIL: PlannedStep.READ_WRITE,
    None: PlannedStep.READ_ASK,
}
_READ_CLAIM_AND_ANSWER = {
    ContactMethod.PHONE: PlannedStep.READ_CLAIM_CALL,
    ContactMethod.EMAIL: PlannedStep.READ_CLAIM_WRITE,
    None: PlannedStep.READ_CLAIM_ASK,
}


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
    code = (_READ_CLAIM_AND_ANSWER if is_new else _READ_AND_ANSWER)[method]
    to_mind = tuple(_danger_cautions(sending, method))
    return NextStep(code, method=method, is_danger=True, cautions=to_mind)


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
        return NextStep(PlannedStep.ASK_HOW)
    if plan.slot is None:
        return NextStep(PlannedStep.ASK_WHEN, method=plan.method)
    by_name = words.ANSWER_BY_NAME[plan.method] % {"name": name} if name else ""
    return NextStep(HOW_TO_ANSWER[plan.method], plan.begins, plan.method, by_name=by_name)


def _try_both(sending: Inquiry, added: Sequence[Event]) -> PlannedStep:
    """Say what to do if an unverified submission gave other contact details, or only other text."""
    others = [event.addition.sending for event in added]
    has_number = {each.phone_e164 for each in others} - {"", sending.phone_e164}
    has_address = {each.email.casefold() for each in others} - {"", sending.email.casefold()}
    if has_number and sending.phone:
        return PlannedStep.TRY_NUMBERS
    if has_address and sending.email and not has_number:
        return PlannedStep.TRY_ADDRESSES
    if has_number or has_address:
        return PlannedStep.TRY_WAYS
    return PlannedStep.ASK_SENDER
