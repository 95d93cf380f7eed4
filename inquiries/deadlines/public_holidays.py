"""Public holidays, stored as rows by the worker, so that no other process imports the library.

A whole year is stored. If a year has no row, because no worker has run for too long, the process
that counts over it asks the library, which is slower. If the library does not know the codes
either, the day counts as open, so that no sender is turned away. `health` reports both cases.
"""

import logging
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.utils import timezone

from inquiries.models import Calendar, HolidayYear

logger = logging.getLogger(__name__)

#: Relative to the current year: deadlines reach into the next, and clocks began in the last.
KEPT_YEARS = range(-1, 3)

Holidays = Mapping[date, str]


def has_known_holidays(country: str, subdivision: str = "") -> bool:
    """Return whether the library knows public holidays for these codes (ISO 3166-1 and -2)."""
    import holidays  # needed only when a calendar is saved

    try:
        holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=128)
def calculate_holidays(country: str, subdivision: str, year: int) -> Holidays:
    """Return a whole year. The library's mapping fills lazily and can mislead a second thread.

    Raise NotImplementedError if the codes are unknown.
    """
    import holidays  # half a megabyte of rules for every country; the worker is the one to need it

    return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def save_holidays() -> bool:
    """Store the holidays of every calendar. Past years stay as they were counted.

    Return whether all of them were known.
    """
    this_year, all_known = timezone.localdate().year, True
    kept = {(row.country, row.subdivision, row.year): row.days for row in HolidayYear.objects.all()}
    changed: dict[tuple[str, str, int], dict[str, str]] = {}
    calendars = Calendar.objects.exclude(country="").values_list("country", "subdivision")
    for country, subdivision in calendars:
        for year in (this_year + each for each in KEPT_YEARS):
            key = (country, subdivision, year)
            if year < this_year and key in kept:
                continue
            try:
                found = calculate_holidays(*key)
            except NotImplementedError:
                logger.exception("the holidays of a calendar are not known any more")
                all_known = False
                break
            days = {day.isoformat(): name for day, name in found.items()}
            if kept.get(key) != days:
                changed[key] = days
    HolidayYear.objects.bulk_create(
        (
            HolidayYear(country=country, subdivision=subdivision, year=year, days=days)
            for (country, subdivision, year), days in changed.items()
        ),
        update_conflicts=True,
        unique_fields=["country", "subdivision", "year"],
        update_fields=["days"],
    )
    return all_known


def load_holidays() -> dict[tuple[str, str], dict[int, Holidays]]:
    """Return the holidays by country and subdivision, then by year."""
    loaded: dict[tuple[str, str], dict[int, Holidays]] = {}
    for row in HolidayYear.objects.all():
        days = {date.fromisoformat(day): name for day, name in row.days.items()}
        loaded.setdefault((row.country, row.subdivision), {})[row.year] = days
    return loaded
