"""How a sender is proven. Knowing a form's key proves "the same form", not the same person.

Each submission that counts leaves a ticket in the browser that sent it: a random number, sealed in
the confirmation's cookie. The event keeps its SHA-256. Whoever shows such a ticket is the sender;
so is anyone who has the private page open, and a colleague also counts. All this is checked when
the submission is stored, which may be later than it came: see `spool`.
"""

import hashlib
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac

from inquiries import private_links
from inquiries.models import Event, Inquiry
from inquiries.states import Proof
from inquiries.submission import Sender

_CODE_DIGITS = 6
#: Events whose text counts and whose tickets are valid until links are ended.
_COUNTING = frozenset({Event.Kind.RECEIVED, Event.Kind.ADDED})
_SENT = _COUNTING | {Event.Kind.UNPROVEN}


def sender_proof(sender: Sender, inquiry: Inquiry) -> Proof:
    """Return what proves, at this moment, that `sender` sent this request."""
    if has_ticket(inquiry, sender.shown):
        return Proof.CONFIRMATION
    if sender.page:
        inquiry_id, link_id, began, *secret = sender.page  # older files have none
        since = datetime.fromtimestamp(began, UTC)
        if inquiry_id == str(inquiry.pk) and private_links.find_opened_inquiry(
            inquiry_id, link_id=link_id, since=since, visit="".join(secret)
        ):
            return Proof.PRIVATE_PAGE
    return Proof.NONE


def has_ticket(inquiry: Inquiry, ticket: str) -> bool:
    """Return whether it was issued for a submission that counts, since links were last ended.

    Ending all links also ends the confirmations. Leaving the page ends only one's own.
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
    """Return whether the submission that this ticket was issued for is already stored.

    Each press of “Send” has its own ticket. One that comes twice was spooled although a commit that
    was never confirmed had stored it.
    """
    sent = Event.objects.filter(inquiry=inquiry, kind__in=_SENT)
    digests = (detail.get("ticket") for detail in sent.values_list("detail", flat=True))
    return bool(ticket) and digest_ticket(ticket) in set(digests)


def digest_ticket(ticket: str) -> str:
    """Return a ticket as an event stores it: the SHA-256 of 192 random bits."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def derive_page_code(ticket: str) -> str:
    """Return the private page's code for the request that was first sent with this ticket."""
    digest = salted_hmac("inquiries.page_code", ticket, algorithm="sha256").digest()
    return f"{int.from_bytes(digest) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"
