"""Secret links that let somebody without an account read one revision for a few days."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles.editing import words
from articles.editing.transitions import record_event, require_editor_or_reviewer
from articles.models import Article, Event, PreviewLink
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

#: Anyone who needs a link for longer makes a new one.
MAX_DAYS = 30
_KEPT = timedelta(days=30)


@transaction.atomic
def create_preview_link(article: Article, *, days: int, by: "User") -> tuple[PreviewLink, str]:
    """Make a link to the newest revision, and return it with its secret, which is not stored."""
    require_editor_or_reviewer(by)
    if not 1 <= days <= MAX_DAYS:
        raise StepRefused(words.LINK_DAYS % {"most": MAX_DAYS})
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    link = PreviewLink.objects.create(
        revision=article.head,
        digest=_digest(secret),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    record_event(
        article, Event.Kind.SHARED, by=by, revision=article.head, words=words.until(link.expires_at)
    )
    return link, secret


@transaction.atomic
def end_preview_link(link: PreviewLink, *, by: "User") -> PreviewLink:
    """End a link before it expires. Idempotent: ending it again changes nothing."""
    require_editor_or_reviewer(by)
    now = timezone.now()
    if PreviewLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
        link.ended_at = now
        revision = link.revision
        record_event(revision.article, Event.Kind.UNSHARED, by=by, revision=revision)
    return link


def delete_old_links(now: datetime) -> None:
    """Delete links a month after they ended. The article's history still says who shared what."""
    PreviewLink.objects.filter(expires_at__lt=now - _KEPT).delete()


def find_link(secret: str) -> PreviewLink | None:
    """Return the link with this secret; None if it does not exist or has ended."""
    rows = PreviewLink.objects.working().filter(digest=_digest(secret))
    return rows.select_related("revision__article").first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
