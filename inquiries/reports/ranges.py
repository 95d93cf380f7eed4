"""Which days a report covers, those it is compared with, and the ranges offered for one press."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from inquiries.reports import words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_DAY = timedelta(days=1)
_MONTHS_OF_A_YEAR = 12
_MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True)
class Preset:
    """Whole days, with both ends included."""

    label: "StrOrPromise"
    first: date
    last: date


def list_presets(today: date) -> list[Preset]:
    this_month = today.replace(day=1)
    this_quarter = _add_months(this_month, -((today.month - 1) % _MONTHS_OF_A_QUARTER))
    last_quarter = _add_months(this_quarter, -_MONTHS_OF_A_QUARTER)
    return [
        *(
            Preset(words.LAST_DAYS % {"days": days}, today - (days - 1) * _DAY, today)
            for days in (7, 30, 90)
        ),
        Preset(words.LAST_MONTH, _add_months(this_month, -1), this_month - _DAY),
        Preset(words.LAST_QUARTER, last_quarter, this_quarter - _DAY),
        Preset(words.THIS_YEAR, today.replace(month=1, day=1), today),
    ]


def range_before(first: date, last: date) -> tuple[date, date]:
    """Return the days to compare with, which end the day before `first`.

    Before whole months come as many whole months, otherwise as many days.
    """
    end = last + _DAY
    if first.day == end.day == 1:
        months = (end.year - first.year) * _MONTHS_OF_A_YEAR + end.month - first.month
        return _add_months(first, -months), first - _DAY
    return first - (end - first), first - _DAY


def _add_months(day: date, months: int) -> date:
    """`day` is the first of its month."""
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_A_YEAR)
    return day.replace(year=day.year + years, month=month + 1)
