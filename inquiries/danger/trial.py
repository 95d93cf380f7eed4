"""What another list of danger patterns would mark: tried on sentences, and on requests of late.

Requests are opened by the machine alone. What comes out is numbers and references, never a word.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from inquiries.danger.phrases import Patterns
from inquiries.encryption import KeyRefused, SealBroken
from inquiries.models import DangerPhrase, Event, Inquiry
from inquiries.states import State

LOOKBACK_DAYS = 90
#: So many of the newest are looked through at most, and for so many seconds: somebody waits.
MAX_REQUESTS = 2000
MAX_SECONDS = 20
#: So many references are listed.
MAX_LISTED = 20

#: As a row of the list says it: kind, language, pattern.
PatternRow = tuple[str, str, str]


@dataclass(frozen=True)
class ListComparison:
    """The saved list, and as it would be."""

    before: Patterns
    after: Patterns

    @classmethod
    def with_change(cls, *, instead_of: int | None, row: PatternRow | None) -> "ListComparison":
        """With `row` in the place of the saved one that has this key; None for neither of them."""
        columns = ("kind", "language", "phrase")
        saved = list(DangerPhrase.objects.values_list("pk", *columns))
        others = [each for pk, *each in saved if pk != instead_of]
        changed = [*others, row] if row else others
        return cls(Patterns.of(each for _, *each in saved), Patterns.of(changed))


@dataclass(frozen=True)
class TriedSentence:
    text: str
    #: The kinds that it is marked by, in words; none where it is clear.
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass
class TriedRequests:
    """How many were looked through, and how many of them each list marks."""

    looked_through: int = 0
    unreadable: int = 0
    #: There are more of these days.
    is_cut: bool = False
    before: int = 0
    after: int = 0
    #: Newest first.
    newly_marked: list[Inquiry] = field(default_factory=list)
    no_longer_marked: list[Inquiry] = field(default_factory=list)


def try_sentences(lists: ListComparison, text: str) -> list[TriedSentence]:
    """One a line."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return [
        TriedSentence(line, _kinds(lists.before, line), _kinds(lists.after, line)) for line in lines
    ]


def try_requests(lists: ListComparison) -> TriedRequests:
    """The newest of the last 90 days, by all that their senders wrote. Two queries for all.

    The erased are left out. One that does not open is counted as that, and keeps nobody from the
    others.
    """
    tried, began = TriedRequests(), time.monotonic()
    rows = _newest()
    written = _later_events(rows)
    tried.is_cut = len(rows) > MAX_REQUESTS
    for row in rows[:MAX_REQUESTS]:
        if time.monotonic() - began > MAX_SECONDS:
            tried.is_cut = True
            break
        try:
            texts = [row.message, *_texts(written[row.pk])]
        except (SealBroken, KeyRefused):
            tried.unreadable += 1
            continue
        tried.looked_through += 1
        before = any(lists.before.matches(text) for text in texts)
        after = any(lists.after.matches(text) for text in texts)
        tried.before += before
        tried.after += after
        if after and not before:
            tried.newly_marked.append(row)
        elif before and not after:
            tried.no_longer_marked.append(row)
    return tried


def _newest() -> list[Inquiry]:
    """One more than are looked through, where there are so many."""
    since = timezone.now() - timedelta(days=LOOKBACK_DAYS)
    rows = Inquiry.objects.filter(received_at__gte=since).exclude(state=State.ERASED)
    rows = rows.select_related("data_key").only("reference", "received_at", "message", "data_key")
    return list(rows.order_by("-received_at", "-id")[: MAX_REQUESTS + 1])


def _later_events(rows: list[Inquiry]) -> dict[UUID, list[Event]]:
    """What the senders sent again, or wrote on their private pages."""
    known = {row.pk: row for row in rows}
    found = defaultdict(list)
    if rows:
        events = Event.objects.filter(
            inquiry__received_at__gte=rows[-1].received_at,
            kind__in=[Event.Kind.ADDED, Event.Kind.WROTE],
        )
        for event in events.select_related("addition", "message"):
            if row := known.get(event.inquiry_id):
                event.inquiry = row  # whose key opens the words
                found[row.pk].append(event)
    return found


def _texts(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.kind == Event.Kind.ADDED:
            yield event.addition.submission.message
        else:
            yield event.message.text


def _kinds(patterns: Patterns, text: str) -> tuple[str, ...]:
    kinds = dict.fromkeys(match.kind for match in patterns.matches(text))
    return tuple(str(DangerPhrase.Kind(kind).label) for kind in kinds)
