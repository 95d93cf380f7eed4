"""An import of posts on its page: what was uploaded, what each post becomes, what came of it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class PostImport(models.Model):
    """One upload by one editor. Nobody else sees it, and it ends after a day."""

    class State(models.TextChoices):
        READING = "reading", _("Reading the posts")
        CHOOSING = "choosing", _("Ready to import")
        STORING = "storing", _("Creating drafts")
        DONE = "done", _("Finished")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    # The hash of all files: the same upload sent twice is one import.
    digest = models.CharField(max_length=64)
    # The names of the uploaded files, in the order of their numbers on disk.
    files = models.JSONField(default=list)
    # Files that were refused, each with its reason.
    refused = models.JSONField(default=list)
    state = models.CharField(max_length=20, choices=State, default=State.READING)
    # The accounts of people whom the old site names as authors.
    authors = models.JSONField(default=dict)
    # Until when a request works on it; if that request dies, another one continues after this.
    busy_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("-started_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["by", "digest"], condition=~Q(state="done"), name="import_once"
            )
        ]
        indexes = [models.Index(fields=["started_at"], name="import_by_age")]

    def __str__(self) -> str:
        return ", ".join(self.files)

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.READING, self.State.STORING}

    def previews(self) -> list[dict[str, Any]]:
        """Return what each post that was read becomes."""
        read = self.lines.filter(outcome="", preview__isnull=False)
        return [shown or {} for shown in read.values_list("preview", flat=True)]

    def lines_in_order(self) -> QuerySet["ImportLine"]:
        """Return its lines with their articles; those that went wrong first, once it is done."""
        wrong = [ImportLine.Outcome.REFUSED, ImportLine.Outcome.FAULTY]
        went_well = Case(When(outcome__in=wrong, then=0), default=1)
        order = (went_well, "place") if self.state == self.State.DONE else ("place",)
        return self.lines.select_related("article").order_by(*order)

    def count_read(self) -> int:
        return self.lines.exclude(preview__isnull=True, outcome="").count()

    def count_outcomes(self) -> dict[str, int]:
        """Return how many posts had each outcome."""
        ended = self.lines.exclude(outcome="").order_by().values_list("outcome")
        return dict(ended.annotate(count=Count("pk")).order_by("outcome"))


class ImportLine(models.Model):
    """One post of an import."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Draft created")
        UPDATED = "updated", _("Draft updated")
        UNCHANGED = "unchanged", _("Already here, unchanged")
        LEFT_OUT = "left out", _("Left out")
        REFUSED = "refused", _("Refused")
        FAULTY = "faulty", _("Can’t be imported")

    post_import = models.ForeignKey(PostImport, models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField()
    # The number of its file, and its place there.
    file = models.PositiveIntegerField()
    item = models.PositiveIntegerField()
    label = models.CharField(max_length=300)
    # Null until it was read.
    preview = models.JSONField(null=True)
    # Empty until it was imported.
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    # Why it was not imported.
    reason = models.TextField(blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["post_import", "place"], name="import_line_place")
        ]

    def __str__(self) -> str:
        return self.label
