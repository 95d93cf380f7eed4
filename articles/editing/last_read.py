"""Which revision of an article somebody read last, so that they can read only what changed."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, LastRead, Revision

if TYPE_CHECKING:
    from portal.models import User


def note_reading(article: Article, *, by: "User") -> Revision | None:
    """Note that they opened the newest revision; return the one that they read before it, if any.

    Opening it again changes nothing, so that what they are offered to compare stays.
    """
    found = LastRead.objects.select_related("before", "revision")
    row = found.filter(by=by, article=article).first()
    if row and row.revision_id == article.head_id:
        return row.before
    now = timezone.now()
    if row is None:
        try:
            with transaction.atomic():
                LastRead.objects.create(by=by, article=article, revision=article.head, at=now)
        except IntegrityError:
            pass  # the same person opened it twice at once
        return None
    LastRead.objects.filter(pk=row.pk).update(before=row.revision, revision=article.head, at=now)
    return row.revision
