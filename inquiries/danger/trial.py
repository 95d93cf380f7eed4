"""What a changed list of danger patterns would flag, tried on sentences and on recent requests.

Only the program opens the requests. The results are numbers and references, never the text.
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
from inquiries.submission import PROSE, prose_of

LOOKBACK_DAYS = 90
#: Limits on the newest requests to check and on the seconds to take, because someone is waiting.
MAX_REQUESTS = 2000
MAX_SECONDS = 20
#: The most references to list.
MAX_LISTED = 20

#: One row of the list: kind, language, pattern.
PatternRow = tuple[str, str, str]


@dataclass(frozen=True)
class ListComparison:
    """The saved list, and the list with the change."""

    before: Patterns
    after: Patterns

    @classmethod
    def with_change(cls, *, instead_of: int | None, row: PatternRow | None) -> "ListComparison":
        """Put `row` in place of the saved row with the key `instead_of`. Either may be None."""
        columns = ("kind", "language", "phrase")
        saved = list(DangerPhrase.objects.values_list("pk", *columns))
        others = [each for pk, *each in saved if pk != instead_of]
        changed = [*others, row] if row else others
        return cls(Patterns.of(each for _, *each in saved), Patterns.of(changed))


@dataclass(frozen=True)
class TriedSentence:
    text: str
    #: Labels of the kinds that flag the sentence; empty if none do.
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass
class TriedRequests:
    """How many requests were checked, and how many of them each list flags."""

    looked_through: int = 0
    unreadable: int = 0
    #: Whether this period has more requests than were checked.
    is_cut: bool = False
    before: int = 0
    after: int = 0
    #: Newest first.
    newly_marked: list[Inquiry] = field(default_factory=list)
    no_longer_marked: list[Inquiry] = field(default_factory=list)


def try_sentences(lists: ListComparison, text: str) -> list[TriedSentence]:
    """Try each line of the text as one sentence."""
    lines = filter(None, map(str.strip, text.splitlines()))
    return [
        TriedSentence(line, _kinds(lists.before, line), _kinds(lists.after, line)) for line in lines
    ]


def try_requests(lists: ListComparison) -> TriedRequests:
    """Check the newest requests of the last 90 days, with all that senders wrote, in two queries.

    Erased requests are left out. One that cannot be opened is counted as unreadable and does not
    stop the others from being checked.
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
            texts = [prose_of(row), *_texts(written[row.pk])]
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
    """Return up to one more than will be checked, to show whether there are more."""
    since = timezone.now() - timedelta(days=LOOKBACK_DAYS)
    rows = Inquiry.objects.filter(received_at__gte=since).exclude(state=State.ERASED)
    rows = rows.select_related("data_key").only("reference", "received_at", *PROSE, "data_key")
    return list(rows.order_by("-received_at", "-id")[: MAX_REQUESTS + 1])


def _later_events(rows: list[Inquiry]) -> dict[UUID, list[Event]]:
    """Return the events in which senders sent the form again or wrote on their private pages."""
    known = {row.pk: row for row in rows}
    found = defaultdict(list)
    if rows:
        events = Event.objects.filter(
            inquiry__received_at__gte=rows[-1].received_at,
            kind__in=[Event.Kind.ADDED, Event.Kind.WROTE],
        )
        for event in events.select_related("addition", "message"):
            if row := known.get(event.inquiry_id):
                event.inquiry = row  # its key decrypts the text
                found[row.pk].append(event)
    return found


def _texts(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.kind == Event.Kind.ADDED:
            yield prose_of(event.addition.submission)
        else:
            yield event.message.text


def _kinds(patterns: Patterns, text: str) -> tuple[str, ...]:
    kinds = dict.fromkeys(match.kind for match in patterns.matches(text))
    return tuple(str(DangerPhrase.Kind(kind).label) for kind in kinds)
