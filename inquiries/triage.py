"""What coordinators do with a request: claim, note, release, close, reopen.

Each verb checks who may and what is allowed now, changes the request only as it was read at
`version`, and writes its event in the same transaction.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries import access, ledger
from inquiries.deadlines import answer_by
from inquiries.ledger import Refused
from inquiries.models import Event, Inquiry, Note
from inquiries.states import Step

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def claim(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Make it one's own: of two who press at once, one has it and the other is told who."""
    inquiry = ledger.take(inquiry, Step.CLAIM, version=version, by=by)
    inquiry.owner = by
    return _save(inquiry, Event.Kind.CLAIMED, by=by)


@transaction.atomic
def release(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Give it back to the queue, with its deadline as it was."""
    inquiry = ledger.take(inquiry, Step.RELEASE, version=version, by=by)
    _own_or_lead(inquiry, by)
    inquiry.owner = None
    return _save(inquiry, Event.Kind.RELEASED, by=by)


@transaction.atomic
def note(inquiry: Inquiry, *, text: str, version: int, by: "User") -> Inquiry:
    """Write something down for colleagues; the patient never sees it."""
    inquiry = ledger.take(inquiry, Step.NOTE, version=version, by=by)
    inquiry.save()
    event = ledger.record(inquiry, Event.Kind.NOTED, by=by)
    Note(event=event, text=text).save(force_insert=True)
    return inquiry


@transaction.atomic
def close(inquiry: Inquiry, *, outcome: str, version: int, by: "User") -> Inquiry:
    """End it, saying how."""
    inquiry = ledger.take(inquiry, Step.CLOSE, version=version, by=by)
    _own_or_lead(inquiry, by)
    inquiry.outcome = outcome
    inquiry.closed_at = timezone.now()
    return _save(inquiry, Event.Kind.CLOSED, by=by, outcome=outcome)


@transaction.atomic
def reopen(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Put a closed one back into the queue, unclaimed and with a deadline counted from now."""
    inquiry = ledger.take(inquiry, Step.REOPEN, version=version, by=by)
    inquiry.owner = None
    inquiry.outcome = ""
    inquiry.closed_at = None
    inquiry.due_at = answer_by(timezone.now())
    return _save(inquiry, Event.Kind.REOPENED, by=by)


def _own_or_lead(inquiry: Inquiry, by: "User") -> None:
    if inquiry.owner_id != by.pk and not by.has_perm(access.LEAD_TRIAGE):
        raise Refused(f"{inquiry.owner} has claimed this request. Only its owner or a lead can.")


def _save(inquiry: Inquiry, kind: Event.Kind, *, by: "User", **detail: Any) -> Inquiry:
    inquiry.save()
    ledger.record(inquiry, kind, by=by, **detail)
    return inquiry
