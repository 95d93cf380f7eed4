"""The outbox: mails to the senders of requests and to staff that wait until they are settled.

Each is created in the transaction of what it reports, so that neither exists without the other. The
worker takes one, sends it, and settles it. It retries failed mails later, and another worker takes
up what a killed worker had.
"""

from datetime import timedelta
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from inquiries.models import Outgoing, Restoration

#: Minutes until the next attempt, after the first, second … failure. Three and a half days in all,
#: so that mail survives a server outage over a long weekend.
BACK_OFF = (1, 5, 15, 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60, 36 * 60)
_LONGEST_WAIT = timedelta(minutes=max(BACK_OFF) + 60)
#: How long a mail belongs to the worker that took it.
LEASE = timedelta(minutes=5)

Mail = TypeVar("Mail", bound=Outgoing)


def waiting_mails(model: type[Mail]) -> QuerySet[Mail]:
    rows: QuerySet[Mail] = model._default_manager.filter(state=Outgoing.State.WAITING)
    return rows


def due_mails(model: type[Mail]) -> QuerySet[Mail]:
    """Mails that may be taken now, the longest-waiting first.

    No mail is put off for longer than BACK_OFF allows, so a due time beyond that came from a clock
    that was ahead; it counts as due. After a restore, mails are held: they may have been sent.
    """
    now = timezone.now()
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + _LONGEST_WAIT)
    is_held = Exists(Restoration.objects.holding(OuterRef("made_at")))
    return waiting_mails(model).filter(is_due).exclude(is_held).order_by("due_at", "id")


def held_mails(model: type[Mail]) -> QuerySet[Mail]:
    """Mails made before a restore that wait until a person releases them."""
    return waiting_mails(model).filter(Exists(Restoration.objects.holding(OuterRef("made_at"))))


def claim_next(model: type[Mail]) -> Mail | None:
    """Claim the next due mail for LEASE. If two workers race for it, only one gets it."""
    while True:
        mail = due_mails(model).first()
        if mail is None:
            return None
        # Only if unchanged since it was read; otherwise another worker has it.
        if (
            waiting_mails(model)
            .filter(pk=mail.pk, attempts=mail.attempts)
            .update(attempts=F("attempts") + 1, due_at=timezone.now() + LEASE)
        ):
            mail.attempts += 1
            return mail


def settle_mail(mail: Outgoing, state: Outgoing.State) -> None:
    """Settle a mail; it is not tried again."""
    _update(mail, state=state, settled_at=timezone.now(), failure="")


def retry_or_fail(mail: Outgoing, failure: str, *, is_permanent: bool = False) -> bool:
    """Schedule a retry, or give up. Return whether the mail has just failed for good."""
    if mail.attempts <= len(BACK_OFF) and not is_permanent:
        wait = timedelta(minutes=BACK_OFF[mail.attempts - 1])
        _update(mail, due_at=timezone.now() + wait, failure=failure)
        return False
    state = Outgoing.State.FAILED
    return _update(mail, state=state, settled_at=timezone.now(), failure=failure) > 0


def fail_bounced(rows: QuerySet[Mail], failure: str) -> int:
    """Fail mails that came back, and return how many; those that had failed before stay as is.

    One may still be waiting: the bounce was quicker than we were, or the connection had broken.
    """
    is_out = Q(state=Outgoing.State.SENT) | Q(state=Outgoing.State.WAITING, attempts__gt=0)
    now = timezone.now()
    return rows.filter(is_out).update(state=Outgoing.State.FAILED, settled_at=now, failure=failure)


def _update(mail: Outgoing, **changes: object) -> int:
    return waiting_mails(type(mail)).filter(pk=mail.pk).update(**changes)
