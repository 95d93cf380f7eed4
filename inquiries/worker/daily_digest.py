"""The morning digest: what the day brings, once per working day, to each available coordinator.

It contains only numbers, counted when the email is written.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import capped_counts
from inquiries.deadlines import service_levels
from inquiries.mail import staff_notices
from inquiries.models import Inquiry, InquiryQuerySet, Notice
from inquiries.states import Urgency
from inquiries.team import availability, permissions
from inquiries.triage import sweep
from inquiries.worker import words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.models import User

#: How long before the clinic opens the digest goes out, so that it is there when they start work.
EARLY = timedelta(hours=1)
#: The page of requests that nobody looks after, which is not a view of the queue.
LIMBO = "limbo"


@dataclass(frozen=True)
class DigestLine:
    label: str
    #: The number for display.
    count: str
    #: The view of the queue that lists them, or LIMBO.
    view: str


def queue_digests() -> int:
    """Queue a digest for everyone who has none from today yet, and return how many were queued.

    It does so from EARLY before the clinic opens until it closes, by the hours that apply to
    routine requests.
    """
    now = timezone.now()
    timetable = service_levels.level_for(Urgency.ROUTINE).timetable
    opens_at = timetable.opening(now)
    if opens_at is None or not opens_at - EARLY <= now < timetable.closing(now):
        return 0
    here = [user.pk for user in availability.available_coordinators() if user.email]
    today = _midnight(now)
    with transaction.atomic():
        # With two workers at once, the second waits here and finds what the first has queued. The
        # fixed order prevents a deadlock.
        rows = get_user_model().objects.filter(pk__in=here).order_by("pk")
        colleagues = list(rows.select_for_update(no_key=True))
        # A digest still unsent from yesterday counts too: it will show the numbers of when it is
        # sent.
        told = Notice.objects.filter(
            Q(made_at__gte=today) | Q(settled_at__gte=today) | Q(state=Notice.State.WAITING),
            kind=Notice.Kind.DIGEST,
            user__in=colleagues,
        )
        have_one = set(told.values_list("user", flat=True))
        missing = [user for user in colleagues if user.pk not in have_one]
        staff_notices.queue_notice(Notice.Kind.DIGEST, None, missing)
    return len(missing)


def digest_lines(user: "User") -> list[DigestLine]:
    """Return what waits for them, and, for leads, for anyone; empty if nothing does."""
    now = timezone.now()
    theirs = Inquiry.objects.claimed_by(user)
    rows: dict[tuple[StrOrPromise, str], InquiryQuerySet] = {
        (words.YOURS_OPEN, "mine"): theirs,
        (words.YOURS_OVERDUE, "mine"): theirs.overdue(now),
        (words.YOURS_DUE_TODAY, "mine"): theirs.due_between(now, _midnight(now, days=1)),
        (words.UNCLAIMED, "unclaimed"): Inquiry.objects.unclaimed(),
        (words.IN_QUARANTINE, "quarantine"): Inquiry.objects.quarantined(),
    }
    leads = user.has_perm(permissions.LEAD_TRIAGE)
    if leads:
        rows[words.ALL_OVERDUE, "overdue"] = Inquiry.objects.overdue(now)
    counted = capped_counts.count_rows(rows)
    found = [DigestLine(str(label), count, view) for (label, view), count in counted.items()]
    if leads:
        limbo = sweep.find_limbo()
        forgotten = capped_counts.format_count(len(limbo.orphaned) + len(limbo.asleep))
        found.append(DigestLine(str(words.FORGOTTEN), forgotten, LIMBO))
    return found if any(line.count != "0" for line in found) else []


def _midnight(now: datetime, *, days: int = 0) -> datetime:
    """Return the start of today on the clinic's clock, or of the day that many days later."""
    day = timezone.localdate(now) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time()))
