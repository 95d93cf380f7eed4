"""Wrong details at the door of a private page: counted for the whole request, whatever the link.

Browsers that opened the page before are counted apart, so that strangers who guess do not shut out
the sender. After MOST_EVER the links end, and the sender is told.
"""

import math
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone

from inquiries import private_links, submission_history
from inquiries.ledger import events, transitions
from inquiries.ledger.bindings import Written
from inquiries.mail import patient_mail, staff_notices
from inquiries.models import Delivery, Event, GuessCount, Inquiry

#: So many tries within so many seconds. For all four-digit numbers that would take 500 days …
LIMITS = ((5, 15 * 60), (20, 24 * 60 * 60))
#: … so after this many in all the links end: who guesses has found a four-digit number by then in
#: three of a thousand cases.
MAX_GUESSES = 30
#: Where each limit is counted, with when that count began.
_LIMITED_COUNTS = dict(zip(("recent", "today"), LIMITS, strict=True))


def count_guess(inquiry: Inquiry, *, is_known: bool) -> int:
    """Count a try; how long until there may be another, 0 where this one is allowed.

    Counted by the database in one step and before the detail is compared: of tries made at once,
    all are counted.
    """
    GuessCount.objects.bulk_create(
        [GuessCount(inquiry=inquiry, is_known=is_known)], ignore_conflicts=True
    )
    now = timezone.now()
    row = GuessCount.objects.filter(inquiry=inquiry, is_known=is_known)
    is_left, counted = Q(ever__lt=MAX_GUESSES), dict[str, Any](ever=F("ever") + 1)
    for name, (most, seconds) in _LIMITED_COUNTS.items():
        since = f"{name}_since"
        runs = Q(**{f"{since}__gt": now - timedelta(seconds=seconds)})
        is_left &= Q(**{f"{name}__lt": most}) | ~runs
        counted[name] = Case(When(runs, then=F(name) + 1), default=1)
        counted[since] = Case(When(runs, then=F(since)), default=now)
    if row.filter(is_left).update(**counted):
        return 0
    note_failure(inquiry, is_known=is_known)  # where the last of all could not end the links
    return max([1, *(_seconds_left(each, now) for each in row)])


def _seconds_left(row: GuessCount, now: datetime) -> int:
    """Until all counts that are full begin anew."""
    ends = [
        getattr(row, f"{name}_since") + timedelta(seconds=seconds)
        for name, (most, seconds) in _LIMITED_COUNTS.items()
        if getattr(row, name) >= most
    ]
    return math.ceil((max(ends, default=now) - now).total_seconds())


def note_success(inquiry: Inquiry, *, is_known: bool) -> None:
    """The last try was no guess, and what was mistyped before it in that time does not count.

    The count of all stays: who guesses must not gain by the sender's coming by.
    """
    none = dict.fromkeys(_LIMITED_COUNTS, 0) | {f"{name}_since": None for name in _LIMITED_COUNTS}
    row = GuessCount.objects.filter(inquiry=inquiry, is_known=is_known, ever__gt=0)
    row.update(**none, ever=F("ever") - 1)


def note_failure(inquiry: Inquiry, *, is_known: bool) -> None:
    """Where too many were wrong in all, the links end."""
    if GuessCount.objects.filter(
        inquiry=inquiry, is_known=is_known, ever__gte=MAX_GUESSES
    ).exists():
        _end_links(inquiry)


@transaction.atomic
def _end_links(inquiry: Inquiry) -> None:
    """No link opens the page until the sender or a colleague asks for a new one.

    The sender is told by mail; where no mail may go, a coordinator has to tell them, by a clock.
    """
    # Of several who see that it is enough, one ends them.
    if not GuessCount.objects.filter(inquiry=inquiry, ever__gte=MAX_GUESSES).delete()[0]:
        return
    inquiry = transitions.lock_inquiry(inquiry)
    ended = private_links.end_links(private_links.live_links(inquiry))
    mail = patient_mail.queue_mail(
        inquiry, Delivery.Kind.ENDED, submission_history.current_sending(inquiry)
    )
    asks = mail is None and inquiry.is_open
    if asks:
        inquiry.wrote_at = timezone.now()
    inquiry.save()
    events.record_event(
        inquiry, Event.Kind.LINKS_ENDED, by=None, wrote=Written(ended=ended), asks=asks
    )
    if asks:
        transitions.reactivate_inquiry(inquiry)
        staff_notices.notify_owner(inquiry)
