"""Whether a notice about an article is still needed when its mail is written."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from articles.evidence_stages import REVIEW_SOON
from articles.models import Article
from articles.permissions import APPROVE
from articles.states import State
from inquiries.models import Notice

if TYPE_CHECKING:
    from portal.models import User

# Whoever has edited it since knows that it isn't.
_APPROVED = (State.APPROVED, State.SCHEDULED, State.PUBLISHED)


def is_needed(kind: str, article: Article, user: "User") -> bool:
    """Whether what it reports is still so, and this person still works on articles."""
    can_read = user.is_active and user.email and user.has_perm("articles.view_article")
    return bool(can_read) and _IS_STILL_SO[Notice.Kind(kind)](article, user)


def _is_asked(article: Article, user: "User") -> bool:
    return _may_take(article, user) and article.reviewer_id in {None, user.pk}


def _may_take(article: Article, user: "User") -> bool:
    return article.state == State.IN_REVIEW and user.has_perm(APPROVE)


_IS_STILL_SO: "dict[Notice.Kind, Callable[[Article, User], bool]]" = {
    Notice.Kind.REVIEW_ASKED: _is_asked,
    Notice.Kind.REVIEW_WAITS: _may_take,
    Notice.Kind.DRAFT_SENT_BACK: lambda article, user: article.state == State.DRAFT,
    Notice.Kind.DRAFT_APPROVED: lambda article, user: article.state in _APPROVED,
    Notice.Kind.REVIEW_DUE: lambda article, user: article.is_overdue(timezone.now() + REVIEW_SOON),
    Notice.Kind.COMMENTED: lambda article, user: article.threads.open().exists(),
    Notice.Kind.COMMENT_ANSWERED: lambda article, user: True,
}
