"""Wrong details on a private page, counted for the whole request, whichever link was used.

Browsers that opened the page before are counted separately, so that strangers who guess do not
lock the sender out. After MAX_GUESSES the links end, and the sender is told.
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

#: Pairs of (tries, seconds). At this rate, trying all four-digit numbers would take 500 days …
LIMITS = ((5, 15 * 60), (20, 24 * 60 * 60))
#: … and after this many in total the links end: by then, someone guessing a four-digit number has
#: a 3 in 1,000 chance of having found it.
MAX_GUESSES = 30
#: The fields that count toward each limit; each has a field for when its count began.
_LIMITED_COUNTS = dict(zip(("recent", "today"), LIMITS, strict=True))


def count_guess(inquiry: Inquiry, *, is_known: bool) -> int:
    """Count a try. Return the seconds until another is allowed, or 0 if this one is allowed.

    The database counts it in a single step, before the detail is compared, so that all concurrent
    tries are counted.
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
    note_failure(inquiry, is_known=is_known)  # in case the last allowed try could not end the links
    return max([1, *(_seconds_left(each, now) for each in row)])


def _seconds_left(row: GuessCount, now: datetime) -> int:
    """Return the seconds until every full count starts over."""
    ends = [
        getattr(row, f"{name}_since") + timedelta(seconds=seconds)
        for name, (most, seconds) in _LIMITED_COUNTS.items()
        if getattr(row, name) >= most
    ]
    return math.ceil((max(ends, default=now) - now).total_seconds())


def note_success(inquiry: Inquiry, *, is_known: bool) -> None:
    """Take back the last try, which was correct, and clear the counts of recent mistakes.

    The total otherwise stays, so that a guesser does not gain from the sender's visits.
    """
    none = dict.fromkeys(_LIMITED_COUNTS, 0) | {f"{name}_since": None for name in _LIMITED_COUNTS}
    row = GuessCount.objects.filter(inquiry=inquiry, is_known=is_known, ever__gt=0)
    row.update(**none, ever=F("ever") - 1)


def note_failure(inquiry: Inquiry, *, is_known: bool) -> None:
    """End the links if there were too many wrong tries in total."""
    if GuessCount.objects.filter(
        inquiry=inquiry, is_known=is_known, ever__gte=MAX_GUESSES
    ).exists():
        _end_links(inquiry)


@transaction.atomic
def _end_links(inquiry: Inquiry) -> None:
    """End all links until the sender or a colleague asks for a new one.

    The sender is told by mail. If we may not mail them, a coordinator has to tell them, and a
    deadline runs for that.
    """
    # If several processes see that the limit is reached, only one ends the links.
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
