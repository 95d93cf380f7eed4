"""What coordinators do with a request, from clearing it from quarantine to closing it.

Each verb checks who may and what is allowed now, changes the request only as it was read at
`version`, and writes its event in the same transaction.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries import access, deliveries, intake, ledger, links
from inquiries.ledger import Refused
from inquiries.models import Delivery, Event, Inquiry, Message, Note
from inquiries.states import Outcome, Reached, Step

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def clear(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """It is a person's."""
    inquiry = ledger.take(inquiry, Step.CLEAR, version=version, by=by)
    return intake.leave_quarantine(inquiry, by=by)


@transaction.atomic
def discard(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """It is a machine's: closed as no request, and kept as long as those are."""
    inquiry = ledger.take(inquiry, Step.DISCARD, version=version, by=by)
    inquiry.outcome = Outcome.NOT_A_REQUEST
    inquiry.closed_at = timezone.now()
    return _save(inquiry, Event.Kind.CLOSED, by=by, outcome=inquiry.outcome)


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
def attempt(inquiry: Inquiry, *, method: str, reached: str, version: int, by: "User") -> Inquiry:
    """Put on record that somebody tried to reach her, and how it ended."""
    inquiry = ledger.take(inquiry, Step.ATTEMPT, version=version, by=by)
    _own_or_lead(inquiry, by)
    if reached == Reached.SPOKE:
        inquiry.answered_at = timezone.now()
    inquiry.undelivered_at = None
    return _save(inquiry, Event.Kind.ATTEMPTED, by=by, method=method, reached=reached)


@transaction.atomic
def reply(inquiry: Inquiry, *, text: str, version: int, by: "User") -> Inquiry:
    """Write to her on her private page; where she gave an address, a mail says that we did.

    Refused where she could not open that page: then nobody would read it, and nobody would call.
    """
    inquiry = ledger.take(inquiry, Step.REPLY, version=version, by=by)
    _own_or_lead(inquiry, by)
    sending = intake.latest(inquiry)
    if not links.live(inquiry).exists() and not links.may_link(inquiry, sending):
        raise Refused("She has no private link, and none can be mailed: call her instead.")
    inquiry.answered_at = timezone.now()
    inquiry.undelivered_at = None
    inquiry.save()
    event = ledger.record(inquiry, Event.Kind.REPLIED, by=by)
    Message(event=event, text=text).save(force_insert=True)
    deliveries.enqueue(inquiry, Delivery.Kind.REPLY, sending)
    return inquiry


@transaction.atomic
def mail_link(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """She has lost her private link and asks for another."""
    inquiry = ledger.take(inquiry, Step.LINK, version=version, by=by)
    sending = intake.latest(inquiry)
    if not links.may_link(inquiry, sending):
        raise Refused("A link goes only to who chose mail, reads it alone and took none back.")
    deliveries.enqueue(inquiry, Delivery.Kind.LINK, sending)
    return _save(inquiry, Event.Kind.LINK_ASKED, by=by)


@transaction.atomic
def close(inquiry: Inquiry, *, outcome: str, version: int, by: "User") -> Inquiry:
    """End it, saying how."""
    inquiry = ledger.take(inquiry, Step.CLOSE, version=version, by=by)
    _own_or_lead(inquiry, by)
    inquiry.outcome = outcome
    inquiry.closed_at = timezone.now()
    inquiry.undelivered_at = None
    return _save(inquiry, Event.Kind.CLOSED, by=by, outcome=outcome)


@transaction.atomic
def reopen(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Put a closed one back into the queue, unclaimed and with a deadline counted from now."""
    inquiry = ledger.take(inquiry, Step.REOPEN, version=version, by=by)
    ledger.open_again(inquiry, by=by)
    return inquiry


def _own_or_lead(inquiry: Inquiry, by: "User") -> None:
    if inquiry.owner_id != by.pk and not by.has_perm(access.LEAD_TRIAGE):
        raise Refused(f"{inquiry.owner} has claimed this request. Only its owner or a lead can.")


def _save(inquiry: Inquiry, kind: Event.Kind, *, by: "User", **detail: Any) -> Inquiry:
    inquiry.save()
    ledger.record(inquiry, kind, by=by, **detail)
    return inquiry
