"""How many people asked, how soon we answered, and the outcomes, over a range of days.

Nothing in a report identifies a person. It holds counts and times, but no reference. What fewer
than MIN_CELL_SIZE people asked about is counted together, as public health statistics do with
small cells (the US Centers for Medicare & Medicaid Services suppress below 11, many health
departments below 5): in a quiet week, neighbors could recognize someone with a rare disease. The
topic is hidden, but not the total. Subtracting two ranges that differ by a day can still reveal
what is hidden, so the reports have their own permission.

Erased requests still count: their times, topic, and outcome stay, and only the article is gone.
Everything that came in counts as received, including what turned out to be spam.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from inquiries.models import Clock, Inquiry
from inquiries.outcomes import Outcome
from inquiries.reports import words
from inquiries.reports.statistics import (
    Cell,
    DeadlineResult,
    Period,
    Wait,
    fold_rare,
    group_by_period,
    nearest_rank,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The longest range in days: a leap year.
MAX_DAYS = 366
#: Ranges up to this many days are shown by day, longer ones by week.
_DAILY = 31
#: Age groups, by the number of calendar days since a request was received.
_AGES = tuple(words.AGES.items())
_Kind = Clock.Kind


@dataclass(frozen=True)
class Report:
    """A report on whole days in the clinic's time zone, with both ends included."""

    first: date
    last: date
    by_week: bool
    periods: list[Period]
    closed: int
    outcomes: list[Cell]
    #: The current state, whatever the range; requests in quarantine are left out.
    open_by_age: list[Cell]
    waits: list[Wait]
    deadlines: list[DeadlineResult]
    topics: list[Cell]
    articles: list[Cell]

    @property
    def received(self) -> int:
        return sum(period.received for period in self.periods)

    @property
    def answered(self) -> int:
        """Requests with a first attempt by us to reach the sender, or a message to them."""
        return sum(period.answered for period in self.periods)

    @property
    def open(self) -> int:
        return sum(cell.count or 0 for cell in self.open_by_age)


def build_report(first: date, last: date, now: datetime) -> Report:
    """Build a report in eight queries, each bounded by an index on the range or by what is open."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    received = Inquiry.objects.filter(received_at__gte=begin, received_at__lt=end)
    ended = Clock.objects.filter(
        kind__in=_Kind.values, stopped_at__gte=begin, stopped_at__lt=end
    ).exclude(verdict=Clock.Verdict.VOID)
    outcomes = dict(
        Inquiry.objects.filter(closed_at__gte=begin, closed_at__lt=end)
        .values_list("outcome")
        .annotate(count=Count("*"))
    )
    topics = received.values_list("topic__name").annotate(count=Count("*"))
    articles = received.values_list("article__title", "article").annotate(count=Count("*"))
    by_week = (last - first).days >= _DAILY
    waits, deadlines = _count_waits(
        list(ended.values_list("kind", "verdict", "spent_minutes").annotate(count=Count("*"))),
        _count_overdue(now),
    )
    return Report(
        first=first,
        last=last,
        by_week=by_week,
        periods=group_by_period(
            first,
            last,
            7 if by_week else 1,
            _by_day(received, "received_at"),
            _by_day(ended.filter(kind=_Kind.FIRST_ATTEMPT), "stopped_at"),
        ),
        closed=sum(outcomes.values()),
        outcomes=[Cell(str(outcome.end.word), outcomes.get(outcome, 0)) for outcome in Outcome],
        open_by_age=_by_age(now),
        waits=waits,
        deadlines=deadlines,
        topics=fold_rare((name or str(words.NO_TOPIC), count) for name, count in topics),
        articles=fold_rare((title or str(words.NO_ARTICLE), count) for title, _, count in articles),
    )


# --- Counting -------------------------------------------------------------------------------------


def _count_waits(
    rows: list[tuple[str, str, int, int]], too_late: dict[str, int]
) -> tuple[list[Wait], list[DeadlineResult]]:
    """Summarize rows of (kind, verdict, working minutes, count)."""
    minutes: dict[str, Counter[int]] = {kind: Counter() for kind in _Kind.values}
    verdicts: Counter[tuple[str, str]] = Counter()
    for kind, verdict, spent, count in rows:
        minutes[kind][spent] += count
        verdicts[kind, verdict] += count
    waits = [
        Wait(
            str(kind.label),
            minutes[kind].total(),
            nearest_rank(minutes[kind], 50),
            nearest_rank(minutes[kind], 90),
        )
        for kind in (_Kind.FIRST_ATTEMPT, _Kind.CLOSURE)
    ]
    deadlines = [
        DeadlineResult(
            str(kind.label),
            verdicts[kind, Clock.Verdict.MET],
            minutes[kind].total(),
            too_late.get(kind, 0),
        )
        for kind in _Kind
    ]
    return waits, deadlines


def _count_overdue(now: datetime) -> dict[str, int]:
    """Count the deadlines of each kind that have passed and are still open."""
    return dict(
        Clock.objects.running()
        .filter(Q(is_missed=True) | Q(due_at__lt=now, paused_at__isnull=True))
        .order_by()
        .values_list("kind")
        .annotate(count=Count("*"))
    )


def _by_day(rows: "QuerySet[Any]", at: str) -> dict[date, int]:
    """Count rows by day in the clinic's time zone."""
    return dict(rows.order_by().values_list(TruncDate(at)).annotate(count=Count("*")))


