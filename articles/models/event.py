"""What happened to an article."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class Event(models.Model):
    """One thing that happened to an article. Rows are only added, never changed (triggers)."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        REVISED = "revised", _("Edited")
        RESTORED = "restored", _("Restored from an earlier revision")
        FILED = "filed", _("Categories changed")
        MOVED = "moved", _("Address changed")
        TRANSLATED = "translated", _("Confirmed up to date with the original")
        SUBMITTED = "submitted", _("Submitted for review")
        SENT_BACK = "sent_back", _("Sent back")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        UNSCHEDULED = "unscheduled", _("Removed from the schedule")
        PUBLISHED = "published", _("Published")
        CONFIRMED = "confirmed", _("Reviewed again")
        DUE = "due", _("Added to the review list")
        RETIREMENT_SET = "retirement_set", _("Retirement scheduled")
        RETIRED = "retired", _("Retired")
        SHARED = "shared", _("Preview link created")
        UNSHARED = "unshared", _("Preview link revoked")
        WITHDRAWN = "withdrawn", _("Picture withdrawn")
        COMMENTED = "commented", _("Passage commented on")
        ANSWERED = "answered", _("Comment answered")
        RESOLVED = "resolved", _("Comment resolved")
        REOPENED = "reopened", _("Comment reopened")
        ERASED = "erased", _("Words of a comment deleted")

    article = models.ForeignKey("Article", models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="events", null=True)
    # Null: done on schedule, by an import that named nobody, or by an expert with a preview link.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    # The reason or other details, for colleagues.
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        indexes = [models.Index(fields=["article", "id"], name="article_events")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article_id}"
