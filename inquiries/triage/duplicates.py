"""Closing a request as a duplicate of another from the same person, and undoing it.

The two are never merged: each keeps its words. The other one takes over what is owed.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Clock, Event, Inquiry, Task
from inquiries.outcomes import VOID_OUTCOMES, Outcome
from inquiries.states import State, Step, Urgency
from inquiries.triage import duplicate_details, words
from inquiries.triage.steps import save_and_record

if TYPE_CHECKING:
    from portal.models import User

_ANSWERS = (Clock.Kind.FIRST_ATTEMPT, Clock.Kind.NEXT_REPLY)


@transaction.atomic
def link_duplicate(inquiry: Inquiry, *, of: Inquiry, version: int, by: "User") -> Inquiry:
    """Close this request, because it is handled with another one from the same person.

    The other one is reopened or resumed if need be. It waits for an answer that is due no later
    than here, and has the higher urgency of the two. Links never form a chain.
    """
    transitions.hold(inquiry.pk, of.pk)
    owed = _what_is_owed(inquiry)
    was_mine = inquiry.owner_id == by.pk
    inquiry = transitions.start_transition(inquiry, Step.LINK_DUPLICATE, version=version, by=by)
    of = Inquiry.objects.select_related("duplicate_of").get(pk=of.pk)
    if why := _explain_not_linked(inquiry, of):
        raise StepRefused(why)
    inquiry.duplicate_of, inquiry.outcome = of, Outcome.DUPLICATE
    inquiry.closed_at, inquiry.undelivered_at = timezone.now(), None
    save_and_record(
        inquiry,
        Event.Kind.DUPLICATE_MARKED,
        by=by,
        reference=of.reference,
        outcome=inquiry.outcome,
    )
    _hand_on(inquiry, of, owed, by)
    if was_mine:
        _claim_if_free(of, by)
    return inquiry


def _explain_not_linked(inquiry: Inquiry, of: Inquiry) -> str:
    """Return why it cannot be a duplicate of that one; empty if it can."""
    if of == inquiry:
        return str(words.SAME_REQUEST)
    if inquiry.duplicates.exists():
        return str(words.OTHERS_LINKED_HERE)
    if Task.objects.open().filter(inquiry=inquiry).exists():
        return str(words.TASKS_FIRST)
    return _explain_not_first(of)


def _explain_not_first(of: Inquiry) -> str:
    """Return why nothing can be a duplicate of that one; empty if it can."""
    if of.state in {State.ERASED, State.QUARANTINED}:
        state = of.get_state_display()
        return words.CANNOT_LINK_TO % {"reference": of.reference, "state": state}
    if of.duplicate_of:
        first = of.duplicate_of.reference
        return words.LINKED_ITSELF % {"reference": of.reference, "first": first}
    if of.outcome in VOID_OUTCOMES:
        outcome = of.outcome_word
        return words.ENDED_IN_VAIN % {"reference": of.reference, "outcome": outcome}
    return ""


def may_be_first(other: Inquiry, inquiry: Inquiry) -> bool:
    """Whether a page offers to close `inquiry` as a duplicate of the other one, in one click."""
    is_there = other.state not in {State.ERASED, State.QUARANTINED}
    is_first = other.duplicate_of_id is None and other.received_at <= inquiry.received_at
    return is_there and is_first and other.outcome not in VOID_OUTCOMES


def _what_is_owed(inquiry: Inquiry) -> dict[str, Any]:
    """Return what the sender still waits for, and until when, as details of an event."""
    if not inquiry.awaits_answer:
        return {}
    asked_at = inquiry.wrote_at or inquiry.received_at
    clock = Clock.objects.running().filter(inquiry=inquiry, kind__in=_ANSWERS).first()
    owed: dict[str, Any] = {"asks": True}
    if clock:
        owed |= {"due_at": clock.due_at.isoformat(), "since": asked_at.isoformat()}
    return owed


def _hand_on(inquiry: Inquiry, of: Inquiry, owed: dict[str, Any], by: "User") -> None:
    """Let the other request take over what is owed here, and tell its owner."""
    of = transitions.lock_inquiry(of)
    if of.state in {State.CLOSED, State.WAITING}:
        of.version -= 1  # the first change is that it goes on
        transitions.reactivate_inquiry(of, by=by)
        of.version += 1
    detail = {"reference": inquiry.reference, **owed, **_inherit_urgency(inquiry, of)}
    if owed:
        of.wrote_at = timezone.now()
    save_and_record(of, Event.Kind.DUPLICATE_ADDED, by=by, **detail)
    if "urgent" in detail:
        staff_notices.notify_if_urgent(of, by=by)
    staff_notices.notify_owner(of, by=by)


def _inherit_urgency(inquiry: Inquiry, of: Inquiry) -> dict[str, Any]:
    """Give the other request the higher urgency, and any danger that nobody has judged."""
    if inquiry.urgent and not inquiry.is_graded:
        of.urgent, of.is_graded, of.urgency = True, False, Urgency.URGENT
        return {"urgent": True}
    ranks = Urgency.values
    if ranks.index(inquiry.urgency) < ranks.index(of.urgency):
        of.urgency, of.is_graded = inquiry.urgency, inquiry.is_graded
        return {"urgency": inquiry.urgency}
    return {}


def _claim_if_free(of: Inquiry, by: "User") -> None:
    of = Inquiry.objects.get(pk=of.pk)
    if of.state == State.NEW:
        of = transitions.start_transition(of, Step.CLAIM, version=of.version, by=by)
        of.owner = by
        save_and_record(of, Event.Kind.CLAIMED, by=by)


@transaction.atomic
def unlink_duplicate(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Undo it: the two are unrelated after all, and this one is new again with its deadlines."""
    first = inquiry.duplicate_of
    transitions.hold(inquiry.pk, *([first.pk] if first else []))
    inquiry = transitions.start_transition(inquiry, Step.UNLINK_DUPLICATE, version=version, by=by)
    if inquiry.duplicate_of_id is None:
        raise StepRefused(words.NOT_LINKED)
    if inquiry.outcome not in {"", Outcome.DUPLICATE}:
        raise StepRefused(words.ENDED_BY_ITSELF % {"outcome": inquiry.outcome_word})
    first = inquiry.duplicate_of
    transitions.undo_duplicate(inquiry, by=by)
    if first and first.state != State.ERASED:
        first = transitions.lock_inquiry(first)
        reference = inquiry.reference
        duplicate_details.drop_details(first, of=reference, by=by)
        save_and_record(first, Event.Kind.DUPLICATE_REMOVED, by=by, reference=reference)
        staff_notices.notify_owner(first, staff_notices.Kind.LOGGED, by=by)
    return inquiry
