"""Notices to staff: that something wants somebody, by reference and link alone.

Each is made in the transaction of what it tells. Those of one person that wait together go out as
one mail, and what is not needed any more by then is dropped.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from inquiries.mail import outbox
from inquiries.models import Inquiry, Notice
from inquiries.states import SpamSignal, State
from inquiries.team import availability, permissions

if TYPE_CHECKING:
    from portal.models import User

Kind = Notice.Kind
#: After a mail the next of the same kind to the same person waits for so long and takes along what
#: comes meanwhile, or whoever floods us floods every inbox.
QUIET = timedelta(minutes=2)
#: What was settled longer ago is forgotten: what happened stands with the request.
RETENTION = timedelta(days=30)
#: Of what leads are told that concerns no single request, so seldom.
ALERT_QUIET = timedelta(hours=1)
#: Seconds between two looks, where no lead has an address.
_ALERT_TRIES = 60
ALERTS = (Kind.BURST, Kind.CROWD, Kind.BRAKE)
_SIGN_ALERTS = {SpamSignal.BURST: Kind.BURST, SpamSignal.CROWD: Kind.CROWD}
#: Nothing to who has given the request away since.
_OWNER_KINDS = {Kind.ASSIGNED, Kind.WROTE, Kind.DUE_SOON}


def queue_notice(
    kind: Kind, inquiry: Inquiry | None, users: "Iterable[User]", *, by: "User | None" = None
) -> None:
    """To be sent when the transaction is committed, to who has an address and did not do it
    themselves (`by`); of one kind that still waits there is one.
    """
    now = timezone.now()
    waiting = outbox.waiting_mails(Notice).filter(inquiry=inquiry, kind=kind)
    told = set(waiting.values_list("user", flat=True))
    concerned = [user for user in users if user.email and user != by and user.pk not in told]
    if not concerned:
        return
    just_sent = Notice.objects.filter(
        user__in=concerned, kind=kind, state=Notice.State.SENT, settled_at__gt=now - QUIET
    )
    sent_at = dict(just_sent.order_by().values_list("user").annotate(Max("settled_at")))
    Notice.objects.bulk_create(
        Notice(
            user=user,
            kind=kind,
            inquiry=inquiry,
            made_at=now,
            due_at=sent_at[user.pk] + QUIET if user.pk in sent_at else now,
        )
        for user in concerned
    )


def notify_owner(inquiry: Inquiry, kind: Kind = Kind.WROTE, *, by: "User | None" = None) -> None:
    """What others did with their request. What nobody owns shows in the queue."""
    if inquiry.owner:
        queue_notice(kind, inquiry, [inquiry.owner], by=by)


def notify_if_urgent(inquiry: Inquiry, *, by: "User | None" = None) -> None:
    """Words that may mean danger have come: everybody who is here may be the one who is quick, or
    who is away, where nobody is here.

    Of what is held for a machine's nobody is told before it has left quarantine.
    """
    if inquiry.urgent and inquiry.state != State.QUARANTINED:
        queue_notice(Kind.URGENT, inquiry, availability.coordinators_to_notify(), by=by)


def alert_leads_of(inquiry: Inquiry) -> None:
    """A request that has just come is one of a burst, or of a crowd."""
    for sign, kind in _SIGN_ALERTS.items():
        if sign in inquiry.suspicion.split(","):
            alert_leads(kind)


def alert_leads(kind: Kind) -> None:
    """Of something that is no single request's; not again while it goes on, within ALERT_QUIET."""
    # Who asks at that moment does not wait while each looks for the leads.
    if not cache.add(f"alert:{kind}", 1, _ALERT_TRIES):
        return
    if not Notice.objects.filter(
        kind=kind, inquiry=None, made_at__gt=timezone.now() - ALERT_QUIET
    ).exists():
        queue_notice(kind, None, availability.leads_to_notify())


def is_needed(notice: Notice) -> bool:
    """Whether there is still somebody to tell, and something to tell them."""
    user, inquiry = notice.user, notice.inquiry
    if not (user.is_active and user.email and user.has_perm(permissions.TRIAGE)):
        return False
    if inquiry is None:
        return True
    if notice.kind == Kind.CRISIS:  # tells what has happened, and not what is to be done
        return inquiry.state != State.ERASED
    if inquiry.state in {State.CLOSED, State.ERASED}:
        return False
    if notice.kind == Kind.DUE_SOON and (owner := inquiry.owner) != user:
        # In the place of nobody, or as a lead in that of somebody whom no mail reaches.
        return owner is None or (not owner.email and user.has_perm(permissions.LEAD_TRIAGE))
    return notice.kind not in _OWNER_KINDS or inquiry.owner_id == user.pk


def delete_old_notices() -> None:
    """Whatever was settled longer ago than RETENTION."""
    Notice.objects.filter(settled_at__lt=timezone.now() - RETENTION).delete()


# --- The worker's part ----------------------------------------------------------------------------


def claim_batch() -> list[Notice]:
    """All that are due of the one whose waits longest, ours for outbox.LEASE; of two workers, one
    has them. With their request and user, and no word that was written.
    """
    if not outbox.due_mails(Notice).exists():  # or SQLite would begin to write every second
        return []
    with transaction.atomic():
        first = outbox.claim_next(Notice)
        if first is None:
            return []
        # Whoever else looks for the next finds the first taken, and waits until all of them are.
        rest = outbox.due_mails(Notice).filter(user=first.user_id).select_for_update()
        taken = [notice.pk for notice in rest]
        Notice.objects.filter(pk__in=taken).update(
            attempts=F("attempts") + 1, due_at=timezone.now() + outbox.LEASE
        )
    return list(
        Notice.objects.filter(pk__in=[first.pk, *taken])
        .select_related("user", "inquiry__owner")
        .only(
            *("kind", "state", "attempts", "made_at", "due_at", "user"),
            *(f"inquiry__{name}" for name in ("reference", "state", "owner__email", "due_at")),
        )
        .order_by("id")
    )


def settle_notices(told: Iterable[Notice], state: Notice.State) -> None:
    for notice in told:
        outbox.settle_mail(notice, state)


def handle_failure(told: Iterable[Notice], failure: str, *, is_permanent: bool = False) -> None:
    """Later again; or never, and then `health` says so for a day."""
    for notice in told:
        outbox.retry_or_fail(notice, failure, is_permanent=is_permanent)
