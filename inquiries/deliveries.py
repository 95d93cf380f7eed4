"""The outbox: mails to the senders of requests, each on record until it is settled.

A delivery is made in the transaction of what it tells, so that neither is there without the other.
The worker takes one, sends it, and settles it; what it could not send it tries again later, and
what a killed worker had is taken up by another.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inquiries import finding, ledger
from inquiries.models import ContactMethod, Delivery, Event, Inquiry
from inquiries.states import Outcome
from inquiries.submission import Submission

Kind = Delivery.Kind
#: Minutes until the next attempt, after the first, second … failure. Three and a half days in all:
#: longer than a mail server is down over a long weekend.
BACK_OFF = (1, 5, 15, 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60, 36 * 60)
#: For so long a delivery belongs to the worker that took it.
LEASE = timedelta(minutes=5)
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
    before = Delivery.objects.filter(inquiry=inquiry, kind=kind, state=Delivery.State.WAITING)
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


def take() -> Delivery | None:
    """The next that is due, ours for LEASE; of two workers, one has it."""
    now = timezone.now()
    while True:
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
        delivery = waiting.order_by("due_at", "id").first()
        if delivery is None:
            return None
        # As it was read: who changed it in between has it.
        if Delivery.objects.filter(
            pk=delivery.pk, state=Delivery.State.WAITING, attempts=delivery.attempts
        ).update(attempts=F("attempts") + 1, due_at=now + LEASE):
            delivery.attempts += 1
            return delivery


def settle(delivery: Delivery, state: Delivery.State) -> None:
    _update(delivery, state=state, settled_at=timezone.now(), failure="")


@transaction.atomic
def failed(delivery: Delivery, failure: str, *, for_good: bool = False) -> None:
    """Later again; or never, and then a person has to look: her request says so in the queue."""
    if delivery.attempts <= len(BACK_OFF) and not for_good:
        wait = timedelta(minutes=BACK_OFF[delivery.attempts - 1])
        _update(delivery, due_at=timezone.now() + wait, failure=failure)
        return
    now = timezone.now()
    if not _update(delivery, state=Delivery.State.FAILED, settled_at=now, failure=failure):
        return
    try:
        inquiry = ledger.hold(Inquiry.objects.get(pk=delivery.inquiry_id))
    except ledger.Refused:  # erased: there is nobody to tell about
        return
    if inquiry.outcome == Outcome.WITHDRAWN:  # nobody is to reach her, this way or another
        return
    inquiry.undelivered_at = now
    if delivery.kind == Kind.REPLY:
        inquiry.answered_at = None
    inquiry.save()
    ledger.record(inquiry, Event.Kind.UNDELIVERED, by=None, mail=delivery.kind, failure=failure)
    ledger.rouse(inquiry)


def _update(delivery: Delivery, **changes: object) -> int:
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    return waiting.update(**changes)
