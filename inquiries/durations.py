"""Durations in a few characters, for a column that is read at a glance."""

from datetime import timedelta

from django.utils.translation import gettext as _

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def format_duration(span: timedelta) -> str:
    """Return “40 min”, “3 hr”, or “5 days”, always rounded down; hours up to two days."""
    if span < _MINUTE:
        return _("less than 1 min")
    if span < _HOUR:
        return _("%(count)d min") % {"count": span // _MINUTE}
    if span < 2 * _DAY:
        return _("%(count)d hr") % {"count": span // _HOUR}
    return _("%(count)d days") % {"count": span // _DAY}
