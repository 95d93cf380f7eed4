"""What colleagues are told of an article by mail: that something is there, never what it says."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from articles.models import Article

if TYPE_CHECKING:
    from portal.models import User


class ArticleNotice(StrEnum):
    """The notices about an article; their words are those of `inquiries.models.Notice.Kind`."""

    REVIEW_ASKED = "review_asked"
    REVIEW_WAITS = "review_waits"
    SENT_BACK = "draft_sent_back"
    APPROVED = "draft_approved"
    REVIEW_DUE = "review_due"
    COMMENTED = "commented"
    COMMENT_ANSWERED = "comment_answered"


def queue_notice(
    kind: ArticleNotice, article: Article, users: "Iterable[User]", *, by: "User | None"
) -> None:
    """Queue a mail to each of them except `by`, in the transaction of what it reports.

    The queue is named in the settings, because it belongs to an app above this one.
    """
    queue: Callable[..., None] = import_string(settings.QUEUE_ARTICLE_NOTICE)
    queue(kind, article, users, by=by)