def _by_age(now: datetime) -> list[Cell]:
    today = timezone.localdate(now)
    counts = [0] * len(_AGES)
    for day, count in _by_day(Inquiry.objects.open(), "received_at").items():
        age = max((today - day).days, 0)
        counts[max(n for n, (least, _) in enumerate(_AGES) if age >= least)] += count
    return [Cell(str(label), count) for (_, label), count in zip(_AGES, counts, strict=True)]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- To take away ---------------------------------------------------------------------------------

CSV_HEADER = words.CSV_HEADER


def report_rows(report: Report) -> Iterator[list[object]]:
    """Yield rows for CSV_HEADER: the numbers on the page, with the same ones hidden."""
    yield [words.RANGE, words.FIRST_DAY, "", report.first]
    yield [words.RANGE, words.LAST_DAY, "", report.last]
    yield [words.TOTAL, "", words.RECEIVED, report.received]
    yield [words.TOTAL, "", words.FIRST_ATTEMPT, report.answered]
    yield [words.TOTAL, "", words.CLOSED, report.closed]
    for period in report.periods:
        days = {"first": period.first, "last": period.last}
        name = words.DAYS % days if report.by_week else str(period.first)
        yield [words.BY_DAY, name, words.RECEIVED, period.received]
        yield [words.BY_DAY, name, words.FIRST_ATTEMPT, period.answered]
    for cell in report.open_by_age:
        yield [words.OPEN_NOW, cell.label, words.REQUESTS, cell.text]
    for wait in report.waits:
        yield [words.WORKING_HOURS, wait.label, words.ENDED, wait.count]
        yield [words.WORKING_HOURS, wait.label, words.MEDIAN, wait.median_hours]
        yield [words.WORKING_HOURS, wait.label, words.NINETIETH, wait.ninetieth_hours]
    for kept in report.deadlines:
        yield [words.DEADLINES, kept.label, words.MET, kept.met]
        yield [words.DEADLINES, kept.label, words.ENDED, kept.of]
        yield [words.DEADLINES, kept.label, words.OVERDUE, kept.late]
    for table, cells in (
        (words.OUTCOMES, report.outcomes),
        (words.TOPICS, report.topics),
        (words.ARTICLES, report.articles),
    ):
        for cell in cells:
            yield [table, cell.label, words.REQUESTS, cell.text]
