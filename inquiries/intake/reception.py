"""How a request comes in: once, whatever the network, the browser, or the sender's thumb does."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from inquiries import journal, submission_history
from inquiries.danger import phrases
from inquiries.deadlines.service_levels import deadline_for
from inquiries.intake import bursts, corrections, proof, spam_signals
from inquiries.intake.arrival import Arrival, Correction
from inquiries.ledger import events, transitions
from inquiries.ledger.bindings import Written
from inquiries.mail import patient_mail, staff_notices
from inquiries.models import (
    Clock,
    DataKey,
    Delivery,
    Event,
    IndexEntry,
    Inquiry,
    Origin,
)
from inquiries.models.insertion import insert_rows
from inquiries.reference import digest_key, reference_for
from inquiries.search import lookup
from inquiries.states import Proof, SpamSignal, State, suggested_urgency
from inquiries.submission import Submission, prose_of

if TYPE_CHECKING:
    from portal.models import User

_ATTEMPTS = 5


def receive_inquiry(submission: Submission, arrival: Arrival) -> Inquiry:
    """Store a request, or find it if the form with this idempotency key came before.

    The same text again changes nothing, however old the key is. Changed text under the same key
    is kept as an addition, and reopens a closed request: see `correct_inquiry`, also for how the
    sender is proven.
    """
    key, by = arrival.key, arrival.by
    for attempt in range(_ATTEMPTS):
        told = arrival.reference if attempt == 0 else ""
        reference = told or reference_for(key, attempt)
        at = arrival.at or timezone.now()
        try:
            return _store_inquiry(submission, arrival, reference, at)
        except IntegrityError:
            known = Inquiry.objects.filter(key_digest=digest_key(key)).first()
            if known:
                # If it was erased at this moment, this is a new request.
                with suppress(transitions.StepRefused):
                    sender = arrival.sender
                    shown = Proof.COLLEAGUE if by else proof.sender_proof(sender, known)
                    return corrections.correct_inquiry(
                        known,
                        submission,
                        Correction(
                            proven=shown,
                            ticket=sender.ticket,
                            by=by,
                            signals=arrival.signals,
                            at=at,
                        ),
                    )
            elif not Inquiry.objects.filter(reference=reference).exists():
                raise
            # Another request happens to have this reference, so try the next one.
    raise RuntimeError(f"{_ATTEMPTS} references in a row were taken.")


@transaction.atomic
def _store_inquiry(
    submission: Submission, arrival: Arrival, reference: str, at: datetime
) -> Inquiry:
    """Write a new request in one transaction, and as much as possible in one round trip.

    Raise IntegrityError if another request has the same form key or reference.
    """
    sender, by = arrival.sender, arrival.by
    inquiry, origin = _build_inquiry(submission, arrival, reference, at)
    inquiry.revision = arrival.article.revision_read(arrival.revision) if arrival.article else None
    inquiry.page_code = arrival.page_code or proof.derive_page_code(sender.ticket)
    data_key = DataKey.new_for(inquiry)
    entries = lookup.index_digests(inquiry)
    detail = {
        "channel": str(arrival.channel),
        "proof": str(Proof.COLLEAGUE if by else Proof.NONE),
        "ticket": proof.digest_ticket(sender.ticket),
        "state": inquiry.state,
        "urgent": inquiry.urgent,
        "suspicion": inquiry.suspicion,
    }
    opening = events.open_chain(
        inquiry,
        by=by,
        wrote=Written(entries=entries),
        **{name: said for name, said in detail.items() if said},
    )
    if origin:
        origin.inquiry = inquiry
    mail = patient_mail.first_mail(inquiry)
    insert_rows(
        [
            *(inquiry, data_key, *opening),
            *(IndexEntry(inquiry_id=inquiry.pk, digest=digest) for digest in entries),
            *filter(None, (origin, mail)),
        ]
    )
    inquiry.is_just_stored = True
    record = partial(journal.record_request, reference, mark=inquiry.chain_head)
    transaction.on_commit(record)  # on disk before the sender is told
    staff_notices.notify_if_urgent(inquiry, by=by)
    staff_notices.alert_leads_of(inquiry)
    return inquiry


def _build_inquiry(
    submission: Submission, arrival: Arrival, reference: str, at: datetime
) -> tuple[Inquiry, Origin | None]:
    urgent = phrases.has_danger_words(prose_of(submission))
    origin = bursts.trace(submission.message, arrival, at=at, urgent=urgent)
    signals = arrival.signals | bursts.signs(origin)
    urgency = suggested_urgency(urgent=urgent)
    # If someone may be in danger, only the surest sign of a bot may delay the request.
    is_suspicious = spam_signals.is_suspicious(signals)
    waits = is_suspicious and (not urgent or SpamSignal.TRAP in signals)
    inquiry = Inquiry(
        **submission.inquiry_fields(),
        article=arrival.article,
        topic=arrival.topic,
        channel=arrival.channel,
        reference=reference,
        key_digest=digest_key(arrival.key),
        content_digest=submission.digest(),
        state=State.QUARANTINED if waits else State.NEW,
        urgent=urgent,
        urgency=urgency,
        suspicion=spam_signals.join_signals(signals),
        mails_held=is_suspicious,
        burst=origin.burst if origin else None,
        received_at=at,
        due_at=deadline_for(at, urgency, Clock.Kind.LOOK if waits else Clock.Kind.FIRST_ATTEMPT),
    )
    inquiry.plan_as_received()
    return inquiry, origin


def leave_quarantine(inquiry: Inquiry, *, by: "User | None", may_write: bool = True) -> Inquiry:
    """Move a request into the queue, with the deadline it would have had from the start.

    `inquiry` must be locked. `may_write`: emails go out from now on, first the one held back.
    """
    inquiry.state = State.NEW
    inquiry.mails_held, inquiry.burst = not may_write, None
    inquiry.save()
    events.record_event(inquiry, Event.Kind.CLEARED, by=by)
    staff_notices.notify_if_urgent(inquiry, by=by)
    mail_confirmation(inquiry)
    return inquiry


def release_mails(inquiry: Inquiry) -> None:
    """Send what was held back, because a colleague spoke with the patient. The caller saves."""
    if inquiry.mails_held:
        inquiry.mails_held = False
        mail_confirmation(inquiry)


def mail_confirmation(inquiry: Inquiry) -> None:
    """Email the confirmation to the current address, unless one has been sent."""
    kind = Delivery.Kind.ACKNOWLEDGEMENT
    if not inquiry.deliveries.filter(kind=kind).exists():
        patient_mail.queue_mail(inquiry, kind, submission_history.current_sending(inquiry))
