"""What patients read: articles, filed under categories."""

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse


def _is_filled(field: str) -> Q:
    return ~Q(**{field: ""})


_no_control_character = RegexValidator(
    r"[\x00-\x1f\x7f]", "Take out the control character.", inverse_match=True
)


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_use(self) -> Self:
        """Those that hold something a reader can open."""
        return self.filter(
            Exists(
                Article.objects.published()
                .order_by()
                .filter(categories=OuterRef("pk"))
                .values("pk")
            )
        )


class Category(models.Model):
    """A heading that articles are filed under, such as “Lupus”."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Feeds are XML, which has no way to write a control character.
    name = models.CharField(max_length=80, unique=True, validators=[_no_control_character])
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(
        max_length=300,
        blank=True,
        validators=[_no_control_character],
        help_text="One plain sentence, shown to readers.",
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(condition=_is_filled("name"), name="category_has_a_name"),
            models.CheckConstraint(condition=_is_filled("slug"), name="category_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:category", args=[self.slug])


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What readers may see, newest first."""
        return self.filter(state=Article.State.PUBLISHED).order_by("-published_at", "-id")

    def filed_under(self, category: Category) -> Self:
        return self.filter(categories=category)

    def for_lists(self) -> Self:
        """With what a list shows of each, and without the bodies."""
        return self.defer("body", "body_html", "references").prefetch_related("categories")

    def for_reading(self) -> Self:
        """With the people and categories that the article's own page shows."""
        return self.select_related("written_by", "reviewed_by").prefetch_related("categories")

    def related_to(self, article: "Article") -> Self:
        """Published articles that share a category with this one."""
        categories = [category.pk for category in article.categories.all()]
        shared = Article.categories.through.objects.filter(
            article=OuterRef("pk"), category__in=categories
        )
        return self.published().filter(Exists(shared)).exclude(pk=article.pk)


class Article(models.Model):
    """One text for readers. It changes only as a draft; readers see it only when published."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True, help_text="The last part of its address.")
    summary = models.CharField(
        max_length=400,
        blank=True,
        help_text="One or two sentences that are true on their own. Needed before publishing.",
    )
    body = models.TextField(help_text="Markdown. Headings start at ##.")
    # Made from `body` whenever it is saved, so that no reader waits for it.
    body_html = models.TextField(editable=False)
    references = models.TextField(
        blank=True, help_text="One source a line, with its DOI or PMID where it has one."
    )
    categories = models.ManyToManyField(Category, related_name="articles", blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    # Where an imported post came from; null for what was written here.
    source = models.CharField(max_length=500, unique=True, null=True, editable=False)  # noqa: DJ001
    # The SHA-256 of the imported text, by which the same post is known again, and the version that
    # importing made: any other means that somebody has worked on it here since.
    source_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    source_version = models.PositiveIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="articles_written",
        null=True,
        editable=False,
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="articles_reviewed",
        null=True,
        editable=False,
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_is_filled("title"), name="article_has_a_title"),
            models.CheckConstraint(condition=_is_filled("slug"), name="article_has_a_slug"),
            models.CheckConstraint(condition=_is_filled("body"), name="article_has_a_body"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published"]), name="article_state_is_known"
            ),
            # What readers see has been reviewed by somebody other than its author.
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    _is_filled("summary"),
                    published_at__isnull=False,
                    reviewed_at__isnull=False,
                    written_by__isnull=False,
                    reviewed_by__isnull=False,
                ),
                name="article_published_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(reviewed_by=models.F("written_by")),
                name="article_reviewer_is_not_author",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state="published"),
                name="article_published_newest",
            ),
        ]
        permissions = [("publish_article", "Can publish and withdraw articles")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("articles:article", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def reference_list(self) -> list[str]:
        return [line.strip() for line in self.references.splitlines() if line.strip()]


class SearchEntry(models.Model):
    """The words of one published article, as the search index reads them.

    Kept by the publishing verbs, so that no draft can be found. The index over it is made in
    migration 0003: FTS5 on SQLite, a stored tsvector on PostgreSQL.
    """

    article = models.OneToOneField(Article, models.CASCADE, related_name="search_entry")
    title = models.TextField()
    summary = models.TextField()
    words = models.TextField(help_text="The body as plain text.")

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.title
