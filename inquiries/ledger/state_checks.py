"""Check that the state, owner, outcome, and urgency of a request are those its events lead to."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from inquiries.ledger import words
from inquiries.models import Event, Inquiry
from inquiries.states import UNOWNED, OwnerAfter, State, Step, Urgency, leads_to

#: Who owns a request after an event of one of these kinds; other kinds do not change the owner.
_OWNER_AFTER = {
    step.effect.writes: step.effect.owner for step in Step if step.effect.owner != OwnerAfter.SAME
}
#: Events that give a request an outcome, or take it away.
_OUTCOME_AFTER = frozenset(
    {
        *(Event.Kind.CLOSED, Event.Kind.REOPENED),
        *(Event.Kind.DUPLICATE_MARKED, Event.Kind.DUPLICATE_UNDONE),
    }
)


def check_state(inquiry: Inquiry, chain: Sequence[Event]) -> Iterator[str]:
    """Check that a request's state is the one its events lead to, one after another."""
    state, owner, outcome, version = "", None, "", 0
    urgency: str = Urgency.ROUTINE
    for event in chain:
        if event.kind == Event.Kind.READ:  # leads nowhere, and most events are readings
            continue
        if event.kind not in Event.CHANGE_NOTHING:
            version = event.version
        state = _state_after(event, state)
        owner = _owner_after(event, state, owner)
        urgency = _urgency_after(event) or urgency
        if event.kind in _OUTCOME_AFTER:
            outcome = str(event.detail.get("outcome", ""))
    if chain and version != inquiry.version:
        yield str(words.CHANGED)
    elif chain and state != inquiry.state:
        yield words.STATE_CHANGED % {"state": inquiry.get_state_display()}
    elif chain and (owner, outcome) != (inquiry.owner_id, inquiry.outcome):
        yield str(words.OWNER_CHANGED)
    elif chain and urgency != inquiry.urgency:
        yield str(words.URGENCY_CHANGED)


def _urgency_after(event: Event) -> str:
    if event.kind == Event.Kind.HANDED_OVER or event.detail.get("urgent"):
        return Urgency.URGENT
    return str(event.detail.get("urgency", ""))


def _state_after(event: Event, state: str) -> str:
    """Follow the one table of transitions. Only the first event sets its own state."""
    if event.kind == Event.Kind.RECEIVED:
        return str(event.detail.get("state", State.NEW))
    return leads_to(event.kind, state)


def _owner_after(event: Event, state: str, owner: UUID | None) -> UUID | None:
    match _OWNER_AFTER.get(event.kind):
        case _ if state in UNOWNED:
            return None
        case OwnerAfter.ACTOR:
            return event.by_id
        case OwnerAfter.NAMED:
            return UUID(event.detail["to"])
        case _:
            return owner
