"""The figures in a report: counts, percentiles, deadlines met, days, and weeks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat

from inquiries.reports import words

#: Smaller counts are combined.
MIN_CELL_SIZE = 5


@dataclass(frozen=True)
class Period:
    """A day, or the part of a week from Monday to Sunday that is in the range."""

    first: date
    last: date
    received: int
    tried: int
    reached: int


@dataclass(frozen=True)
class Cell:
    """A count; None if it is hidden because it is below MIN_CELL_SIZE."""

    label: str
    count: int | None

    @property
    def text(self) -> str:
        return _text(self.count)


@dataclass(frozen=True)
class ComparedCell(Cell):
    """A count beside that of the range before; either is None if it is hidden."""

    before: int | None

    @property
    def text_before(self) -> str:
        return _text(self.before)


@dataclass(frozen=True)
class Wait:
    """How long something took, in working minutes without pauses; None if nothing was measured.

    Percentiles by nearest rank: of ten, the median is the fifth and the 90th percentile the ninth.
    """

    label: str
    count: int
    median: int | None
    ninetieth: int | None
    #: The median of the range before.
    median_before: int | None

    @property
    def hours_before(self) -> str:
        return _hours(self.median_before)

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


def compare_counts(now: Mapping[str, int], before: Mapping[str, int]) -> list[ComparedCell]:
    """The most frequent first; what is rare in either range is combined in one cell at the end.

    A label whose count is hidden in one range but shown in the other could be told by subtraction.
    """
    counts = {label: (now.get(label, 0), before.get(label, 0)) for label in {**now, **before}}
    often = {
        label for label, pair in counts.items() if not any(0 < n < MIN_CELL_SIZE for n in pair)
    }
    cells = [
        ComparedCell(label, *counts[label])
        for label in sorted(often, key=lambda each: (-counts[each][0], -counts[each][1], each))
    ]
    rare = [pair for label, pair in counts.items() if label not in often]
    if rare:
        sums = (sum(pair[0] for pair in rare), sum(pair[1] for pair in rare))
        label = words.OTHERS % {"least": MIN_CELL_SIZE}
        cells.append(ComparedCell(label, *(hide_small(count) for count in sums)))
    return cells


def hide_small(count: int) -> int | None:
    """Zero is shown: it is about nobody."""
    return None if 0 < count < MIN_CELL_SIZE else count


def nearest_rank(minutes: Counter[int], percent: int) -> int | None:
    """The smallest value with at least `percent` percent at or below it; None without values.

    `statistics.quantiles` would return a value between two: a wait that no one had.
    """
    values = sorted(minutes.elements())
    return values[-(-len(values) * percent // 100) - 1] if values else None


def group_by_period(first: date, last: date, days: int, *by_day: dict[date, int]) -> list[Period]:
    """Group what was received, tried, and reached by day or week.

    Weeks begin on Monday; the first and last may be partial.
    """
    periods = []
    while first <= last:
        length = days - first.weekday() if days > 1 else 1
        until = min(first + timedelta(days=length - 1), last)
        each = [first + timedelta(days=n) for n in range((until - first).days + 1)]
        periods.append(
            Period(first, until, *(sum(map(counts.get, each, repeat(0))) for counts in by_day))
        )
        first = until + timedelta(days=1)
    return periods


def _text(count: int | None) -> str:
    return words.HIDDEN % {"least": MIN_CELL_SIZE} if count is None else str(count)


def _hours(minutes: int | None) -> str:
    """Format as working hours with one decimal."""
    return "" if minutes is None else f"{minutes / 60:.1f}"
