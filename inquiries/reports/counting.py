"""The queries of a report. Each reads an index on a range of days, or only what is open.

What they return grows with the number of topics, languages, and colleagues, not of requests.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone
from django.utils.formats import time_format

from inquiries.models import Clock, ContactMethod, Event, Inquiry, Language
from inquiries.reports import words
from inquiries.reports.statistics import Cell, DeadlineResult, Wait, nearest_rank
from inquiries.states import OWNED

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Age groups, by the number of calendar days since a request was received.
_AGES = tuple(words.AGES.items())
_Kind = Clock.Kind


@dataclass(frozen=True)
class Days:
    """Whole days in the clinic's time zone, with both ends included."""

    first: date
    last: date

    def within(self, column: str) -> dict[str, datetime]:
        begin, end = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        return {f"{column}__gte": begin, f"{column}__lt": end}


# --- What came in ---------------------------------------------------------------------------------


@dataclass
class Arrivals:
    total: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    #: By the hour on the clinic's clock.
    hours: Counter[int] = field(default_factory=Counter)


def count_arrivals(days: Days) -> Arrivals:
    rows = Inquiry.objects.filter(**days.within("received_at")).order_by()
    found = Arrivals()
    for way, language, topic, hour, count in rows.values_list(
        "contact_method", "language", "topic__name", ExtractHour("received_at")
    ).annotate(count=Count("*")):
        found.total += count
        found.ways[_label(ContactMethod, way)] += count
        found.languages[_label(Language, language)] += count
        found.topics[topic or str(words.NO_TOPIC)] += count
        found.hours[hour] += count
    return found


def count_articles(days: Days) -> Counter[str]:
    rows = Inquiry.objects.filter(**days.within("received_at")).order_by()
    found = Counter[str]()
    for title, count in rows.values_list("article__title").annotate(count=Count("*")):
        found[title or str(words.NO_ARTICLE)] += count
    return found


def received_by_day(days: Days) -> dict[date, int]:
    return _by_day(Inquiry.objects.filter(**days.within("received_at")), "received_at")


def name_hour(hour: int) -> str:
    start, end = (time_format(time(each % 24), "TIME_FORMAT") for each in (hour, hour + 1))
    return str(words.HOUR % {"start": start, "end": end})


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label if value in choices.values else words.NOT_STATED)


# --- What was tried, and who was reached ----------------------------------------------------------


def tried_by_day(days: Days) -> dict[date, int]:
    """Count first attempts, conversations, and messages to the sender: the first for each request.

    This is the end of a request's first clock, whatever came of the attempt.
    """
    ended = _ended_clocks(days).filter(kind=_Kind.FIRST_ATTEMPT)
    return _by_day(ended, "stopped_at")


def reached_by_day(days: Days) -> dict[date, int]:
    return _by_day(_first_reached(days), "at")


def count_reached(days: Days) -> int:
    return _first_reached(days).count()


def _first_reached(days: Days) -> "QuerySet[Event]":
    """The events by which a sender was reached for the first time; see `Event.REACHED`."""
    reached = Event.objects.filter(kind__among=Event.REACHED).order_by()
    earlier = reached.filter(inquiry=OuterRef("inquiry"), number__lt=OuterRef("number"))
    return reached.filter(~Exists(earlier), **days.within("at"))


# --- How it ended ---------------------------------------------------------------------------------


@dataclass
class Ends:
    total: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    #: By the colleague who owned it then.
    owners: Counter[UUID | None] = field(default_factory=Counter)
    helped: Counter[str] = field(default_factory=Counter)


def count_ends(days: Days) -> Ends:
    rows = Inquiry.objects.filter(**days.within("closed_at")).order_by()
    found = Ends()
    for outcome, owner, helped, count in rows.values_list("outcome", "owner", "helped").annotate(
        count=Count("*")
    ):
        found.total += count
        found.outcomes[outcome] += count
        found.owners[owner] += count
        found.helped[helped] += count
    return found


@dataclass(frozen=True)
class Load:
    """What one colleague had and has to do. Not how well or how fast they do it."""

    name: str
    closed: int
    closed_before: int
    open_now: int


def load_by_colleague(ended: Ends, before: Ends) -> list[Load]:
    """Return them by name, and at the end what nobody owned."""
    held = Inquiry.objects.filter(state__among=OWNED).order_by()
    now = dict(held.values_list("owner").annotate(count=Count("*")))
    owners = {*ended.owners, *before.owners, *now}
    people = get_user_model()._default_manager.in_bulk(owners - {None})
    named = sorted((str(user), key) for key, user in people.items())
    if None in owners:
        named.append((str(words.NO_OWNER), None))
    return [
        Load(name, ended.owners[key], before.owners[key], now.get(key, 0)) for name, key in named
    ]


# --- Clocks ---------------------------------------------------------------------------------------


@dataclass
class ClockCounts:
    """The clocks that ended, by kind: their working minutes, and how they were judged."""

    minutes: dict[str, Counter[int]]
    verdicts: Counter[tuple[str, str]]

    @property
    def tried(self) -> int:
        return self.minutes[_Kind.FIRST_ATTEMPT].total()


def count_clocks(days: Days) -> ClockCounts:
    rows = _ended_clocks(days).order_by().values_list("kind", "verdict", "spent_minutes")
    found = ClockCounts({kind: Counter() for kind in _Kind.values}, Counter())
    for kind, verdict, spent, count in rows.annotate(count=Count("*")):
        found.minutes[kind][spent] += count
        found.verdicts[kind, verdict] += count
    return found


def summarize_waits(clocks: ClockCounts, before: ClockCounts) -> list[Wait]:
    return [
        Wait(
            str(kind.label),
            clocks.minutes[kind].total(),
            nearest_rank(clocks.minutes[kind], 50),
            nearest_rank(clocks.minutes[kind], 90),
            nearest_rank(before.minutes[kind], 50),
        )
        for kind in (_Kind.FIRST_ATTEMPT, _Kind.CLOSURE)
    ]


def summarize_deadlines(clocks: ClockCounts, now: datetime) -> list[DeadlineResult]:
    too_late = _count_overdue(now)
    return [
        DeadlineResult(
            str(kind.label),
            clocks.verdicts[kind, Clock.Verdict.MET],
            clocks.minutes[kind].total(),
            too_late.get(kind, 0),
        )
        for kind in _Kind
    ]


def _ended_clocks(days: Days) -> "QuerySet[Clock]":
    ended = Clock.objects.filter(kind__in=_Kind.values, **days.within("stopped_at"))
    return ended.exclude(verdict=Clock.Verdict.VOID)


def _count_overdue(now: datetime) -> dict[str, int]:
    """Count the deadlines of each kind that have passed and are still open."""
    return dict(
        Clock.objects.running()
        .filter(Q(is_missed=True) | Q(due_at__lt=now, paused_at__isnull=True))
        .order_by()
        .values_list("kind")
        .annotate(count=Count("*"))
    )


# --- Days -----------------------------------------------------------------------------------------


def open_by_age(now: datetime) -> list[Cell]:
    today = timezone.localdate(now)
    counts = [0] * len(_AGES)
    for day, count in _by_day(Inquiry.objects.open(), "received_at").items():
        age = max((today - day).days, 0)
        counts[max(n for n, (least, _) in enumerate(_AGES) if age >= least)] += count
    return [Cell(str(label), count) for (_, label), count in zip(_AGES, counts, strict=True)]


def _by_day(rows: "QuerySet[Any]", at: str) -> dict[date, int]:
    """Count rows by day in the clinic's time zone."""
    return dict(rows.order_by().values_list(TruncDate(at)).annotate(count=Count("*")))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
