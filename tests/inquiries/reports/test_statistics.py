"""Percentiles, weeks, rare counts and scales."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from inquiries.reports import charts, ranges, report
from inquiries.reports.statistics import compare_counts, group_by_period, nearest_rank

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [([], None, None), ([7], 7, 7), ([1, 9], 1, 9), (range(1, 11), 5, 9), (range(1, 12), 6, 10)],
)
def test_percentiles_use_the_nearest_rank(values: Any, median: Any, ninetieth: Any) -> None:
    minutes = Counter(values)
    assert (nearest_rank(minutes, 50), nearest_rank(minutes, 90)) == (median, ninetieth)


def test_weeks_begin_on_monday_and_include_every_day_once() -> None:
    first, last = date(2028, 1, 1), date(2028, 12, 31)  # a Saturday, and a Sunday of a leap year
    every = {first + timedelta(days=n): 1 for n in range(report.MAX_DAYS)}
    weeks = group_by_period(first, last, 7, every, {last: 3}, {})
    assert [week.received for week in weeks] == [2, *[7] * 52]
    assert all(week.first.weekday() == 0 for week in weeks[1:])
    assert (weeks[-1].last, weeks[-1].tried, weeks[-1].reached) == (last, 3, 0)


def test_rare_values_are_counted_together() -> None:
    cells = compare_counts({"A": 5, "B": 4, "C": 9, "D": 1}, {"C": 7})
    assert [(cell.label, cell.text, cell.text_before) for cell in cells] == [
        ("C", "9", "7"),
        ("A", "5", "0"),
        ("Others (fewer than 5 each)", "5", "0"),
    ]
    (rest,) = compare_counts({"A": 1, "B": 3}, {})
    assert (rest.label, rest.text) == ("Others (fewer than 5 each)", "fewer than 5")
    assert compare_counts({}, {}) == []


def test_what_is_rare_in_one_range_is_listed_in_neither() -> None:
    """Otherwise its hidden count would be the difference of the total and the rest."""
    cells = compare_counts({"A": 20, "B": 9}, {"A": 20, "B": 2})
    assert [(cell.label, cell.text, cell.text_before) for cell in cells] == [
        ("A", "20", "20"),
        ("Others (fewer than 5 each)", "9", "fewer than 5"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-11-02", "2026-11-03", ("2026-10-31", "2026-11-01")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2028-01-01", "2028-12-31", ("2027-01-01", "2027-12-31")),
        ("2026-01-01", "2026-11-29", ("2025-02-02", "2025-12-31")),
    ],
)
def test_the_range_before_has_as_many_months_or_days(
    first: str, last: str, before: tuple[str, str]
) -> None:
    found = ranges.range_before(date.fromisoformat(first), date.fromisoformat(last))
    assert tuple(map(str, found)) == before


def test_presets_are_whole_days_months_and_quarters() -> None:
    found = [
        (str(each.label), str(each.first), str(each.last))
        for each in ranges.list_presets(date(2026, 2, 10))
    ]
    assert found == [
        ("Last 7 days", "2026-02-04", "2026-02-10"),
        ("Last 30 days", "2026-01-12", "2026-02-10"),
        ("Last 90 days", "2025-11-13", "2026-02-10"),
        ("Last month", "2026-01-01", "2026-01-31"),
        ("Last quarter", "2025-10-01", "2025-12-31"),
        ("This year", "2026-01-01", "2026-02-10"),
    ]


@pytest.mark.parametrize("most", [0, 1, 5, 6, 11, 23, 51, 999, 123_456])
def test_scales_use_round_numbers_and_fit_the_maximum(most: int) -> None:
    lines = [int(line.label) for line in charts.column_chart(["1 Nov"], [most], [0]).lines]
    assert lines[0] == 0
    assert lines[-1] >= most
    assert len(lines) <= 6
    assert str(lines[1]).rstrip("0") in {"1", "2", "5"}
