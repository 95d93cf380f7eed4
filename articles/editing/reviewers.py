"""Who may review a draft, and whom to ask first."""

from collections import Counter
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet

from articles.models import Approval, Article, Authorship
from articles.permissions import APPROVE
from articles.states import State

if TYPE_CHECKING:
    from portal.models import User


def who_may_review(article: Article) -> "list[User]":
    """Return everyone who may approve the newest revision, whom to ask first at the top.

    That is who was asked for this article before, then who has approved articles in its language,
    then who has the fewest drafts to review.
    """
    users: QuerySet[User] = get_user_model().objects.filter(is_active=True)
    users = users.exclude(pk__in=own_work(article).values("author"))
    reviewers = [user for user in users if user.has_perm(APPROVE)]
    approvals = Approval.objects.filter(
        by__in=reviewers, revision__article__language=article.language
    )
    know_language = set(approvals.order_by().values_list("by", flat=True).distinct())
    asked = Article.objects.filter(state=State.IN_REVIEW, reviewer__in=reviewers).order_by()
    load = Counter(dict(asked.values_list("reviewer").annotate(count=Count("pk"))))

    def place(user: "User") -> tuple[bool, bool, int, str]:
        is_new = user.pk != article.reviewer_id
        return is_new, user.pk not in know_language, load[user.pk], str(user)

    return sorted(reviewers, key=place)


def own_work(article: Article) -> "QuerySet[Authorship]":
    """Return who wrote the newest revision, or another one with the same text."""
    is_head = Q(revision=article.head) | Q(revision__digest=article.head.digest)
    return Authorship.objects.filter(is_head).order_by()


def authors(article: Article) -> "list[User]":
    """Return who wrote part of the newest revision."""
    return [each.author for each in article.head.authorships.select_related("author")]
