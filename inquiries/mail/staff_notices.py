"""Notices to staff that something needs them; each holds only a reference and a link.

Each is created in the transaction of what it reports. Waiting notices for one person go out as
one mail, and any that are no longer needed by then are dropped.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from articles.models import Article
from inquiries.mail import outbox
from inquiries.models import BounceReason, Inquiry, Notice, Task
from inquiries.states import SpamSignal, State
from inquiries.team import availability, permissions

if TYPE_CHECKING:
    from portal.models import User

Kind = Notice.Kind
#: After a mail, the next of the same kind to the same person waits this long and includes what
#: comes in the meantime. Otherwise, someone who floods us would flood every inbox.
QUIET = timedelta(minutes=2)
#: Older settled notices are deleted: the request has a record of what happened.
RETENTION = timedelta(days=30)
#: Minimum time between two alerts of a kind to leads that concern no single request.
ALERT_QUIET = timedelta(hours=1)
#: Seconds between two checks, if no lead has an address.
_ALERT_TRIES = 60
ALERTS = (Kind.BURST, Kind.CROWD, Kind.BRAKE)
_SIGN_ALERTS = {SpamSignal.BURST: Kind.BURST, SpamSignal.CROWD: Kind.CROWD}
_TASK_KINDS = {Kind.TASK_GIVEN, Kind.TASK_DUE, Kind.TASK_OVERDUE}
#: Not sent to someone who has given the request away since.
_OWNER_KINDS = {Kind.ASSIGNED, Kind.WROTE, Kind.DUE_SOON}


def queue_article_notice(
    kind: str, article: Article, users: "Iterable[User]", *, by: "User | None" = None
) -> None:
    """Queue a notice about an article; see `articles.editing.notices`."""
    queue_notice(Kind(kind), None, users, article=article, by=by)


def queue_notice(
    kind: Kind,
    inquiry: Inquiry | None,
    users: "Iterable[User]",
    *,
    article: Article | None = None,
    by: "User | None" = None,
) -> None:
    """Queue a notice to go out on commit, for everyone who has an address.

    Whoever did it (`by`) is not notified. For each person and request or article, at most one
    notice of a kind waits.
    """
    now = timezone.now()
    waiting = outbox.waiting_mails(Notice).filter(inquiry=inquiry, article=article, kind=kind)
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
            article=article,
            made_at=now,
            due_at=sent_at[user.pk] + QUIET if user.pk in sent_at else now,
        )
        for user in concerned
    )


def notify_owner(inquiry: Inquiry, kind: Kind = Kind.WROTE, *, by: "User | None" = None) -> None:
    """Tell the owner what others did with their request. Unowned requests show in the queue.

    If the sender wrote on a duplicate, the owner of the request that it repeats is told as well.
    """
    if inquiry.owner:
        queue_notice(kind, inquiry, [inquiry.owner], by=by)
    if kind == Kind.WROTE and inquiry.duplicate_of:
        notify_owner(inquiry.duplicate_of, kind, by=by)


def notify_if_urgent(inquiry: Inquiry, *, by: "User | None" = None) -> None:
    """Notify staff of words that may mean danger: everyone here, since anyone may be the fastest.

    If no one is here, those who are away are notified. For a request held as possible spam, no one
    is notified until it leaves quarantine.
    """
    if inquiry.urgent and inquiry.state != State.QUARANTINED:
        queue_notice(Kind.URGENT, inquiry, availability.coordinators_to_notify(), by=by)


def alert_leads_of(inquiry: Inquiry) -> None:
    """Alert leads if a new request is part of a burst or a crowd."""
    for sign, kind in _SIGN_ALERTS.items():
        if sign in inquiry.suspicion.split(","):
            alert_leads(kind)


def alert_leads(kind: Kind) -> None:
    """Alert leads to something beyond a single request, at most once within ALERT_QUIET."""
    # Concurrent requests do not wait while each looks up the leads.
    if not cache.add(f"alert:{kind}", 1, _ALERT_TRIES):
        return
    if not Notice.objects.filter(
        kind=kind, inquiry=None, made_at__gt=timezone.now() - ALERT_QUIET
    ).exists():
        queue_notice(kind, None, availability.leads_to_notify())


def is_needed(notice: Notice) -> bool:
    """Whether there is still someone to notify, and a reason to."""
    if notice.kind in Notice.ABOUT_ACCOUNT:
        return _is_account_notice_needed(notice)
    user = notice.user
    if notice.article:
        from inquiries.mail import article_notices  # only who writes mails needs it

        return article_notices.is_needed(notice.kind, notice.article, user)
    is_colleague = user.is_active and user.email and user.has_perm(permissions.TRIAGE)
    return bool(is_colleague) and (
        notice.inquiry is None or _is_needed_for(notice, notice.inquiry, user)
    )


def _is_needed_for(notice: Notice, inquiry: Inquiry, user: "User") -> bool:
    if notice.kind == Kind.CRISIS:  # reports what happened, not what to do
        return inquiry.state != State.ERASED
    if notice.kind in _TASK_KINDS:  # tasks outlive the closing of a request
        return _has_task(user, inquiry)
    return inquiry.state not in {State.CLOSED, State.ERASED} and _concerns(notice, inquiry)


def _has_task(user: "User", inquiry: Inquiry) -> bool:
    """Whether a task of this request is still open that the person has, or leads look after."""
    is_lead = user.has_perm(permissions.LEAD_TRIAGE)
    rows = Task.objects.open() if is_lead else Task.objects.of(user)
    return rows.filter(inquiry=inquiry).exists()


def _concerns(notice: Notice, inquiry: Inquiry) -> bool:
    """Whether an open request is still of concern to the person who is to be told."""
    user = notice.user
    if notice.kind == Kind.LEAD_ASKED and inquiry.lead_asked_at is None:  # answered meanwhile
        return False
    if notice.kind == Kind.DUE_SOON and (owner := inquiry.owner) != user:
        # The request is unowned, or a lead stands in for an owner without an email address.
        return owner is None or (not owner.email and user.has_perm(permissions.LEAD_TRIAGE))
    return notice.kind not in _OWNER_KINDS or inquiry.owner_id == user.pk


def _is_account_notice_needed(notice: Notice) -> bool:
    """They hear of everything; a link to set a password only goes to someone who still has none."""
    user = notice.user
    waits_for_password = user.is_active and not user.has_usable_password()
    return bool(user.email) and (waits_for_password or notice.kind not in Notice.WITH_PASSWORD_LINK)


def delete_old_notices() -> None:
    """Delete notices that were settled longer ago than RETENTION."""
    Notice.objects.filter(settled_at__lt=timezone.now() - RETENTION).delete()


# --- The worker's part ----------------------------------------------------------------------------


def claim_batch() -> list[Notice]:
    """Claim all due notices of the person who has waited longest, for outbox.LEASE.

    If two workers race for them, only one gets them. Loads each notice's request and user, without
    anything the sender wrote.
    """
    if not outbox.due_mails(Notice).exists():  # otherwise SQLite would start a write every second
        return []
    with transaction.atomic():
        first = outbox.claim_next(Notice)
        if first is None:
            return []
        # Another worker finds the first one taken, and waits until all of them are.
        rest = outbox.due_mails(Notice).filter(user=first.user_id).select_for_update()
        taken = [notice.pk for notice in rest]
        Notice.objects.filter(pk__in=taken).update(
            attempts=F("attempts") + 1, due_at=timezone.now() + outbox.LEASE
        )
    return list(
        Notice.objects.filter(pk__in=[first.pk, *taken])
        .select_related("user", "inquiry__owner", "article")
        .only(
            *("kind", "state", "attempts", "made_at", "due_at", "user"),
            *(f"inquiry__{name}" for name in ("reference", "state", "owner__email", "due_at")),
            "inquiry__lead_asked_at",
            *(f"article__{name}" for name in ("state", "reviewer", "review_due_at")),
        )
        .order_by("id")
    )


def settle_notices(told: Iterable[Notice], state: Notice.State) -> None:
    for notice in told:
        outbox.settle_mail(notice, state)


def handle_failure(told: Iterable[Notice], failure: str, *, is_permanent: bool = False) -> None:
    """Retry later, or give up; then `health` reports it for a day."""
    for notice in told:
        outbox.retry_or_fail(notice, failure, is_permanent=is_permanent)


def fail_bounced(told: QuerySet[Notice], reason: BounceReason) -> bool:
    """Fail notices that came back, as if they had just been refused; leads see the account.

    Return whether any did.
    """
    return outbox.fail_bounced(told, reason) > 0


def last_state(user: Any) -> Any:
    """The state of the last settled notice to an account, as a subquery; failed: none arrives."""
    settled = (Notice.State.SENT, Notice.State.FAILED)
    rows = Notice.objects.filter(user=user, state__in=settled).order_by("-settled_at", "-pk")
    return rows.values("state")[:1]
