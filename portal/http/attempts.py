"""Attempts that must never go uncounted: at accounts, and at anything that a guess could open.

The database counts each attempt in one step, before anything is compared, so that simultaneous
attempts are all counted. What cannot be counted is refused.
"""

import math
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import AttemptCount


class SignInUnavailable(Exception):
    """Nobody can try now. `wait`: seconds before another try; `is_busy`: many others are trying.

    Nothing is wrong with what was typed, and none of it was looked at.
    """

    def __init__(self, wait: int, *, is_busy: bool = False) -> None:
        super().__init__("busy" if is_busy else "not counted")
        self.wait = wait
        self.is_busy = is_busy


#: Seconds before it is worth trying again when the database could not count.
_UNCOUNTED_SECONDS = 30


def count_attempt(subject: str, *, most: int, seconds: int) -> int:
    """Count an attempt; return how many seconds to wait for the next, 0 if this one is allowed.

    A count begins with its first attempt and ends `seconds` later; refused attempts don't count.
    Raise SignInUnavailable where the database cannot count.
    """
    row = AttemptCount.objects.filter(key=_key(subject))
    now = timezone.now()
    try:
        if _count(row, now, most, seconds):
            return 0
        # Start with a count that has ended for everyone. To a request that read the clock before
        # us, one that ends now would still be running, and what it added there would be lost.
        new = AttemptCount(key=_key(subject), ends_at=now - timedelta(seconds=seconds))
        AttemptCount.objects.bulk_create([new], ignore_conflicts=True)
        if _count(row, now, most, seconds):
            return 0
        ends_at = row.values_list("ends_at", flat=True).first() or now
    except Error as error:
        raise SignInUnavailable(_UNCOUNTED_SECONDS) from error
    return max(1, math.ceil((ends_at - now).total_seconds()))


def _count(row: QuerySet[AttemptCount], now: datetime, most: int, seconds: int) -> bool:
    runs = Q(ends_at__gt=now)
    return bool(
        row.filter(Q(count__lt=most) | ~runs).update(
            count=Case(When(runs, then=F("count") + 1), default=1),
            ends_at=Case(When(runs, then=F("ends_at")), default=now + timedelta(seconds=seconds)),
        )
    )


def take_back(subject: str) -> None:
    """Uncount the last attempt, which succeeded."""
    AttemptCount.objects.filter(key=_key(subject), count__gt=0).update(count=F("count") - 1)


def forget(subject: str) -> None:
    """Clear all attempts so far."""
    AttemptCount.objects.filter(key=_key(subject)).delete()


def delete_ended_counts() -> int:
    return AttemptCount.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def _key(subject: str) -> str:
    return salted_hmac("portal.http.attempts", subject, algorithm="sha256").hexdigest()
