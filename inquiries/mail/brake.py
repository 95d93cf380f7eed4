"""The overall rate limit on confirmations: those above it wait, and leads are notified."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from inquiries.mail import outbox, staff_notices
from inquiries.models import Delivery, Notice

_HOUR = timedelta(hours=1)
#: How long until waiting confirmations are checked again; the oldest go first.
PAUSE = timedelta(minutes=5)


def claim_next() -> Delivery | None:
    """Return the next mail that is due and may go; see `outbox.claim_next`."""
    _postpone_confirmations()
    return outbox.claim_next(Delivery)


def waiting_confirmations() -> QuerySet[Delivery]:
    """Confirmations that the rate limit has put off, without any that failed."""
    return _confirmations().filter(attempts=0, due_at__gt=F("made_at"))


def _confirmations() -> QuerySet[Delivery]:
    return outbox.waiting_mails(Delivery).filter(kind=Delivery.Kind.ACKNOWLEDGEMENT)


def _postpone_confirmations() -> None:
    """Put off due confirmations if enough went out in the last hour. Other mails are exempt."""
    now = timezone.now()
    due = _confirmations().filter(due_at__lte=now)
    if due.exists() and _is_full(now):
        with transaction.atomic():
            due.update(due_at=now + PAUSE)
            staff_notices.alert_leads(Notice.Kind.BRAKE)


def _is_full(now: datetime) -> bool:
    most: int = settings.CONFIRMATIONS_PER_HOUR
    sent = Delivery.objects.filter(
        kind=Delivery.Kind.ACKNOWLEDGEMENT,
        state=Delivery.State.SENT,
        settled_at__gt=now - _HOUR,
    )
    return len(sent.values("pk")[:most]) >= most
