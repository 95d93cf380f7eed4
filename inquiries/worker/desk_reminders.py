"""Reminders of drafts that nobody reviews, and of live articles that are due for a new review.

They go out while the clinic is open, by the hours that apply to routine requests.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from articles.editing import reviewers
from articles.editing.notices import ArticleNotice, queue_notice
from articles.evidence_stages import REVIEW_SOON
from articles.models import Article
from articles.states import State
from inquiries.deadlines import service_levels
from inquiries.models import Notice
from inquiries.states import Urgency

if TYPE_CHECKING:
    from uuid import UUID

    from portal.models import User

#: In working time, two days of eight hours: long enough to read a long draft beside other work,
#: and short enough that its author still knows what they wrote. After the same again, everyone who
#: may review it is reminded. No one is reminded of the same more often than this, or twice a day.
REMIND_AFTER = timedelta(hours=16)
#: Someone who was told that a review is due hears of it again after this, if it still is. Shorter
#: than `staff_notices.RETENTION`, after which nobody knows that they were told.
DUE_AGAIN = timedelta(days=28)
#: In one run; the rest follows in the next.
_MOST = 500


def send_reminders() -> int:
    """Queue all reminders that are due; return of how many articles somebody was reminded."""
    now = timezone.now()
    if not service_levels.level_for(Urgency.ROUTINE).timetable.is_open(now):
        return 0
    waiting = list(Article.objects.in_review()[:_MOST])
    told = Notice.objects.filter(
        article=OuterRef("pk"), kind=ArticleNotice.REVIEW_DUE, made_at__gt=now - DUE_AGAIN
    )
    due = list(Article.objects.due_for_review(now + REVIEW_SOON).exclude(Exists(told))[:_MOST])
    return sum(_remind_of_draft(each, now) for each in waiting) + sum(
        _remind_of_review(each, now) for each in due
    )


def _remind_of_draft(article: Article, now: datetime) -> bool:
    waits_since: datetime = article.waits_since  # type: ignore[attr-defined] # of `in_review`
    if _add(waits_since, REMIND_AFTER) > now:
        return False
    with transaction.atomic():
        locked = _lock(article)
        if locked.state != State.IN_REVIEW:
            return False
        able = reviewers.who_may_review(locked)
        is_late = _add(waits_since, 2 * REMIND_AFTER) <= now
        asked = [user for user in able if is_late or user.pk == locked.reviewer_id]
        reminded_at = _last_told(locked)
        return _queue(
            ArticleNotice.REVIEW_WAITS,
            locked,
            [user for user in asked or able if _is_due_again(reminded_at.get(user.pk), now)],
        )


def _remind_of_review(article: Article, now: datetime) -> bool:
    """Tell its authors and its last reviewer; if none of them is here, everyone who may review."""
    with transaction.atomic():
        locked = _lock(article)
        told = Notice.objects.filter(
            article=locked, kind=ArticleNotice.REVIEW_DUE, made_at__gt=now - DUE_AGAIN
        )
        if not locked.is_overdue(now + REVIEW_SOON) or told.exists():
            return False
        theirs = {*reviewers.authors(locked), *([locked.approval.by] if locked.approval else ())}
        here = [user for user in theirs if user.is_active and user.email]
        return _queue(ArticleNotice.REVIEW_DUE, locked, here or reviewers.who_may_review(locked))


def _lock(article: Article) -> Article:
    """Return the article as it is now; another worker waits, and then finds what we queued."""
    return Article.objects.select_for_update(no_key=True).get(pk=article.pk)


def _queue(kind: ArticleNotice, article: Article, users: "Iterable[User]") -> bool:
    users = [user for user in users if user.email]
    queue_notice(kind, article, users, by=None)
    return bool(users)


def _last_told(article: Article) -> "dict[UUID, datetime]":
    """Return when each person was last reminded of this draft."""
    told = Notice.objects.filter(article=article, kind=ArticleNotice.REVIEW_WAITS).order_by()
    return dict(told.values_list("user").annotate(Max("made_at")))


def _is_due_again(last: datetime | None, now: datetime) -> bool:
    if last is None:
        return True
    is_another_day = timezone.localdate(last) < timezone.localdate(now)
    return is_another_day and _add(last, REMIND_AFTER) <= now


def _add(at: datetime, amount: timedelta) -> datetime:
    return service_levels.level_for(Urgency.ROUTINE).add(at, amount)
