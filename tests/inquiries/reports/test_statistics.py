"""Percentiles, weeks, rare counts and scales."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from inquiries.reports import charts, report
from inquiries.reports.statistics import fold_rare, group_by_period, nearest_rank

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
    weeks = group_by_period(first, last, 7, every, {last: 3})
    assert [week.received for week in weeks] == [2, *[7] * 52]
    assert all(week.first.weekday() == 0 for week in weeks[1:])
    assert (weeks[-1].last, weeks[-1].answered) == (last, 3)


def test_rare_values_are_counted_together() -> None:
    cells = fold_rare([("A", 5), ("B", 4), ("C", 9), ("D", 1)])
    assert [(cell.label, cell.text) for cell in cells] == [
        ("C", "9"),
        ("A", "5"),
        ("Others (fewer than 5 each)", "5"),
    ]
    (rest,) = fold_rare([("A", 1), ("B", 3)])
    assert (rest.label, rest.text) == ("Others (fewer than 5 each)", "fewer than 5")
    assert fold_rare([]) == []


@pytest.mark.parametrize("most", [0, 1, 5, 6, 11, 23, 51, 999, 123_456])
def test_scales_use_round_numbers_and_fit_the_maximum(most: int) -> None:
    lines = [int(line.label) for line in charts.column_chart(["1 Nov"], [most], [0]).lines]
    assert lines[0] == 0
    assert lines[-1] >= most
    assert len(lines) <= 6
    assert str(lines[1]).rstrip("0") in {"1", "2", "5"}
