"""Mails to the senders of requests: who gets one, and what becomes of a request whose mail failed.

How they wait and are tried again is `outbox`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inquiries import finding, ledger, outbox
from inquiries.models import ContactMethod, Delivery, Event, Inquiry
from inquiries.states import Outcome
from inquiries.submission import Submission

Kind = Delivery.Kind
#: To one address, so many confirmations a day at most: our form must not flood anybody's inbox.
MOST_CONFIRMATIONS = 5


def enqueue(inquiry: Inquiry, kind: Kind, sending: Inquiry | None = None) -> Delivery | None:
    """To be sent when the transaction is committed; None where she gets no mail from us.

    `sending` is what counts now of how to reach her, where that is not the request itself. One of
    the same kind that still waits is dropped for it.
    """
    sending = sending or inquiry
    if not may_write_to(sending):
        return None
    now = timezone.now()
    before = outbox.waiting(Delivery).filter(inquiry=inquiry, kind=kind)
    before.update(state=Delivery.State.DROPPED, settled_at=now)
    delivery = Delivery(inquiry=inquiry, kind=kind, made_at=now, due_at=now)
    if kind == Kind.ACKNOWLEDGEMENT and _is_flooded(inquiry, sending):
        delivery.state, delivery.settled_at = Delivery.State.DROPPED, now
        delivery.failure = "too many to one address"
    delivery.save(force_insert=True)
    return delivery


def may_write_to(sending: Inquiry | Submission) -> bool:
    """An address that others read too gets mail only where she chose it all the same."""
    chosen = sending.contact_method == ContactMethod.EMAIL
    return bool(sending.email) and (chosen or not sending.shared_email)


def _is_flooded(inquiry: Inquiry, sending: Inquiry) -> bool:
    """By this request or by others that name the address: what was made within a day counts."""
    since = timezone.now() - timedelta(days=1)
    made = Delivery.objects.filter(kind=Kind.ACKNOWLEDGEMENT, made_at__gt=since, failure="")
    named = finding.ids_by_email(sending.email)
    of_others = made.filter(inquiry__in=named).exclude(inquiry=inquiry)
    of_this = made.filter(inquiry=inquiry)
    return len(of_others.values_list("pk").union(of_this.values_list("pk"))) >= MOST_CONFIRMATIONS


# --- The worker's part ----------------------------------------------------------------------------


@transaction.atomic
def failed(delivery: Delivery, failure: str, *, for_good: bool = False) -> None:
    """Later again; or never, and then a person has to look: her request says so in the queue."""
    if not outbox.failed(delivery, failure, for_good=for_good):
        return
    try:
        inquiry = ledger.hold(Inquiry.objects.get(pk=delivery.inquiry_id))
    except ledger.Refused:  # erased: there is nobody to tell about
        return
    if inquiry.outcome == Outcome.WITHDRAWN:  # nobody is to reach her, this way or another
        return
    inquiry.undelivered_at = timezone.now()
    if delivery.kind == Kind.REPLY:
        inquiry.answered_at = None
    inquiry.save()
    ledger.record(inquiry, Event.Kind.UNDELIVERED, by=None, mail=delivery.kind, failure=failure)
    ledger.rouse(inquiry)
