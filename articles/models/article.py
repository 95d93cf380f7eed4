"""What patients read: an address, its categories, and the revision that stands there."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from articles.models.category import Category, is_filled
from articles.models.event import Event
from articles.models.reference import Reference
from articles.models.revision import Approval, Authorship, Revision
from articles.states import UNDER_REVIEW, State


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What readers may see, newest first."""
        return self.filter(live__isnull=False).order_by("-published_at", "-id")

    def filed_under(self, category: Category) -> Self:
        return self.filter(categories=category)

    def for_lists(self) -> Self:
        """With what a list shows of each, and without the bodies."""
        return (
            self.select_related("live", "approval")
            .only(
                "slug", "title", "published_at", "live_at",
                "live__summary", "live__stage", "approval__at",
            )
            .prefetch_related("categories")
        )  # fmt: skip

    def get_live(self, slug: str) -> "Article | None":
        """What readers see at this address, with its finished page and what stands around it."""
        found = self.filter(slug=slug, live__isnull=False).select_related(
            "live", "approval__by", "page"
        )
        found = found.only(
            "slug", "published_at", "live_at", "review_due_at", "updated_at",
            "live__number", "live__title", "live__summary", "live__stage",
            "approval__at", "approval__interests",
            "approval__by__first_name", "approval__by__last_name",
            "approval__by__role", "approval__by__credentials",
            "page__key_points_html", "page__body_html", "page__references_html",
            "page__glossary_html", "page__contents", "page__corrections", "page__linked_data",
            "page__minutes",
        )  # fmt: skip
        return next(iter(found), None)

    def for_feeds(self) -> Self:
        return self.for_lists().prefetch_related(_with_authors())

    def get_published(self, slug: str) -> "Article | None":
        """What readers see at an address, or saw there before it was retired."""
        shown = self.filter(slug=slug, published_at__isnull=False)
        return shown.select_related("live").first()

    def get_retired(self, slug: str) -> "Article | None":
        """What readers saw at this address once, and no longer."""
        return (
            self.filter(
                slug=slug, live__isnull=True, retired_at__isnull=False, published_at__isnull=False
            )
            .select_related("instead")
            .first()
        )

    def for_export(self) -> Self:
        return self.select_related("head", "live").prefetch_related("categories")

    def for_staff(self) -> Self:
        """With what the pages of editors and reviewers show of each."""
        return self.select_related(
            "head__made_by", "live", "approval__by", "instead"
        ).prefetch_related("categories")

    def related_to(self, article: "Article") -> Self:
        """Published articles that share categories or terms with it, those that share most first.

        Which they are `pages` has found.
        """
        categories = Q(categories__articles=article)
        terms = Q(page__terms__live_pages=article.pk)
        return (
            self.published()
            .filter(related=article)
            .annotate(
                shared=Count("categories", filter=categories, distinct=True)
                + Count("page__terms", filter=terms, distinct=True)
            )
            .order_by("-shared", "-published_at", "-id")
        )

    def citing(self, reference: Reference) -> Self:
        """Published articles whose pages cite a source."""
        return self.published().filter(page__sources=reference)

    def due_for_review(self, now: datetime) -> Self:
        """What readers see and should have been checked again by now, longest overdue first."""
        return self.filter(live__isnull=False, review_due_at__lte=now).order_by(
            "review_due_at", "id"
        )

    def for_review_list(self) -> Self:
        """What readers see, in the order in which its review falls due, with what called for it."""
        called_for = Event.objects.filter(kind=Event.Kind.DUE).order_by("-id")
        return (
            self.filter(live__isnull=False)
            .order_by("review_due_at", "id")
            .select_related("live", "approval__by")
            .defer("live__body", "live__key_points", "approval__answers")
            .prefetch_related(Prefetch("events", called_for, to_attr="called_for"))
        )

    def under_review(self) -> Self:
        return self.filter(state__in=UNDER_REVIEW)

    def due_to_publish_or_retire(self, now: datetime) -> Self:
        """Those that are to appear or to go by now."""
        return self.filter(Q(publish_at__lte=now) | Q(retire_at__lte=now))


def _with_authors() -> "Prefetch[str]":
    return Prefetch("live__authorships", Authorship.objects.select_related("author"))


class Article(models.Model):
    """One text for readers under one address. Its words are in revisions that never change.

    The database refuses a live revision that somebody other than its authors has not approved
    just as it is (articles/migrations/initial/triggers.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=200, unique=True, help_text="The last part of its address.")
    # Of what readers see or saw last, or of the newest where they saw nothing yet: what it goes by,
    # without a join.
    title = models.CharField(max_length=200, editable=False)
    categories = models.ManyToManyField(Category, related_name="articles", blank=True)
    related = models.ManyToManyField("self", editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    head = models.OneToOneField(Revision, models.PROTECT, related_name="head_of", editable=False)
    live = models.OneToOneField(
        Revision, models.PROTECT, related_name="live_of", null=True, editable=False
    )
    # By which the live revision stands there; of its latest review.
    approval = models.ForeignKey(
        Approval, models.PROTECT, related_name="+", null=True, editable=False
    )
    # First, and with the revision that is live now.
    published_at = models.DateTimeField(null=True, editable=False)
    live_at = models.DateTimeField(null=True, editable=False)
    review_due_at = models.DateTimeField(null=True, editable=False)
    publish_at = models.DateTimeField(null=True, editable=False)
    retire_at = models.DateTimeField(null=True, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)
    # For readers who come to its address afterwards.
    retired_because = models.CharField(max_length=400, blank=True, editable=False)
    instead = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    # Where an imported post came from; null for what was written here.
    source = models.CharField(max_length=500, unique=True, null=True, editable=False)  # noqa: DJ001
    # The SHA-256 of the imported text, by which the same post is known again, and the version that
    # importing made: any other means that somebody has worked on it here since.
    source_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    source_version = models.PositiveIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The page of readers too: it goes by this whether it was made anew (`fresh`).
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
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
        return reverse("articles:article", args=[self.slug])

    @property
    def is_live(self) -> bool:
        return self.live_id is not None

    @property
    def has_draft(self) -> bool:
        """Whether its newest revision is not what readers see."""
        return self.head_id != self.live_id

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    def revision_read(self, number: int | None) -> Revision | None:
        """The revision that somebody had before her; by default what readers see now."""
        published = self.revisions.filter(events__kind=Event.Kind.PUBLISHED)
        seen = published.filter(number=number).first() if number else None
        return seen or self.live

    def sent_back(self) -> Event | None:
        """How a reviewer sent it back, until it goes to review again."""
        kinds = (Event.Kind.SENT_BACK, Event.Kind.SUBMITTED)
        last = self.events.filter(kind__in=kinds).select_related("by").last()
        return last if last and last.kind == Event.Kind.SENT_BACK else None

    def is_overdue(self, now: datetime) -> bool:
        return self.review_due_at is not None and self.review_due_at <= now


class OldAddress(models.Model):
    """A slug that an article had: readers who hold it are sent on for good."""

    slug = models.SlugField(max_length=200, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name_plural = "old addresses"

    def __str__(self) -> str:
        return self.slug
