"""What patients read: an article with its address, its categories, and its live revision."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL, language_name, page_language, unlike_page
from articles.models.article_queries import ArticleQuerySet
from articles.models.category import Category, is_filled
from articles.models.event import Event
from articles.models.revision import Approval, Revision
from articles.states import UNDER_REVIEW, State


class Article(models.Model):
    """One text for readers at one address. Its content is in revisions that never change.

    The database refuses a live revision unless someone other than its authors has approved
    exactly that content (articles/migrations/initial/triggers.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(
        _("slug"), max_length=200, unique=True, help_text=_("The last part of its address.")
    )
    # The title that readers see or last saw, or the latest one if they have seen none. It is stored
    # here to avoid a join.
    title = models.CharField(_("title"), max_length=200, editable=False)
    language = models.CharField(
        _("language"), max_length=10, default=ORIGINAL, db_default=ORIGINAL, editable=False
    )
    # A translation has its own review and address. There is at most one in each language.
    translation_of = models.ForeignKey(
        "self", models.PROTECT, related_name="translations", null=True, editable=False
    )
    # The revision of the original that the latest version was translated from.
    translated_from = models.ForeignKey(
        Revision, models.PROTECT, related_name="+", null=True, editable=False
    )
    categories = models.ManyToManyField(Category, related_name="articles", blank=True)
    related = models.ManyToManyField("self", editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    head = models.OneToOneField(Revision, models.PROTECT, related_name="head_of", editable=False)
    live = models.OneToOneField(
        Revision, models.PROTECT, related_name="live_of", null=True, editable=False
    )
    # Who was last asked to review it. Null: anyone who may.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    # The approval of the live revision, from its latest review.
    approval = models.ForeignKey(
        Approval, models.PROTECT, related_name="+", null=True, editable=False
    )
    # When it was first published, and when its live revision was.
    published_at = models.DateTimeField(null=True, editable=False)
    live_at = models.DateTimeField(null=True, editable=False)
    review_due_at = models.DateTimeField(null=True, editable=False)
    publish_at = models.DateTimeField(null=True, editable=False)
    retire_at = models.DateTimeField(null=True, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    # For readers who visit its address later.
    retired_because = models.CharField(max_length=400, blank=True, editable=False)
    instead = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    # Where an imported post came from; null for an article written here.
    source = models.CharField(max_length=500, unique=True, null=True, editable=False)  # noqa: DJ001
    # The SHA-256 of the imported text, by which the same post is recognized, and the version that
    # the import created: any other version means that someone has edited it here since.
    source_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    source_version = models.PositiveIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.CheckConstraint(condition=is_filled("title"), name="article_has_a_title"),
            models.CheckConstraint(condition=is_filled("slug"), name="article_has_a_slug"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="article_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(live__isnull=True, approval__isnull=True)
                | Q(
                    live__isnull=False,
                    approval__isnull=False,
                    published_at__isnull=False,
                    live_at__isnull=False,
                    review_due_at__isnull=False,
                    retired_at__isnull=True,
                ),
                name="article_live_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(live=models.F("head")),
                name="article_published_is_live",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETIRED) | Q(retired_at__isnull=False),
                name="article_retired_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SCHEDULED, publish_at__isnull=False)
                | Q(~Q(state=State.SCHEDULED), publish_at__isnull=True),
                name="article_scheduled_has_a_day",
            ),
            models.CheckConstraint(condition=is_filled("language"), name="article_has_a_language"),
            models.CheckConstraint(
                condition=Q(translation_of__isnull=True, translated_from__isnull=True)
                | Q(translation_of__isnull=False, translated_from__isnull=False)
                & ~Q(translation_of=models.F("id")),
                name="article_translation_names_its_original",
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False),
                name="article_translated_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(live__isnull=False),
                name="article_live_newest",
            ),
            models.Index(
                fields=["review_due_at", "id"],
                condition=Q(live__isnull=False),
                name="article_due_for_review",
            ),
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False),
                name="article_to_publish",
            ),
            models.Index(
                fields=["retire_at"], condition=Q(retire_at__isnull=False), name="article_to_retire"
            ),
            models.Index(fields=["state", "-updated_at"], name="article_by_state"),
        ]
        permissions = [("publish_article", "Can approve, publish and retire articles")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return a translation's URL in its own language; an original's in the page's language."""
        language = self.language if self.translation_of_id else page_language()
        with translation.override(language):
            return reverse("articles:article", args=[self.slug])

    @property
    def root_id(self) -> uuid.UUID:
        """The ID of the original, which can be this article."""
        return self.translation_of_id or self.pk

    @property
    def lang(self) -> str:
        """Its language, if the page around it is in another one; else empty."""
        return unlike_page(self.language)

    @property
    def language_label(self) -> str:
        return language_name(self.language)

    @property
    def is_behind(self) -> bool:
        """Whether the original's live revision is not the one that was translated."""
        original = self.translation_of
        return bool(original and original.live_id and original.live_id != self.translated_from_id)

    @property
    def is_live(self) -> bool:
        return self.live_id is not None

    @property
    def has_draft(self) -> bool:
        """Whether its latest revision is not the live one."""
        return self.head_id != self.live_id

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    def revision_read(self, number: int | None) -> Revision | None:
        """Return the published revision with that number; if there is none, the live one."""
        published = self.revisions.filter(events__kind=Event.Kind.PUBLISHED)
        seen = published.filter(number=number).first() if number else None
        return seen or self.live

    def sent_back(self) -> Event | None:
        """Return the event in which a reviewer sent it back, until it is submitted again."""
        kinds = (Event.Kind.SENT_BACK, Event.Kind.SUBMITTED)
        last = self.events.filter(kind__in=kinds).select_related("by").last()
        return last if last and last.kind == Event.Kind.SENT_BACK else None

    def is_overdue(self, now: datetime) -> bool:
        return self.review_due_at is not None and self.review_due_at <= now


class OldAddress(models.Model):
    """A slug that an article used to have. It redirects permanently to the article."""

    slug = models.SlugField(max_length=200, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug


class OldPath(models.Model):
    """A path that an imported article had on another site, such as “/2019/03/slug” or “/?p=12”.

    Once the article has been published, its path leads here permanently. Until then, nothing does.
    """

    path = models.CharField(max_length=450, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_paths")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.path
