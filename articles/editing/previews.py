"""Secret links by which somebody without an account reads one revision, for a few days."""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles.editing.history import record, refuse_outsider
from articles.models import Article, Event, PreviewLink, Revision
from articles.states import Refused

if TYPE_CHECKING:
    from portal.models import User

#: Longer ones are made again by who still wants the reader.
LONGEST_DAYS = 30


@transaction.atomic
def share(article: Article, *, days: int, by: "User") -> tuple[PreviewLink, str]:
    """A link to the newest revision; returned with its secret, which is kept nowhere."""
    refuse_outsider(by)
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"A preview link holds for 1 to {LONGEST_DAYS} days.")
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    link = PreviewLink.objects.create(
        revision=article.head,
        digest=_digest(secret),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    words = f"Until {link.expires_at:%Y-%m-%d %H:%M %Z}"
    record(article, Event.Kind.SHARED, by=by, revision=article.head, words=words)
    return link, secret


@transaction.atomic
def unshare(link: PreviewLink, *, by: "User") -> PreviewLink:
    """End a link before its time. Ending it twice is ending it once."""
    refuse_outsider(by)
    now = timezone.now()
    if PreviewLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
        link.ended_at = now
        revision = link.revision
        record(revision.article, Event.Kind.UNSHARED, by=by, revision=revision)
    return link


def shared_revision(secret: str) -> Revision | None:
    """What the link with this secret shows now; None where there is none, or no longer."""
    link = (
        PreviewLink.objects.filter(
            digest=_digest(secret), ended_at=None, expires_at__gt=timezone.now()
        )
        .select_related("revision__article")
        .prefetch_related("revision__article__categories")
        .first()
    )
    return link.revision if link else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
