"""Privacy: erasing requests, limiting how long they are kept, and watching who reads them."""

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
    Offer,
    Origin,
    Referral,
    Task,
)
from inquiries.models.erasure import ERASED
from inquiries.outcomes import Outcome
from inquiries.search import lookup
from inquiries.search.normalization import normalized_words
from inquiries.states import OPEN, OWNED, ErasureReason, State, Step

if TYPE_CHECKING:
    from portal.models import User

_BATCH = 200
#: In days; the most that PORTAL_RETENTION_DAYS accepts. More would reach back beyond the calendar.
MAX_RETENTION_DAYS = 99_999
_DAYS_OF_A_YEAR = 365


# --- Erasure --------------------------------------------------------------------------------------


@transaction.atomic
def erase_inquiry(
    inquiry: Inquiry, *, reason: str, version: int, by: "User | None", is_repeated: bool = False
) -> Inquiry:
    """Destroy everything that a request said, including the key that it was sealed with.

    So that nothing vanishes unnoticed, these remain: its reference, times, topic, and outcome, the
    consent text that was agreed to, and its chain of events. The database rejects an erased request
    that still holds more. Raise StepRefused. `by` is None if retention does it. `is_repeated`: it
    had been erased before a backup brought it back.
    """
    repeated = list(_closed_duplicates(inquiry))
    transitions.hold(inquiry.pk, *(each.pk for each in repeated))
    inquiry = transitions.start_transition(inquiry, Step.ERASE, version=version, by=by)
    inquiry.erased_at = timezone.now()
    inquiry.said_answered, inquiry.helped = None, ""
    for name, nothing in ERASED.items():
        setattr(inquiry, name, nothing)
    inquiry.save()
    Message.objects.filter(event__inquiry=inquiry).delete()
    AccessLink.objects.filter(inquiry=inquiry).delete()
    Delivery.objects.filter(inquiry=inquiry).update(address=b"")
    GuessCount.objects.filter(inquiry=inquiry).delete()
    Origin.objects.filter(inquiry=inquiry).delete()
    Note.objects.filter(event__inquiry=inquiry).delete()
    Offer.objects.filter(inquiry=inquiry).delete()
    Addition.objects.filter(event__inquiry=inquiry).delete()
    IndexEntry.objects.filter(inquiry=inquiry).delete()
    Task.objects.filter(inquiry=inquiry).delete()
    Referral.objects.filter(inquiry=inquiry).delete()
    DataKey.objects.filter(inquiry=inquiry).delete()
    detail: dict[str, Any] = {"repeated": True} if is_repeated else {}
    ledger.record_event(inquiry, Event.Kind.ERASED, by=by, reason=reason, **detail)
    for each in repeated:
        transitions.undo_duplicate(transitions.lock_inquiry(each), by=by)
    return inquiry


def _closed_duplicates(inquiry: Inquiry) -> QuerySet[Inquiry]:
    """Return the requests that are handled with this one; none if it has ended as well."""
    return Inquiry.objects.filter(
        duplicate_of=inquiry, outcome=Outcome.DUPLICATE, duplicate_of__state__in=OPEN
    )


def retention_days(outcome: str) -> int | None:
    """Return for how many days after closing settings.RETENTION_DAYS keeps such a request.

    None if the settings have no valid value for this outcome.
    """
    days = settings.RETENTION_DAYS.get(outcome)
    return days if type(days) is int and 0 < days <= MAX_RETENTION_DAYS else None


def kept_years() -> int:
    """Return the number of years after closing within which every request is erased."""
    return math.ceil(max(settings.RETENTION_DAYS.values()) / _DAYS_OF_A_YEAR)


def outcomes_without_retention() -> list[str]:
    """Return outcomes without a valid retention period. Their requests are never purged."""
    return [outcome for outcome in Outcome.values if retention_days(outcome) is None]


def due_for_erasure(outcome: str, now: datetime) -> QuerySet[Inquiry]:
    """Return requests past the retention period of this outcome; none if it has no period."""
    days = retention_days(outcome)
    if days is None:
        return Inquiry.objects.none()
    before = now - timedelta(days=days)
    rows = Inquiry.objects.filter(state=State.CLOSED, outcome=outcome, closed_at__lt=before)
    if outcome == Outcome.DUPLICATE:
        # Somebody still works with its words, on the request that it repeats.
        rows = rows.exclude(duplicate_of__state__in=OPEN)
    return rows.order_by("closed_at", "id")


def purge_inquiries(
    *,
    by: "User | None" = None,
    believes_clock: bool = False,
    on_progress: Callable[[int], None] = lambda count: None,
) -> dict[str, int]:
    """Erase requests past their retention period; return how many, by outcome.

    Each erasure is its own transaction, so that an interrupted run can continue. A request that
    somebody reopens at this moment stays. So do those with `outcomes_without_retention`, which the
    caller has to report. Raise ClockInDoubt, unless a person has checked the clock. An exception
    raised by `on_progress` stops the run between two requests.
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
    """Erased requests no longer match; those that were refused are skipped."""
    found = rows.only("version")[: _BATCH + len(refused)]
    return [row for row in found if row.pk not in refused]


# --- Who read what --------------------------------------------------------------------------------

#: If one account reads more different requests than this within MANY_WITHIN, they are listed for
#: review.
MANY_READ = 30
MANY_WITHIN = timedelta(hours=1)
# The longest of name particles such as “van”, “der”, “de”, and “bin”.
_PARTICLE = 3


class ReadingConcern(StrEnum):
    """Why somebody should look at what an account read."""

    MANY = "many"
    OWN_SURNAME = "own_surname"
    NO_STEP = "no_step"


@dataclass
class UnusualReading:
    """Reads that somebody should look into. They may well be legitimate."""

    account: "User"
    why: ReadingConcern
    requests: set[UUID]
    last_at: datetime


def reading_by(account: "User") -> QuerySet[Event]:
    """Return whose data this account saw, and when: newest first."""
    return (
        Event.objects.filter(by=account, kind=Event.Kind.READ)
        .select_related("inquiry")
        .order_by("-at", "-id")
    )


def find_unusual_reading(accounts: "list[User]", since: datetime) -> list[UnusualReading]:
    """Find bulk reads, reads by surname, and reads without a step: a row per account and reason."""
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
            by = cast("UUID", event.by_id)  # every read has an account
            row = by_account.setdefault(by, UnusualReading(people[by], why, set(), event.at))
            row.requests.add(event.inquiry_id)
            row.last_at = max(row.last_at, event.at)
        found += by_account.values()
    return found


def _bulk_reads(reads: QuerySet[Event]) -> Iterator[Event]:
    """Yield an account's reads in every MANY_WITHIN that has more than MANY_READ requests."""
    window: deque[Event] = deque()
    times_read: Counter[UUID] = Counter()
    told = 0  # how many at the start of the window were already yielded
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
    """Match the blind index, so that the shared surname is not written down anywhere."""
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
    """Return Berg for “van der Berg”, since half a town shares the rest. For “Li”, return Li."""
    return [word for word in words if len(word) > _PARTICLE] or words


def _reads_without_step(reads: QuerySet[Event]) -> QuerySet[Event]:
    """Return reads of owned or closed requests by someone who never took a step on them.

    Reading new requests is fine: that is how coordinators choose one. So is seeing a name among the
    results of a search.
    """
    reads = reads.exclude(detail__has_key="result")
    steps = Event.objects.filter(by=OuterRef("by"), inquiry=OuterRef("inquiry"))
    return reads.filter(detail__state__in=[*OWNED, State.CLOSED]).exclude(
        Exists(steps.exclude(kind=Event.Kind.READ))
    )
