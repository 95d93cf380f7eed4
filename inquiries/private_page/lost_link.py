"""A new private link for someone who lost theirs, using only the address on file."""

from contextlib import suppress

from django.db import transaction

from inquiries import private_links, submission_history
from inquiries.contact_details.email_addresses import on_the_wire
from inquiries.ledger import transitions
from inquiries.ledger.events import record_event
from inquiries.mail import outbox, patient_mail
from inquiries.models import Delivery, Event, Inquiry
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.states import State


def ask_for_link(*, reference: str, address: str) -> None:
    """Mail a new link, if the request has exactly this address and a link may go there.

    Nothing is returned, so that no one learns whether there is such a request.
    """
    _, found = lookup.find_by_reference(reference)
    for inquiry in found:
        with suppress(transitions.StepRefused):  # it was erased
            _mail_link(inquiry, address)


@transaction.atomic
def _mail_link(inquiry: Inquiry, address: str) -> None:
    inquiry = transitions.lock_inquiry(inquiry)
    sending = submission_history.current_sending(inquiry)
    if _digest(sending.email) != _digest(address):
        return
    is_over = inquiry.state == State.QUARANTINED or inquiry.outcome == Outcome.WITHDRAWN
    if is_over or not private_links.may_mail_link_on_request(inquiry, sending):
        return
    if outbox.waiting_mails(Delivery).filter(inquiry=inquiry, kind=Delivery.Kind.LINK).exists():
        return  # a link is already waiting to be sent
    delivery = patient_mail.queue_mail(inquiry, Delivery.Kind.LINK, sending)
    if delivery and delivery.state == Delivery.State.WAITING:
        inquiry.save()
        record_event(inquiry, Event.Kind.LINK_ASKED, by=None)


def _digest(address: str) -> bytes:
    """Treat a domain in its own script like its ASCII form, which some browsers send."""
    return lookup.email_digest(on_the_wire(address))
