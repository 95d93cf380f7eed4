"""Text that somebody has typed and not saved, kept for them alone."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.article import Article
from articles.models.revision import Revision

if TYPE_CHECKING:
    from portal.models import User


class KeptTextQuerySet(models.QuerySet["KeptText"]):
    def still_open(self) -> Self:
        return self.filter(closed_at=None)

    def offered_to(self, user: "User", article: Article | None) -> Self:
        """What a person typed into an article, or into new ones, and did not save; newest first."""
        return self.still_open().filter(by=user, article=article).order_by("-kept_at")


class KeptText(models.Model):
    """What one window of an editor held when it was last heard of. It is no revision.

    Nobody else sees it. Once its text was saved it is empty, so that nothing sent before arrives
    after.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Null: a new article.
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", null=True)
    # The random token of the page that it was typed in.
    window = models.CharField(max_length=64)
    # Counts up within a window: a request that was overtaken changes nothing.
    number = models.BigIntegerField()
    # The article's version when the page was opened, and the text that it showed. Null: a new
    # article, or a page that didn't say.
    version = models.PositiveIntegerField(null=True)
    based_on = models.ForeignKey(Revision, models.CASCADE, related_name="+", null=True)
    # The fields of the form as typed: text, or a list of what was ticked.
    words = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = KeptTextQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["by", "window"], name="kept_text_of_a_window"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(words={}), name="kept_text_closed_is_empty"
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="kept_text_by_age")]

    def __str__(self) -> str:
        return f"{self.by}, {self.kept_at:%Y-%m-%d %H:%M}"

    def is_overtaken(self) -> bool:
        """Whether somebody saved another text of the article since this one was begun."""
        return self.article is not None and self.based_on_id != self.article.head_id
