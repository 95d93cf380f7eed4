"""Positions of the parts of a chart, in percent, so that a page can draw them without styles."""

from dataclasses import dataclass

#: At most this many lines above the baseline; at most this many labels fit on a phone.
_LINES = 5
_MARKS = 4


@dataclass(frozen=True)
class Bar:
    """One vertical bar, measured from the top left."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class AxisLabel:
    """A label next to a chart."""

    at: str
    label: str


@dataclass(frozen=True)
class ColumnChart:
    """Two amounts for each of several days or weeks, side by side."""

    left: list[Bar]
    right: list[Bar]
    lines: list[AxisLabel]
    below: list[AxisLabel]


def column_chart(labels: list[str], left: list[int], right: list[int]) -> ColumnChart:
    """Lay out a chart. The three lists must be equally long and not empty."""
    step = _step(max(*left, *right, 1))
    top = -(-max(*left, *right, 1) // step) * step
    room = 100 / len(labels)
    every = -(-len(labels) // _MARKS)
    return ColumnChart(
        left=[_column(amount / top, (n + 0.12) * room, room) for n, amount in enumerate(left)],
        right=[_column(amount / top, (n + 0.52) * room, room) for n, amount in enumerate(right)],
        lines=[
            AxisLabel(_percent(100 - 100 * amount / top), str(amount))
            for amount in range(0, top + 1, step)
        ],
        below=[AxisLabel(_percent(n * room), labels[n]) for n in range(0, len(labels), every)],
    )


def bar_widths(amounts: list[int]) -> list[str]:
    """Widths for a list of horizontal bars; the longest fills the available width."""
    most = max([*amounts, 1])
    return [_percent(100 * amount / most) for amount in amounts]


def _column(share: float, x: float, room: float) -> Bar:
    """Lay out one bar; `share` is its fraction of the chart's height."""
    return Bar(
        _percent(x), _percent(100 - 100 * share), _percent(0.36 * room), _percent(100 * share)
    )


def _step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 … for which _LINES lines reach `most`."""
    step, by = 1, (2, 2.5, 2)
    turn = 0
    while step * _LINES < most:
        step = int(step * by[turn % 3])
        turn += 1
    return step


def _percent(amount: float) -> str:
    return f"{amount:.2f}%"
