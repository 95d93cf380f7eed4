"""What forms about requests offer: the same on every page."""

from articles.process_cache import ProcessCache
from inquiries.models import CannedReply, Checklist, DirectoryEntry
from inquiries.team import availability
from inquiries.triage.article_links import list_articles
from inquiries.triage.canned_replies import title_with_original

Choices = tuple[tuple[str, str], ...]
#: Texts to insert: language, key, and title of each.
Texts = tuple[tuple[str, str, str], ...]


def _read_checklists() -> Choices:
    rows = Checklist.objects.filter(items__isnull=False).distinct()
    return tuple((str(row.pk), row.title) for row in rows)


def _read_directory() -> Choices:
    return tuple((str(row.pk), str(row)) for row in DirectoryEntry.objects.in_use())


def _read_colleagues() -> Choices:
    return tuple((str(user.pk), str(user)) for user in availability.coordinators())


def _read_replies() -> Texts:
    rows = CannedReply.objects.select_related("translation_of")
    return tuple((row.language, str(row.pk), title_with_original(row)) for row in rows)


def _read_articles() -> Texts:
    return tuple((each.language, str(each.pk), str(each)) for each in list_articles())


#: A page may offer what is a minute old. What is sent is checked against what is there now.
checklists: ProcessCache[Choices] = ProcessCache(_read_checklists, ())
directory: ProcessCache[Choices] = ProcessCache(_read_directory, ())
colleagues: ProcessCache[Choices] = ProcessCache(_read_colleagues, ())
replies: ProcessCache[Texts] = ProcessCache(_read_replies, ())
articles: ProcessCache[Texts] = ProcessCache(_read_articles, ())


def clear_cache() -> None:
    for each in (checklists, directory, colleagues, replies, articles):
        each.clear()
