"""Mails that an accepting server sent back later: which mail it was, and what follows.

Mailbox, pipe, and webhook all end here. What the report says is not kept; a count of the day is.
"""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from inquiries.mail import patient_mail, return_addresses, staff_notices
from inquiries.mail.return_addresses import SentMail, Unmatched
from inquiries.models import BounceCount, BounceReason, Delivery, Notice

logger = logging.getLogger(__name__)

Result = BounceCount.Result
#: Counts of earlier days are deleted.
COUNTS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Bounce:
    """What one report says, whoever sent it."""

    #: Where our return address may be. Only one that we made counts.
    texts: tuple[str, ...]
    #: FAILED, DELAYED, AUTO_REPLY, OTHER, or UNREADABLE.
    result: BounceCount.Result
    reason: BounceReason = BounceReason.NOT_SAID


@transaction.atomic
def take_bounce(bounce: Bounce) -> BounceCount.Result:
    """Fail the mail that came back, and count the report. The same bounce twice fails it once."""
    result = _apply(bounce)
    _count(result)
    logger.info("a bounce was read", extra={"kind": result.value})
    return result


def _apply(bounce: Bounce) -> BounceCount.Result:
    try:
        mail = return_addresses.find_mail(bounce.texts)
    except Unmatched as unmatched:
        return bounce.result if bounce.result == Result.UNREADABLE else unmatched.result
    if bounce.result != Result.FAILED:
        return bounce.result
    return _fail_notices(mail, bounce) if mail.is_notice else _fail_delivery(mail, bounce)


def _fail_delivery(mail: SentMail, bounce: Bounce) -> BounceCount.Result:
    delivery = Delivery.objects.filter(pk=mail.first).first()
    if delivery is None:
        return Result.GONE
    has_failed = patient_mail.handle_bounce(delivery, bounce.reason, inbox=mail.inbox)
    return Result.FAILED if has_failed else Result.REPEATED


def _fail_notices(mail: SentMail, bounce: Bounce) -> BounceCount.Result:
    first = Notice.objects.select_related("user").filter(pk=mail.first).first()
    if first is None:
        return Result.GONE
    if return_addresses.mark_inbox(first.user.email) != mail.inbox:
        return Result.OUTDATED
    rows = Notice.objects.filter(user=first.user, pk__range=(mail.first, mail.last))
    return Result.FAILED if staff_notices.fail_bounced(rows, bounce.reason) else Result.REPEATED


# --- Why it came back -----------------------------------------------------------------------------

#: Enhanced status codes (RFC 3463) without their class, from the IANA registry.
_BY_STATUS = {
    BounceReason.NO_ADDRESS: re.compile(r"1\.(?:[0-3]|6|10)|2\.1|4\.4"),
    BounceReason.FULL: re.compile(r"2\.2"),
    BounceReason.BLOCKED: re.compile(r"7\.\d{1,3}"),
}
#: For servers that give no status, or a general one: words of their reports, in this order.
_BY_WORDS = {
    BounceReason.FULL: r"over ?quota|quota exceeded|(?:mail|in)box (?:is )?full|full mailbox",
    BounceReason.NO_ADDRESS: (
        r"(?:user|address|recipient|mailbox|account)s? (?:is |was )?(?:unknown|not found|disabled|"
        r"unavailable|does(?:n[’']t| not) exist|inactive)|(?:no such|unknown|invalid) (?:user|"
        r"address|recipient|mailbox)|doesn[’']t have an? |couldn[’']t be found|NXDOMAIN|"
        r"unrouteable|recipient address rejected"
    ),
    BounceReason.BLOCKED: (
        r"block(?:ed|list)|blacklist|spam|reputation|policy|\bDMARC\b|\bDKIM\b|\bSPF\b"
    ),
}
_WORDS = {reason: re.compile(pattern, re.IGNORECASE) for reason, pattern in _BY_WORDS.items()}


def classify(status: str, text: str) -> BounceReason:
    """Return why, from an enhanced status code such as 5.1.1, and what else the report says."""
    detail = status.partition(".")[2]
    for reason, pattern in _BY_STATUS.items():
        if pattern.fullmatch(detail):
            return reason
    return next(
        (reason for reason, pattern in _WORDS.items() if pattern.search(text)),
        BounceReason.NOT_SAID,
    )


# --- Counts ---------------------------------------------------------------------------------------


def _count(result: BounceCount.Result) -> None:
    today = datetime.now(UTC).date()
    row, _ = BounceCount.objects.get_or_create(day=today, result=result)
    BounceCount.objects.filter(pk=row.pk).update(count=F("count") + 1)


def count_recent(days: int) -> dict[str, int]:
    """Return how many reports were read in the last days, by result."""
    since = datetime.now(UTC).date() - timedelta(days=days)
    rows = BounceCount.objects.filter(day__gte=since).values_list("result")
    return dict(rows.annotate(Sum("count")))


def forget_old_counts() -> None:
    BounceCount.objects.filter(day__lt=datetime.now(UTC).date() - COUNTS_KEPT).delete()
