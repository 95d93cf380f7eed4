"""What happened to an article."""

from django.conf import settings
from django.db import models

from articles.models.revision import Revision


class Event(models.Model):
    """One thing that happened to an article. Never changed, only added to (triggers)."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "Drafted"
        REVISED = "revised", "Edited"
        RESTORED = "restored", "Restored from an earlier revision"
        FILED = "filed", "Filed under other categories"
        MOVED = "moved", "Given another address"
        TRANSLATED = "translated", "Brought up to date with the original"
        SUBMITTED = "submitted", "Sent to review"
        SENT_BACK = "sent_back", "Sent back"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"
        UNSCHEDULED = "unscheduled", "Taken off the schedule"
        PUBLISHED = "published", "Published"
        CONFIRMED = "confirmed", "Reviewed again"
        DUE = "due", "Put into the review list"
        RETIREMENT_SET = "retirement_set", "Retirement planned"
        RETIRED = "retired", "Retired"
        SHARED = "shared", "Preview link made"
        UNSHARED = "unshared", "Preview link ended"
        WITHDRAWN = "withdrawn", "Picture withdrawn"

    article = models.ForeignKey("Article", models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="events", null=True)
    # Null: done by the clock, or by an import that named nobody.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    # Why, or to where: for colleagues.
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        indexes = [models.Index(fields=["article", "id"], name="article_events")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article_id}"
