"""Times as staff pages show them. Formatting costs, so each is done once for each minute."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def iso(at: datetime) -> str:
    """Return a time for machines."""
    return at.isoformat(timespec="seconds")


def on_clock(at: datetime | None, style: str, language: str = "") -> str:
    """Return a time on the clinic's clock. A long list passes its language, to look it up once."""
    if at is None:
        return ""
    minute = at.replace(second=0, microsecond=0)
    return _format_time(minute, style, language or get_language() or "")


def on_calendar(day: date, style: str) -> str:
    return _format_day(day, style, get_language() or "")


@lru_cache(maxsize=4096)
def _format_time(at: datetime, style: str, _language: str) -> str:
    return date_format(timezone.localtime(at), style)


@lru_cache(maxsize=4096)
def _format_day(day: date, style: str, _language: str) -> str:
    return date_format(day, style)
