"""Asking a lead about a request."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from inquiries.ledger import transitions
from inquiries.mail import staff_notices
from inquiries.models import Event, Inquiry, Notice
from inquiries.states import Step
from inquiries.team import availability
from inquiries.triage.steps import save_and_record

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def ask_lead(inquiry: Inquiry, *, version: int, by: "User", text: str = "") -> Inquiry:
    """Mark it for the leads until one of them takes a step on it. They are notified.

    `text` is the question, for those who open the request: no mail holds it.
    """
    inquiry = transitions.start_transition(inquiry, Step.ASK_LEAD, version=version, by=by)
    inquiry.lead_asked_at = timezone.now()
    leads = availability.leads_to_notify()
    staff_notices.queue_notice(Notice.Kind.LEAD_ASKED, inquiry, leads, by=by)
    return save_and_record(inquiry, Event.Kind.LEAD_ASKED, by=by, note=text)
