"""What forms about requests offer: the same on every page."""

from inquiries.minute_cache import MinuteCache
from inquiries.models import Checklist, DirectoryEntry
from inquiries.team import availability

Choices = list[tuple[str, str]]


def _read_checklists() -> Choices:
    rows = Checklist.objects.filter(items__isnull=False).distinct()
    return [(str(row.pk), row.title) for row in rows]


def _read_directory() -> Choices:
    return [(str(row.pk), str(row)) for row in DirectoryEntry.objects.in_use()]


def _read_colleagues() -> Choices:
    return [(str(user.pk), str(user)) for user in availability.coordinators()]


#: A page may offer what is a minute old. What is sent is checked against what is there now.
checklists: MinuteCache[Choices] = MinuteCache(_read_checklists, [])
directory: MinuteCache[Choices] = MinuteCache(_read_directory, [])
colleagues: MinuteCache[Choices] = MinuteCache(_read_colleagues, [])


def clear_cache() -> None:
    for each in (checklists, directory, colleagues):
        each.clear()
