"""The figures in a report: counts, percentiles, deadlines met, days, and weeks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from inquiries.reports import words

#: Smaller counts are combined.
MIN_CELL_SIZE = 5


@dataclass(frozen=True)
class Period:
    """A day, or the part of a week from Monday to Sunday that is in the range."""

    first: date
    last: date
    received: int
    answered: int


@dataclass(frozen=True)
class Cell:
    """A count; None if it is hidden because it is below MIN_CELL_SIZE."""

    label: str
    count: int | None

    @property
    def text(self) -> str:
        return words.HIDDEN % {"least": MIN_CELL_SIZE} if self.count is None else str(self.count)


@dataclass(frozen=True)
class Wait:
    """How long something took, in working minutes without pauses; None if nothing was measured.

    Percentiles by nearest rank: of ten, the median is the fifth and the 90th percentile the ninth.
    """

    label: str
    count: int
    median: int | None
    ninetieth: int | None

    @property
    def median_hours(self) -> str:
        return _hours(self.median)

    @property
    def ninetieth_hours(self) -> str:
        return _hours(self.ninetieth)


@dataclass(frozen=True)
class DeadlineResult:
    """How many of the deadlines that ended in the range were met.

    `late` counts others: deadlines that have passed but are still not done.
    """

    label: str
    met: int
    of: int
    late: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.met // self.of if self.of else 0


def fold_rare(counts: Iterable[tuple[str, int]]) -> list[Cell]:
    """The most frequent first; counts below MIN_CELL_SIZE are combined in one cell at the end."""
    counts = list(counts)
    often = sorted(
        ((label, count) for label, count in counts if count >= MIN_CELL_SIZE),
        key=lambda each: (-each[1], each[0]),
    )
    cells = [Cell(label, count) for label, count in often]
    if rest := sum(count for _, count in counts if count < MIN_CELL_SIZE):
        cells.append(
            Cell(words.OTHERS % {"least": MIN_CELL_SIZE}, rest if rest >= MIN_CELL_SIZE else None)
        )
    return cells


def nearest_rank(minutes: Counter[int], percent: int) -> int | None:
    """The smallest value with at least `percent` percent at or below it; None without values.

    `statistics.quantiles` would return a value between two: a wait that no one had.
    """
    values = sorted(minutes.elements())
    return values[-(-len(values) * percent // 100) - 1] if values else None


def group_by_period(
    first: date, last: date, days: int, received: dict[date, int], answered: dict[date, int]
) -> list[Period]:
    """Group counts by day or week. Weeks begin on Monday; the first and last may be partial."""
    periods = []
    while first <= last:
        length = days - first.weekday() if days > 1 else 1
        until = min(first + timedelta(days=length - 1), last)
        each = [first + timedelta(days=n) for n in range((until - first).days + 1)]
        periods.append(
            Period(
                first,
                until,
                sum(received.get(day, 0) for day in each),
                sum(answered.get(day, 0) for day in each),
            )
        )
        first = until + timedelta(days=1)
    return periods


def _hours(minutes: int | None) -> str:
    """Format as working hours with one decimal."""
    return "" if minutes is None else f"{minutes / 60:.1f}"
