"""A colleague's call-backs as an iCalendar file (RFC 5545): reference numbers and times only.

It leaves the portal for a calendar on a phone or at a big company, so it holds no name, number,
way of contact, place, or word about health, and no address of a page.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from inquiries.triage import agenda
from inquiries.triage.agenda import CallBack

if TYPE_CHECKING:
    from portal.models import User

#: Long enough for a call; without an end, some calendars show nothing.
_LENGTH = timedelta(minutes=15)
#: Octets of a line before it must be folded (section 3.1).
_LINE = 75
_REFRESH = "PT15M"


def build_feed(user: "User", now: datetime) -> str:
    """Return the calendar of this person's own open requests."""
    found = agenda.find_call_backs(agenda.own_requests(user), now)
    events = [line for each in found for line in _event(each, now)]
    return _join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Care Portal//Staff calendar//EN",
            "METHOD:PUBLISH",
            f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
            f"X-PUBLISHED-TTL:{_REFRESH}",
            *events,
            "END:VCALENDAR",
        ]
    )


def _event(call_back: CallBack, now: datetime) -> list[str]:
    begins = call_back.begins or _last_quarter_hour(now)
    reference = escape_text(call_back.inquiry.reference)
    return [
        "BEGIN:VEVENT",
        f"UID:{reference}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(begins)}",
        f"DTEND:{_utc(begins + _LENGTH)}",
        f"SUMMARY:{reference}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _last_quarter_hour(now: datetime) -> datetime:
    """Keep a call that can be made now in its place between two readings."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape_text(text: str) -> str:
    """Escape a value of type TEXT (section 3.3.11)."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return "\\n".join(text.splitlines())


def fold_line(line: str) -> str:
    """Fold a line after 75 octets, never inside a character (section 3.1)."""
    folded, length = "", 0
    for character in line:
        size = len(character.encode())
        if length + size > _LINE:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + character, length + size
    return folded


def _join(lines: Iterable[str]) -> str:
    return "".join(f"{fold_line(line)}\r\n" for line in lines)
