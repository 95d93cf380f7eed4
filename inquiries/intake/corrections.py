"""What is sent again with other words: kept beside the first, and what of it counts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.danger import phrases
from inquiries.intake import proof, spam_signals
from inquiries.intake.arrival import Correction
from inquiries.ledger import events, transitions
from inquiries.ledger.bindings import Written
from inquiries.mail import patient_mail, staff_notices
from inquiries.models import (
    AccessLink,
    Addition,
    Delivery,
    Event,
    Inquiry,
)
from inquiries.search import lookup
from inquiries.states import Proof, Urgency
from inquiries.submission import Submission

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def correct_inquiry(inquiry: Inquiry, submission: Submission, correction: Correction) -> Inquiry:
    """Keep what was sent now beside what was sent before, and open a closed request again.

    The same words again change nothing. Where it is proven who sent them, they count from now on:
    how to reach the patient, where mails and links go. Where it is not, nothing of that changes,
    and somebody has to look, by a clock. Raise StepRefused where the request was erased.
    """
    proven, ticket, at, by = correction.proven, correction.ticket, correction.at, correction.by
    inquiry = transitions.lock_inquiry(inquiry)
    last = submission_history.last_addition(inquiry)
    before, said_at = (
        submission_history.current_submission(inquiry),
        (last.event.at if last else inquiry.received_at),
    )
    if before.email_checked and submission.email == before.email:
        submission = replace(submission, email_checked=True)
    if by is None and spam_signals.is_suspicious(correction.signals):
        proven = Proof.NONE  # a machine may sit in the browser of a person
    known = {before.digest()}
    if proven == Proof.NONE:
        known |= submission_history.unsettled_digests(inquiry)
    if submission.digest() in known or proof.is_ticket_recorded(inquiry, ticket):
        inquiry.version -= 1
        return inquiry
    detail: dict[str, Any] = {"ticket": proof.digest_ticket(ticket)} if ticket else {}
    is_late = at is not None and at < said_at and proven != Proof.NONE
    is_told = is_late or by is not None or patient_mail.may_notify_of_change(before, submission)
    if proven != Proof.NONE and not is_told:
        detail |= {"asks": True, "untold": True}
    if proven == Proof.NONE or not is_told:
        inquiry.wrote_at = timezone.now()
    if submission.message != before.message:
        detail |= {
            "asks": True,
            **mark_awaiting_answer(inquiry, submission.message, timezone.now()),
        }
    mailing = Mailing(keep_link=correction.keep_link, is_late=is_late)
    add_submission(inquiry, submission, proven=proven, by=by, mailing=mailing, **detail)
    if "urgent" in detail:
        staff_notices.notify_if_urgent(inquiry, by=by)
    if is_late:  # what was said since goes on to count
        inquiry = transitions.lock_inquiry(inquiry)
        add_submission(inquiry, before, proven=proven, by=by, mailing=mailing)
    transitions.reactivate_inquiry(inquiry)
    staff_notices.notify_owner(inquiry, by=by)
    return inquiry


@dataclass(frozen=True)
class Mailing:
    """What may go out with a correction."""

    #: The link by which the sender came: it goes on, whatever address it was mailed to.
    keep_link: AccessLink | None = None
    #: It came too late to count, or is what counted before: nothing goes out.
    is_late: bool = False


def add_submission(
    inquiry: Inquiry,
    submission: Submission,
    *,
    proven: Proof,
    by: "User | None",
    mailing: Mailing = Mailing(),
    **detail: Any,
) -> None:
    """Put a sending on record beside those before. The row is held, and is saved here."""
    last, is_proven = submission_history.last_addition(inquiry), proven != Proof.NONE
    before = submission_history.current_submission(inquiry)
    inquiry.added_at = timezone.now()
    inquiry.save()  # whoever has it open learns by its version that they have not seen everything
    kind = Event.Kind.ADDED if is_proven else Event.Kind.UNPROVEN
    addition = Addition(content_digest=submission.digest(), written=submission.as_json())
    entries_met, entries = lookup.index_sending(inquiry, addition.sending)
    wrote = Written(
        words=addition,
        entries=entries,
        entries_met=entries_met,
        ended=_end_links_to_former(inquiry, before, submission, mailing) if is_proven else (),
    )
    events.record_event(inquiry, kind, by=by, wrote=wrote, proof=str(proven), **detail)
    if is_proven:
        old = last.event if last else inquiry.events.get(kind=Event.Kind.RECEIVED)
        _mail_of_change(inquiry, before, old, addition, mailing)


def _end_links_to_former(
    inquiry: Inquiry, before: Submission, after: Submission, mailing: Mailing
) -> list[int]:
    """Links that were mailed to an address that does not count any more open nothing."""
    if mailing.is_late or after.email == before.email:
        return []
    mailed = private_links.live_links(inquiry).filter(mailed=True)
    if mailing.keep_link:
        mailed = mailed.exclude(pk=mailing.keep_link.pk)
    return private_links.end_links(mailed)


def _mail_of_change(
    inquiry: Inquiry, before: Submission, old: Event, addition: Addition, mailing: Mailing
) -> None:
    """What goes out when the sender was proven: to the new address, and word to the one before,
    which came with the event `old`. Nothing where a machine may have sent it.
    """
    if mailing.is_late:
        return
    after, may_write = addition.submission, patient_mail.may_mail_by_itself(inquiry)
    if may_write and patient_mail.may_notify_of_change(before, after):
        patient_mail.notify_of_change(inquiry, before, after, sent_with=old)
    if after.email != before.email:
        if may_write:
            patient_mail.queue_mail(inquiry, Delivery.Kind.ACKNOWLEDGEMENT, addition.sending)
    elif may_write and _should_mail_link(inquiry, before, addition):
        patient_mail.queue_mail(inquiry, Delivery.Kind.LINK, addition.sending)


def _should_mail_link(inquiry: Inquiry, before: Submission, addition: Addition) -> bool:
    """Whether a doubt about the address stood against it, and nothing else does."""
    is_answered = addition.submission.email_checked and not before.email_checked
    return is_answered and private_links.may_mail_link(inquiry, addition.sending)


def confirm_email(inquiry: Inquiry, *, proven: Proof) -> Inquiry:
    """The sender says that the address is right, though it looks mistyped: links may go there."""
    return correct_inquiry(
        inquiry,
        replace(submission_history.current_submission(inquiry), email_checked=True),
        Correction(proven=proven),
    )


def mark_awaiting_answer(inquiry: Inquiry, words: str, now: datetime) -> dict[str, bool]:
    """New words of the sender wait for an answer. The caller saves.

    Return what its event says of them: whether they may mean danger. Then they count as urgent
    until somebody has judged them, whatever was judged before.
    """
    inquiry.wrote_at = now
    if not phrases.has_danger_words(words):
        return {}
    inquiry.urgent, inquiry.is_graded = True, False
    inquiry.urgency = Urgency.URGENT
    return {"urgent": True}
