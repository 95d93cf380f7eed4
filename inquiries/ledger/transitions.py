"""How a request changes: its row is locked, and the transition table allows or refuses the step."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F

from inquiries.ledger import bindings, words
from inquiries.ledger.events import record_event
from inquiries.models import Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.states import NEXT, State, Step
from inquiries.team import permissions

if TYPE_CHECKING:
    from portal.models import User

#: Only for requests flagged as possible spam.
SUSPECT_STEPS = frozenset({Step.CLEAR, Step.DISCARD})


class StepRefused(Exception):
    """A step that is not allowed now, or not for this person. Its text is a sentence for staff."""


def start_transition(
    inquiry: Inquiry, step: Step, *, version: int | None, by: "User | None"
) -> Inquiry:
    """Return the row in its next state, locked until the transaction ends.

    This is a conditional update and not a lock, because SQLite has no row locks. `by` is None when
    the portal acts on its own; `version` is None if the step suits any version. Raise StepRefused.
    """
    rows = Inquiry.objects.filter(pk=inquiry.pk)
    if version is not None:
        rows = rows.filter(version=version)
    taken = rows.update(version=F("version") + 1)
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    current.met = bindings.digest_row(current)
    _check_step(current, step, by, is_stale=not taken)
    current.state = NEXT[State(current.state)][step]
    if step != Step.NOTE:
        current.burst = None  # someone has taken up this one
    if _answers_question(step, by):
        current.lead_asked_at = None
    if current.state != State.WAITING:
        current.wakes_at = None
    return current


def _answers_question(step: Step, by: "User | None") -> bool:
    """Whether a question to the leads is settled: one of them has acted, or nothing is open."""
    if step in {Step.CLOSE, Step.DISCARD, Step.ERASE}:
        return True
    return step != Step.ASK_LEAD and by is not None and by.has_perm(permissions.LEAD_TRIAGE)


def check_transition(inquiry: Inquiry, step: Step, *, version: int, by: "User") -> Inquiry:
    """Check that a step prepared on a page could be taken now, and return the row as it is.

    Raise StepRefused as `start_transition` would.
    """
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    _check_step(current, step, by, is_stale=current.version != version)
    return current


def _check_step(current: Inquiry, step: Step, by: "User | None", *, is_stale: bool) -> None:
    if by is not None and not by.has_perm(permissions.STEP_PERMISSIONS[step]):
        raise StepRefused(permissions.explain_refusal(step, current, by))
    if is_stale:
        raise StepRefused(words.CHANGED_MEANWHILE % {"change": describe_last_change(current, by)})
    if step not in NEXT[State(current.state)]:
        state = _describe_state(current, by)
        raise StepRefused(words.NOT_NOW % {"step": step.label, "state": state})
    if by is not None and (why := permissions.explain_refusal(step, current, by)):
        raise StepRefused(why)
    if step in SUSPECT_STEPS and not current.is_suspect:
        raise StepRefused(words.NOT_SUSPECT % {"step": step.label})


def lock_inquiry(inquiry: Inquiry) -> Inquiry:
    """Return the current row, locked until the transaction ends; saving it adds one version.

    For what the sender or the portal does, where no page can be stale. Raise StepRefused
    if it was erased.
    """
    hold(inquiry.pk)
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    current.met = bindings.digest_row(current)
    if current.state == State.ERASED:
        raise StepRefused(_describe_state(current, None))
    current.version += 1
    return current


def lock_last_event(inquiry: Inquiry) -> Event:
    """Return what was done last, with its request locked until the transaction ends."""
    hold(inquiry.pk)
    changes = inquiry.events.exclude(kind__in=Event.CHANGE_NOTHING)
    return changes.select_related("by", "note", "inquiry__data_key").latest("number")


def hold(*keys: UUID) -> None:
    """Lock the rows of these requests until the transaction ends, and change nothing in them.

    A write locks a row on SQLite and PostgreSQL alike. The order is fixed, so that two who need the
    same requests do not deadlock.
    """
    for pk in sorted(set(keys)):
        Inquiry.objects.filter(pk=pk).update(version=F("version"))


def reactivate_inquiry(inquiry: Inquiry, *, by: "User | None" = None) -> None:
    """Reactivate a request after the sender acted or could not be reached. The row is held.

    `by` is None unless a colleague found that the sender has acted.
    """
    if inquiry.state == State.CLOSED:
        inquiry.version += 1
        inquiry.state = State.NEW
        reopen_inquiry(inquiry, by=by)
    elif inquiry.state == State.WAITING:
        inquiry.version += 1
        inquiry.state, inquiry.wakes_at = State.CLAIMED, None
        inquiry.save()
        record_event(inquiry, Event.Kind.WOKEN, by=by)


def reopen_inquiry(inquiry: Inquiry, *, by: "User | None") -> None:
    """Return a request to the queue: unclaimed, unanswered, with deadlines counted from now."""
    inquiry.owner, inquiry.outcome, inquiry.closed_at, inquiry.answered_at = None, "", None, None
    inquiry.save()
    record_event(inquiry, Event.Kind.REOPENED, by=by)


def undo_duplicate(inquiry: Inquiry, *, by: "User | None") -> None:
    """Unlink a held request from the one that it repeats; if that closed it, it's new again.

    Its deadlines run on as if they had never been stopped.
    """
    is_closed_by_it = inquiry.outcome == Outcome.DUPLICATE
    if is_closed_by_it:
        inquiry.state, inquiry.owner = State.NEW, None
        inquiry.outcome, inquiry.closed_at = "", None
    inquiry.duplicate_of = None
    inquiry.save()
    detail: dict[str, Any] = {"reopens": True} if is_closed_by_it else {}
    record_event(inquiry, Event.Kind.DUPLICATE_UNDONE, by=by, **detail)


def describe_last_change(inquiry: Inquiry, by: "User | None") -> str:
    """Tell someone with a stale page what was done last, by whom, and the current state."""
    changes = inquiry.events.exclude(kind__in=Event.CHANGE_NOTHING).select_related("by")
    last = changes.latest("number")
    is_own = by is not None and last.by == by
    what = words.BY_YOU % {"what": last.get_kind_display()} if is_own else last.headline
    return words.CHANGE % {"what": what, "state": _describe_state(inquiry, by)}


def _describe_state(inquiry: Inquiry, by: "User | None") -> str:
    match inquiry.state:
        case State.CLAIMED | State.CONNECTED | State.WAITING:
            is_own = inquiry.owner == by
            return str(words.YOURS) if is_own else words.CLAIMED_BY % {"owner": inquiry.owner}
        case State.CLOSED:
            return words.CLOSED % {"outcome": inquiry.outcome_word}
        case _:
            return str(words.STANDS[State(inquiry.state)])
