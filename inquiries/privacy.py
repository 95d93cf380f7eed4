"""Privacy: erasing requests, keeping them no longer than we may, watching who reads them."""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from inquiries import wall_clock
from inquiries.ledger import audit_trail, transitions
from inquiries.ledger import events as ledger
from inquiries.ledger.transitions import StepRefused
from inquiries.models import (
    AccessLink,
    Addition,
    AuditEntry,
    DataKey,
    Delivery,
    Event,
    GuessCount,
    IndexEntry,
    Inquiry,
    Message,
    Note,
    Origin,
)
from inquiries.models.erasure import ERASED
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import OWNED, ErasureReason, State, Step

if TYPE_CHECKING:
    from portal.models import User

_BATCH = 200
#: Days. More lie before any calendar begins; as many as PORTAL_RETENTION_DAYS takes.
MAX_RETENTION_DAYS = 99_999
_DAYS_OF_A_YEAR = 365


# --- Erasure --------------------------------------------------------------------------------------


@transaction.atomic
def erase_inquiry(inquiry: Inquiry, *, reason: str, version: int, by: "User | None") -> Inquiry:
    """Destroy all that a request said, with the key that it was sealed under.

    What stays, so that nothing vanishes unnoticed: its reference, times, topic and outcome, the
    consent text that was agreed to, and its chain of events. The database refuses a request that
    says it is erased and still holds more. Raise StepRefused. `by` is None where retention does it.
    """
    inquiry = transitions.start_transition(inquiry, Step.ERASE, version=version, by=by)
    inquiry.erased_at = timezone.now()
    inquiry.said_answered = None
    for name, nothing in ERASED.items():
        setattr(inquiry, name, nothing)
    inquiry.save()
    Message.objects.filter(event__inquiry=inquiry).delete()
    AccessLink.objects.filter(inquiry=inquiry).delete()
    Delivery.objects.filter(inquiry=inquiry).update(address=b"")
    GuessCount.objects.filter(inquiry=inquiry).delete()
    Origin.objects.filter(inquiry=inquiry).delete()
    Note.objects.filter(event__inquiry=inquiry).delete()
    Addition.objects.filter(event__inquiry=inquiry).delete()
    IndexEntry.objects.filter(inquiry=inquiry).delete()
    DataKey.objects.filter(inquiry=inquiry).delete()
    ledger.record_event(inquiry, Event.Kind.ERASED, by=by, reason=reason)
    return inquiry


def retention_days(outcome: str) -> int | None:
    """How many days after its closing a request that ended so is kept, by settings.RETENTION_DAYS.

    None where the settings do not say, or say what makes no sense.
    """
    days = settings.RETENTION_DAYS.get(outcome)
    return days if type(days) is int and 0 < days <= MAX_RETENTION_DAYS else None


def kept_years() -> int:
    """Within so many years after its closing, each request is erased."""
    return math.ceil(max(settings.RETENTION_DAYS.values()) / _DAYS_OF_A_YEAR)


def outcomes_without_retention() -> list[str]:
    """Outcomes of which nothing is erased until the settings say when: what is gone is gone."""
    return [outcome for outcome in Outcome.values if retention_days(outcome) is None]


def due_for_erasure(outcome: str, now: datetime) -> QuerySet[Inquiry]:
    """Closed with this outcome longer ago than we may keep it; none where nobody said how long."""
    days = retention_days(outcome)
    if days is None:
        return Inquiry.objects.none()
    before = now - timedelta(days=days)
    return Inquiry.objects.filter(
        state=State.CLOSED, outcome=outcome, closed_at__lt=before
    ).order_by("closed_at", "id")


def purge_inquiries(
    *,
    by: "User | None" = None,
    believes_clock: bool = False,
    on_progress: Callable[[int], None] = lambda count: None,
) -> dict[str, int]:
    """Erase what was kept as long as we may; return how many of each outcome.

    Each erasure is a transaction of its own, so that it goes on where it was stopped. One that
    somebody reopens at this moment stays. So does what `outcomes_without_retention` names, and a
    caller has to say so. Raise ClockInDoubt, unless a person has looked at the clock. What
    `on_progress` raises ends it between two requests.
    """
    if not believes_clock:
        wall_clock.check_clock()
    now = timezone.now()
    erased: Counter[str] = Counter()
    try:
        for outcome in Outcome.values:
            refused: set[UUID] = set()
            while batch := _next_batch(due_for_erasure(outcome, now), refused):
                for inquiry in batch:
                    try:
                        erase_inquiry(
                            inquiry, reason=ErasureReason.RETENTION, version=inquiry.version, by=by
                        )
                        erased[outcome] += 1
                    except StepRefused:
                        refused.add(inquiry.pk)
                    on_progress(erased.total())
    finally:
        if erased:
            audit_trail.record_entry(AuditEntry.Kind.PURGED, by=by, **dict[str, Any](erased))
    return dict(erased)


