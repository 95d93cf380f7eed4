"""How long, in a few characters, for a column that is read at a glance."""

from datetime import timedelta

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def format_duration(span: timedelta) -> str:
    """“40 min”, “3 h” or “5 d”, never more than there is; hours up to two days."""
    if span < _MINUTE:
        return "less than 1 min"
    if span < _HOUR:
        return f"{span // _MINUTE} min"
    if span < 2 * _DAY:
        return f"{span // _HOUR} h"
    return f"{span // _DAY} d"
