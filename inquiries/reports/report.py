"""How many people asked, how soon we tried and reached them, and the outcomes, over some days.

Nothing in a report identifies a person. It holds counts and times, but no reference. What fewer
than MIN_CELL_SIZE people asked about is counted together, as public health statistics do with
small cells (the US Centers for Medicare & Medicaid Services suppress below 11, many health
departments below 5): in a quiet week, neighbors could recognize someone with a rare disease. The
topic is hidden, but not the total. Subtracting two ranges that differ by a day can still reveal
what is hidden, so the reports have their own permission.

Erased requests still count: their times, topic, and outcome stay. The article, the way, the
language, and what they said about our help are gone. Everything that came in counts as received,
including what turned out to be spam. Colleagues are listed by name with their load; a report ranks
nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from inquiries.models import Helped
from inquiries.outcomes import Outcome
from inquiries.reports import counting, words
from inquiries.reports.counting import Load
from inquiries.reports.ranges import range_before
from inquiries.reports.statistics import (
    Cell,
    ComparedCell,
    DeadlineResult,
    Period,
    Wait,
    compare_counts,
    group_by_period,
    hide_small,
)

#: The longest range in days: a leap year.
MAX_DAYS = 366
#: Ranges up to this many days are shown by day, longer ones by week.
_DAILY = 31


@dataclass(frozen=True)
class Totals:
    received: int
    #: Requests for which we first tried to reach the sender, or wrote to them.
    tried: int
    #: Requests in which we first spoke with the sender, or wrote what they can read.
    reached: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report on whole days in the clinic's time zone, with both ends included."""

    first: date
    last: date
    first_before: date
    last_before: date
    by_week: bool
    totals: Totals
    totals_before: Totals
    periods: list[Period]
    outcomes: list[ComparedCell]
    helped: list[Cell]
    #: The current state, whatever the range; requests in quarantine are left out.
    open_by_age: list[Cell]
    waits: list[Wait]
    deadlines: list[DeadlineResult]
    ways: list[ComparedCell]
    languages: list[ComparedCell]
    topics: list[ComparedCell]
    hours: list[ComparedCell]
    articles: list[ComparedCell]
    colleagues: list[Load]

    @property
    def open(self) -> int:
        return sum(cell.count or 0 for cell in self.open_by_age)


def build_report(first: date, last: date, now: datetime) -> Report:
    """Build a report, each query bounded by an index on a range or by what is open.

    The number of queries is the same for every size: see `counting`.
    """
    first_before, last_before = range_before(first, last)
    days, earlier = counting.Days(first, last), counting.Days(first_before, last_before)
    arrived, arrived_before = counting.count_arrivals(days), counting.count_arrivals(earlier)
    ended, ended_before = counting.count_ends(days), counting.count_ends(earlier)
    clocks, clocks_before = counting.count_clocks(days), counting.count_clocks(earlier)
    by_week = (last - first).days >= _DAILY
    periods = group_by_period(
        first,
        last,
        7 if by_week else 1,
        counting.received_by_day(days),
        counting.tried_by_day(days),
        counting.reached_by_day(days),
    )
    return Report(
        first=first,
        last=last,
        first_before=first_before,
        last_before=last_before,
        by_week=by_week,
        periods=periods,
        totals=Totals(
            sum(period.received for period in periods),
            sum(period.tried for period in periods),
            sum(period.reached for period in periods),
            ended.total,
        ),
        totals_before=Totals(
            arrived_before.total,
            clocks_before.tried,
            counting.count_reached(earlier),
            ended_before.total,
        ),
        outcomes=[
            ComparedCell(
                str(outcome.end.word), ended.outcomes[outcome], ended_before.outcomes[outcome]
            )
            for outcome in Outcome
        ],
        helped=[Cell(str(words.HELPED[said]), hide_small(ended.helped[said])) for said in Helped],
        open_by_age=counting.open_by_age(now),
        waits=counting.summarize_waits(clocks, clocks_before),
        deadlines=counting.summarize_deadlines(clocks, now),
        ways=compare_counts(arrived.ways, arrived_before.ways),
        languages=compare_counts(arrived.languages, arrived_before.languages),
        topics=compare_counts(arrived.topics, arrived_before.topics),
        hours=[
            ComparedCell(counting.name_hour(hour), arrived.hours[hour], arrived_before.hours[hour])
            for hour in range(24)
        ],
        articles=compare_counts(counting.count_articles(days), counting.count_articles(earlier)),
        colleagues=counting.load_by_colleague(ended, ended_before),
    )
