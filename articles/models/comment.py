"""Comments: of readers about an article, and in threads of colleagues and experts on a passage."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from articles.models.category import is_filled
from articles.models.revision import PreviewLink, Revision

if TYPE_CHECKING:
    from portal.models import User

#: In characters: room for a few sentences of a reader, but not for a letter about an illness.
LONGEST_READER_COMMENT = 500
#: In characters, on a passage.
LONGEST_COMMENT = 2_000
LONGEST_QUOTE = 300
LONGEST_NAME = 80


class ReaderComment(models.Model):
    """Which part of a revision was unclear to a reader, and why. Deleted after a while.

    Only editors and reviewers see it, and nothing shows who wrote it: there is a day, but no time.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments")
    # The id of a heading on the page; empty for the whole page.
    section = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=LONGEST_READER_COMMENT, blank=True)
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


class CommentThreadQuerySet(models.QuerySet["CommentThread"]):
    def open(self) -> Self:
        """Those that nobody has resolved, oldest first."""
        return self.filter(resolved_at=None).order_by("id")

    def resolved(self) -> Self:
        """Those that are resolved, the latest first."""
        return self.filter(resolved_at__isnull=False).order_by("-resolved_at", "-id")

    def for_review(self) -> Self:
        """Load what the review page shows of each thread."""
        return (
            self.select_related("opened_by", "resolved_by", "revision")
            .defer("revision__body", "revision__key_points")
            .prefetch_related(Prefetch("comments", Comment.objects.select_related("by")))
        )

    def answered_for(self, user: "User") -> Self:
        """Open threads that they wrote in, where someone else wrote last."""
        theirs = Comment.objects.filter(thread=OuterRef("pk"), by=user)
        return self.open().filter(Exists(theirs)).exclude(last_by=user)


class CommentThread(models.Model):
    """What was said about one passage of an article. Open until somebody resolves it."""

    article = models.ForeignKey("Article", models.PROTECT, related_name="threads")
    # What whoever opened it was reading.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    # The words of the passage, and those of them it is about, as they were then.
    passage = models.TextField()
    quote = models.CharField(max_length=LONGEST_QUOTE, blank=True)
    # Where it is in the newest revision: `articles.editing.places.Place`.
    digest = models.CharField(max_length=64)
    ordinal = models.PositiveIntegerField(default=0)
    # Whether the newest revision still has the passage, or one much like it.
    is_placed = models.BooleanField(default=True)
    # Null: an expert with a preview link.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    # Who wrote the newest comment. Null: an expert.
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    resolved_at = models.DateTimeField(null=True)

    objects = CommentThreadQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=is_filled("passage"), name="thread_has_a_passage"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["article"], condition=Q(resolved_at__isnull=True), name="thread_open"
            )
        ]

    def __str__(self) -> str:
        return f"thread {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def about(self) -> str:
        """The words it is about, as they were then."""
        return self.quote or self.passage


class Comment(models.Model):
    """What one person said in a thread. Never changed, but its words can be erased."""

    thread = models.ForeignKey(CommentThread, models.PROTECT, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    # The name of an expert, as they gave it, and the link that they had, until it is deleted.
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    link = models.ForeignKey(PreviewLink, models.SET_NULL, related_name="comments", null=True)
    text = models.TextField(max_length=LONGEST_COMMENT, blank=True)
    at = models.DateTimeField()
    # If it named a patient, for instance.
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=is_filled("text") & Q(erased_by__isnull=True)
                | Q(text="", erased_by__isnull=False),
                name="passage_comment_has_words",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False, name="") | Q(by__isnull=True) & is_filled("name"),
                name="passage_comment_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class LastRead(models.Model):
    """Which revision of an article someone read last on the review page, and which before it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey("Article", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    before = models.ForeignKey(Revision, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["by", "article"], name="last_read_once"),
            models.CheckConstraint(
                condition=Q(before__isnull=True) | ~Q(before=F("revision")),
                name="last_read_another_before",
            ),
        ]

    def __str__(self) -> str:
        return f"last read {self.pk}"
