"""Forms sent again with changed text: how they are kept, and which of them count."""

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
from inquiries.submission import Submission, prose_of

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def correct_inquiry(inquiry: Inquiry, submission: Submission, correction: Correction) -> Inquiry:
    """Keep what was sent now beside what was sent before, and reopen a closed request.

    The same text again changes nothing. If it is proven who sent it, it counts from now on: for how
    to reach the patient, and where emails and links go. If not, none of that changes, and a clock
    makes sure that someone looks at it. Raise StepRefused if the request was erased.
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
        proven = Proof.NONE  # a bot may be using a person's browser
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
    new = prose_of(submission, unlike=before)
    if submission.message != before.message or phrases.has_danger_words(new):
        detail |= {"asks": True, **mark_awaiting_answer(inquiry, new, timezone.now())}
    mailing = Mailing(keep_link=correction.keep_link, is_late=is_late)
    add_submission(inquiry, submission, proven=proven, by=by, mailing=mailing, **detail)
    if "urgent" in detail:
        staff_notices.notify_if_urgent(inquiry, by=by)
    if is_late:  # what was said since still counts
        inquiry = transitions.lock_inquiry(inquiry)
        add_submission(inquiry, before, proven=proven, by=by, mailing=mailing)
    transitions.reactivate_inquiry(inquiry)
    staff_notices.notify_owner(inquiry, by=by)
    return inquiry


@dataclass(frozen=True)
class Mailing:
    """What may be emailed because of a correction."""

    #: The link the sender used: it keeps working, whatever address it was mailed to.
    keep_link: AccessLink | None = None
    #: It came too late to count, or restores what counted before: nothing is sent.
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
    """Record a submission beside the earlier ones. The row must be locked; it is saved here."""
    last, is_proven = submission_history.last_addition(inquiry), proven != Proof.NONE
    before = submission_history.current_submission(inquiry)
    inquiry.added_at = timezone.now()
    inquiry.save()  # the new version tells whoever has it open that they have not seen it all
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
    """End links that were mailed to an address that no longer counts."""
    if mailing.is_late or after.email == before.email:
        return []
    mailed = private_links.live_links(inquiry).filter(mailed=True)
    if mailing.keep_link:
        mailed = mailed.exclude(pk=mailing.keep_link.pk)
    return private_links.end_links(mailed)


def _mail_of_change(
    inquiry: Inquiry, before: Submission, old: Event, addition: Addition, mailing: Mailing
) -> None:
    """After a proven sender's change, email the new address and notify the previous one, which came
    with the event `old`. Send nothing if it may be from a bot.
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
    """Return whether only a doubt about the address kept a link from being mailed."""
    is_answered = addition.submission.email_checked and not before.email_checked
    return is_answered and private_links.may_mail_link(inquiry, addition.sending)


def confirm_email(inquiry: Inquiry, *, proven: Proof) -> Inquiry:
    """Record the sender's word that an address that looks mistyped is right: links may go there."""
    return correct_inquiry(
        inquiry,
        replace(submission_history.current_submission(inquiry), email_checked=True),
        Correction(proven=proven),
    )


def mark_awaiting_answer(inquiry: Inquiry, words: str, now: datetime) -> dict[str, bool]:
    """Mark the sender's new text as waiting for an answer. The caller saves.

    Return its details for the event: whether it may mean danger. If so, it counts as urgent until
    someone has judged it, whatever was judged before.
    """
    inquiry.wrote_at = now
    if not phrases.has_danger_words(words):
        return {}
    inquiry.urgent, inquiry.is_graded = True, False
    inquiry.urgency = Urgency.URGENT
    return {"urgent": True}
