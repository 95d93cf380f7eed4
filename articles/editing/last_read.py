"""Which revision of an article somebody read last, so that they can read only what changed."""

from typing import TYPE_CHECKING

from django.utils import timezone

from articles.models import Article, LastRead, Revision

if TYPE_CHECKING:
    from portal.models import User


def note_reading(article: Article, *, by: "User") -> Revision | None:
    """Note that they opened the newest revision; return the one that they read before it, if any.

    Opening it again changes nothing, so that what they are offered to compare stays.
    """
    now = timezone.now()
    rows = LastRead.objects.select_related("before", "revision")
    row, is_new = rows.get_or_create(
        by=by, article=article, defaults={"revision": article.head, "at": now}
    )
    if is_new or row.revision_id == article.head_id:
        return row.before
    rows.filter(pk=row.pk).update(before=row.revision, revision=article.head, at=now)
    return row.revision
