"""Comments from readers to the editors about an article."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models.revision import Revision

#: In characters: room for a few sentences, but not for a letter about an illness.
LONGEST_COMMENT = 500


class ReaderComment(models.Model):
    """Which part of a revision was unclear to a reader, and why. Deleted after a while.

    Only editors and reviewers see it, and nothing shows who wrote it: there is a day, but no time.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    # The id of a heading on the page; empty for the whole page.
    section = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=LONGEST_COMMENT, blank=True)
    day = models.DateField()
    # The colleague who has read it and kept it for the others.
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(section="") | ~Q(text=""), name="comment_says_something"
            )
        ]
        indexes = [models.Index(fields=["day"], name="comment_by_day")]

    def __str__(self) -> str:
        return f"comment {self.pk}"
