"""How the sender of a sending is proven: knowing a form's key proves "the same form", no person.

Each sending that counts leaves a ticket in the browser that sent it: a random number, sealed in the
cookie of the confirmation, of which the event keeps the SHA-256. Who shows such a ticket is the
sender; so is who has the private page open, and a colleague. All of it is looked at when the
sending is stored, which may be later than it came: see `spool`.
"""

import hashlib
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from inquiries import links
from inquiries.models import Event, Inquiry
from inquiries.states import Proof
from inquiries.submission import Sender

_CODE_DIGITS = 6
#: Whose words count.
_COUNTING = (Event.Kind.RECEIVED, Event.Kind.ADDED)


def proof_of(sender: Sender, inquiry: Inquiry) -> Proof:
    """What shows now that `sender` sent this request."""
    if has_ticket(inquiry, sender.shown):
        return Proof.CONFIRMATION
    if sender.page:
        inquiry_id, link_id, began = sender.page
        since = datetime.fromtimestamp(began, UTC)
        if inquiry_id == str(inquiry.pk) and links.still_opened(
            inquiry_id, link_id=link_id, since=since
        ):
            return Proof.PRIVATE_PAGE
    return Proof.NONE


def has_ticket(inquiry: Inquiry, ticket: str) -> bool:
    """Whether it was given out for a sending of this request that counts."""
    if not ticket:
        return False
    counting = Event.objects.filter(inquiry=inquiry, kind__in=_COUNTING)
    return digest_of(ticket) in {
        detail.get("ticket") for detail in counting.values_list("detail", flat=True)
    }


def digest_of(ticket: str) -> str:
    """As an event keeps a ticket; SHA-256 of 192 random bits."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def page_code(ticket: str) -> str:
    """The code of the private page of the request that was first sent with this ticket."""
    digest = salted_hmac("inquiries.page_code", ticket, algorithm="sha256").digest()
    return f"{int.from_bytes(digest) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"
