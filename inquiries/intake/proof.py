"""How the sender of a sending is proven: knowing a form's key proves "the same form", no person.

Each sending that counts leaves a ticket in the browser that sent it: a random number, sealed in the
cookie of the confirmation, of which the event keeps the SHA-256. Who shows such a ticket is the
sender; so is who has the private page open, and a colleague. All of it is looked at when the
sending is stored, which may be later than it came: see `spool`.
"""

import hashlib
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from inquiries import private_links
from inquiries.models import Event, Inquiry
from inquiries.states import Proof
from inquiries.submission import Sender

_CODE_DIGITS = 6
#: Whose words count, and what ends the tickets given out before.
_COUNTING = frozenset({Event.Kind.RECEIVED, Event.Kind.ADDED})
_SENT = _COUNTING | {Event.Kind.UNPROVEN}


def sender_proof(sender: Sender, inquiry: Inquiry) -> Proof:
    """What shows now that `sender` sent this request."""
    if has_ticket(inquiry, sender.shown):
        return Proof.CONFIRMATION
    if sender.page:
        inquiry_id, link_id, began, *secret = sender.page  # files of older releases have none
        since = datetime.fromtimestamp(began, UTC)
        if inquiry_id == str(inquiry.pk) and private_links.find_opened_inquiry(
            inquiry_id, link_id=link_id, since=since, visit="".join(secret)
        ):
            return Proof.PRIVATE_PAGE
    return Proof.NONE


def has_ticket(inquiry: Inquiry, ticket: str) -> bool:
    """Whether it was given out for a sending that counts, since links were last ended.

    Who takes back all links takes back the confirmations, too; and so does who leaves, their own.
    """
    if not ticket or private_links.is_visit_ended(ticket):
        return False
    kinds = _COUNTING | private_links.ENDING_KINDS
    events = Event.objects.filter(inquiry=inquiry, kind__in=kinds).order_by("number")
    valid: set[str] = set()
    for kind, detail in events.values_list("kind", "detail"):
        if kind in private_links.ENDING_KINDS:
            valid = set()
        else:
            valid.add(detail.get("ticket", ""))
    return digest_ticket(ticket) in valid


def is_ticket_recorded(inquiry: Inquiry, ticket: str) -> bool:
    """Whether the sending that this ticket was given out for is stored already.

    Each press of “Send” has a ticket of its own: one that comes twice was spooled, and stored by a
    commit that nobody heard of.
    """
    sent = Event.objects.filter(inquiry=inquiry, kind__in=_SENT)
    digests = (detail.get("ticket") for detail in sent.values_list("detail", flat=True))
    return bool(ticket) and digest_ticket(ticket) in set(digests)


def digest_ticket(ticket: str) -> str:
    """As an event keeps a ticket; SHA-256 of 192 random bits."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def derive_page_code(ticket: str) -> str:
    """The code of the private page of the request that was first sent with this ticket."""
    digest = salted_hmac("inquiries.page_code", ticket, algorithm="sha256").digest()
    return f"{int.from_bytes(digest) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"