def _next_batch(rows: QuerySet[Inquiry], refused: set[UUID]) -> list[Inquiry]:
    """What was erased no longer matches; what could not be is not met a second time."""
    found = rows.only("version")[: _BATCH + len(refused)]
    return [row for row in found if row.pk not in refused]


# --- Who read what --------------------------------------------------------------------------------

#: More different requests than this, read by one account within MANY_WITHIN, are listed for review.
MANY_READ = 30
MANY_WITHIN = timedelta(hours=1)
# Letters of “van”, “der”, “de”, “bin” and their like.
_PARTICLE = 3


class ReadingConcern(StrEnum):
    """Why somebody should look at what an account read."""

    MANY = "many"
    OWN_SURNAME = "own_surname"
    NO_STEP = "no_step"


@dataclass
class UnusualReading:
    """Reading that somebody should look at. It may well be in order."""

    account: "User"
    why: ReadingConcern
    requests: set[UUID]
    last_at: datetime


def reading_by(account: "User") -> QuerySet[Event]:
    """Whose data this account saw, and when: newest first."""
    return (
        Event.objects.filter(by=account, kind=Event.Kind.READ)
        .select_related("inquiry")
        .order_by("-at", "-id")
    )


def find_unusual_reading(accounts: "list[User]", since: datetime) -> list[UnusualReading]:
    """Much at once, one's own surname, requests of others: a row for each account and reason."""
    reads = Event.objects.filter(by__in=accounts, kind=Event.Kind.READ, at__gte=since)
    people = {account.pk: account for account in accounts}
    found: list[UnusualReading] = []
    for why, events in (
        (ReadingConcern.MANY, _bulk_reads(reads)),
        (ReadingConcern.OWN_SURNAME, _own_surname_reads(reads, accounts)),
        (ReadingConcern.NO_STEP, _reads_without_step(reads)),
    ):
        by_account: dict[UUID, UnusualReading] = {}
        for event in events:
            by = cast("UUID", event.by_id)  # every reading is somebody's
            row = by_account.setdefault(by, UnusualReading(people[by], why, set(), event.at))
            row.requests.add(event.inquiry_id)
            row.last_at = max(row.last_at, event.at)
        found += by_account.values()
    return found


def _bulk_reads(reads: QuerySet[Event]) -> Iterator[Event]:
    """Of each account, the reads of any MANY_WITHIN with more than MANY_READ requests."""
    window: deque[Event] = deque()
    times_read: Counter[UUID] = Counter()
    told = 0  # how many at the beginning of the window have been told already
    for event in reads.order_by("by", "at", "id").iterator():
        window.append(event)
        times_read[event.inquiry_id] += 1
        while window[0].by_id != event.by_id or event.at - window[0].at > MANY_WITHIN:
            left = window.popleft().inquiry_id
            times_read[left] -= 1
            if not times_read[left]:
                del times_read[left]
        told = min(told, len(window) - 1)
        if len(times_read) > MANY_READ:
            yield from islice(window, told, None)
            told = len(window)
        else:
            told = 0


def _own_surname_reads(reads: QuerySet[Event], accounts: "list[User]") -> Iterator[Event]:
    """By the blind index, so that the finding is written down nowhere."""
    digests = {
        (account.pk, lookup.name_digest(word))
        for account in accounts
        for word in _distinctive_words(normalized_words(account.last_name))
    }
    found = reads.filter(inquiry__index_entries__digest__in={digest for _, digest in digests})
    for event in found.annotate(digest=F("inquiry__index_entries__digest")):
        if (event.by_id, bytes(event.digest)) in digests:
            yield event


def _distinctive_words(words: list[str]) -> list[str]:
    """Of “van der Berg” only Berg: half a town shares the others. Of “Li”, Li."""
    return [word for word in words if len(word) > _PARTICLE] or words


def _reads_without_step(reads: QuerySet[Event]) -> QuerySet[Event]:
    """Looking at a new request is how one chooses; what others have, or had, is theirs."""
    steps = Event.objects.filter(by=OuterRef("by"), inquiry=OuterRef("inquiry"))
    return reads.filter(detail__state__in=[*OWNED, State.CLOSED]).exclude(
        Exists(steps.exclude(kind=Event.Kind.READ))
    )
