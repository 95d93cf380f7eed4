"""Steps about how to reach the sender: a new link, and which details are right."""

from typing import TYPE_CHECKING

from django.db import transaction

from inquiries import private_links, submission_history
from inquiries.intake import corrections
from inquiries.ledger import transitions
from inquiries.ledger.transitions import StepRefused
from inquiries.mail import patient_mail
from inquiries.models import Delivery, Event, Inquiry
from inquiries.states import Proof, Step
from inquiries.triage import words
from inquiries.triage.steps import save_and_record

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def mail_link(inquiry: Inquiry, *, version: int, by: "User") -> Inquiry:
    """Mail a new private link to a sender who has lost theirs and asks for another."""
    inquiry = transitions.start_transition(inquiry, Step.LINK, version=version, by=by)
    sending = submission_history.current_sending(inquiry)
    if not private_links.may_mail_link_on_request(inquiry, sending):
        raise StepRefused(words.CANNOT_MAIL_LINK)
    patient_mail.queue_mail(inquiry, Delivery.Kind.LINK, sending)
    return save_and_record(inquiry, Event.Kind.LINK_ASKED, by=by)


@transaction.atomic
def confirm_submission(
    inquiry: Inquiry, *, number: int, identity: str, version: int, by: "User"
) -> Inquiry:
    """Record which version the patient says is right, to a colleague who confirmed their identity.

    `number` is that of its event. Confirming the version already in use confirms its address.
    """
    inquiry = transitions.start_transition(inquiry, Step.ACCEPT, version=version, by=by)
    event = Event.objects.filter(
        inquiry=inquiry, number=number, kind__in=submission_history.SUBMISSION_KINDS
    ).first()
    if event is None:
        raise StepRefused(words.SUBMISSION_GONE)
    event.inquiry = inquiry
    said = submission_history.confirmed_submission(event)
    if said == submission_history.current_submission(inquiry):
        raise StepRefused(words.COUNTS_ALREADY)
    corrections.add_submission(
        inquiry, said, proven=Proof.COLLEAGUE, by=by, accepted=number, identity=identity
    )
    return inquiry
