"""What coordinators do with a request: claim, note, release, close, reopen.

Each verb checks who may and what is allowed now, changes the request only as it was read at
`version`, and writes its event in the same transaction.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inquiries import access
from inquiries.deadlines import answer_by
from inquiries.models import Event, Inquiry, Note
from inquiries.states import NEXT, State, Step

if TYPE_CHECKING:
    from portal.models import User


class Refused(Exception):
    """A step that is not allowed now, or not to this person. Its text is a sentence for staff."""


@transaction.atomic
def claim(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Make it one's own: of two who press at once, one has it and the other is told who."""
    inquiry = _take(inquiry, Step.CLAIM, version=version, by=by)
    inquiry.owner = by
    return _record(inquiry, Event.Kind.CLAIMED, by=by)


@transaction.atomic
def release(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Give it back to the queue, with its deadline as it was."""
    inquiry = _take(inquiry, Step.RELEASE, version=version, by=by)
    _own_or_lead(inquiry, by)
    inquiry.owner = None
    return _record(inquiry, Event.Kind.RELEASED, by=by)


@transaction.atomic
def note(inquiry: Inquiry, *, text: str, version: int, by: "User") -> Inquiry:
    """Write something down for colleagues; the patient never sees it."""
    inquiry = _take(inquiry, Step.NOTE, version=version, by=by)
    inquiry = _record(inquiry, Event.Kind.NOTED, by=by)
    Note.objects.create(event=inquiry.events.get(version=inquiry.version), text=text)
    return inquiry


@transaction.atomic
def close(inquiry: Inquiry, *, outcome: str, version: int, by: "User") -> Inquiry:
    """End it, saying how."""
    inquiry = _take(inquiry, Step.CLOSE, version=version, by=by)
    _own_or_lead(inquiry, by)
    inquiry.outcome = outcome
    inquiry.closed_at = timezone.now()
    return _record(inquiry, Event.Kind.CLOSED, by=by, outcome=outcome)


@transaction.atomic
def reopen(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Put a closed one back into the queue, unclaimed and with a deadline counted from now."""
    inquiry = _take(inquiry, Step.REOPEN, version=version, by=by)
    inquiry.owner = None
    inquiry.outcome = ""
    inquiry.closed_at = None
    inquiry.due_at = answer_by(timezone.now())
    return _record(inquiry, Event.Kind.REOPENED, by=by)


def _take(inquiry: Inquiry, step: Step, *, version: int, by: "User") -> Inquiry:
    """The row in its next state, ours to change until the transaction ends.

    A conditional update rather than a lock, because SQLite has no row locks.
    """
    if not by.has_perm(access.TRIAGE):
        raise Refused("Only Care Coordinators can do this.")
    taken = Inquiry.objects.filter(pk=inquiry.pk, version=version).update(version=F("version") + 1)
    current = Inquiry.objects.for_reading().get(pk=inquiry.pk)
    if not taken:
        raise Refused(_what_changed(current, by))
    state = State(current.state)
    if step not in NEXT[state]:
        raise Refused(f"“{step.label}” is not possible: {_where_it_stands(current, by)}")
    current.state = NEXT[state][step]
    return current


def _own_or_lead(inquiry: Inquiry, by: "User") -> None:
    if inquiry.owner_id != by.pk and not by.has_perm(access.LEAD_TRIAGE):
        raise Refused(f"{inquiry.owner} has claimed this request. Only its owner or a lead can.")


def _record(inquiry: Inquiry, kind: Event.Kind, *, by: "User", **detail: Any) -> Inquiry:
    inquiry.save()
    Event.objects.create(
        inquiry=inquiry,
        kind=kind,
        at=timezone.now(),
        by=by,
        version=inquiry.version,
        detail=detail,
    )
    return inquiry


def _what_changed(inquiry: Inquiry, by: "User") -> str:
    last = inquiry.events.select_related("by").last()
    what = last.get_kind_display().lower() if last else "changed"
    who = "you, in another window" if last and last.by == by else (last and last.by) or "the sender"
    return (
        f"Nothing was saved, because this request changed after you opened it: {what} by {who}. "
        f"{_where_it_stands(inquiry, by)}"
    )


def _where_it_stands(inquiry: Inquiry, by: "User") -> str:
    match inquiry.state:
        case State.CLAIMED:
            return "You have claimed it." if inquiry.owner == by else f"{inquiry.owner} has it."
        case State.CLOSED:
            return f"It is closed ({inquiry.outcome_word.lower()})."
        case _:
            return "Nobody has claimed it."
