"""The headings that articles are filed under."""

import uuid
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL, page_language, unlike_page


def is_filled(field: str) -> Q:
    return ~Q(**{field: ""})


no_control_character = RegexValidator(
    r"[\x00-\x1f\x7f]",
    _("This has an invisible character that isn’t allowed. Type it instead of pasting it."),
    inverse_match=True,
)


class Picture(models.TextChoices):
    """The drawings that a category can have: templates/icons, one file each."""

    BODY = "body", _("Body")
    BOOK = "book", _("Book")
    CELL = "cell", _("Cell")
    CORD = "cord", _("Umbilical cord")
    DRIP = "drip", _("Drip")
    FLASK = "flask", _("Flask")
    HEART = "heart", _("Heart")
    KIDNEYS = "kidneys", _("Kidneys")
    MEDICINE = "medicine", _("Medicine")


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_use(self) -> Self:
        """Categories with an article that readers can open."""
        filed = self.model.articles.through.objects.filter(
            category=OuterRef("pk"), article__live__isnull=False
        )
        return self.filter(Exists(filed.values("pk")))

    def with_words(self) -> Self:
        """Load their names and descriptions in the page's language."""
        return self if page_language() == ORIGINAL else self.prefetch_related("translations")

    def for_readers(self) -> "list[Category]":
        """Return those in use, by place, and then by their names in the page's language."""
        return sorted(self.in_use().with_words(), key=lambda each: each.place)


class Category(models.Model):
    """A heading that articles are filed under, such as “Lupus”."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Feeds are XML, which can't contain control characters.
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[no_control_character]
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        validators=[no_control_character],
        help_text=_("One plain sentence. Readers see it."),
    )
    # These are null where nothing is chosen, because a default would make SQLite copy the table and
    # lose its triggers.
    position = models.PositiveSmallIntegerField(
        _("place in the list of topics"),
        null=True,
        blank=True,
        help_text=_("1 comes first. Put what is most basic first. Empty: at the end, by name."),
    )
    picture = models.CharField(  # noqa: DJ001 - see above
        _("picture"), max_length=20, choices=Picture, null=True, blank=True
    )
    start_with = models.ForeignKey(
        "Article",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("article to read first"),
        help_text=_("The home page shows the one of the first topic."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(condition=is_filled("name"), name="category_has_a_name"),
            models.CheckConstraint(condition=is_filled("slug"), name="category_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:category", args=[self.slug])

    def names(self) -> dict[str, str]:
        """What it is called in each language."""
        return {ORIGINAL: self.name, **{t.language: t.name for t in self.translations.all()}}

    @property
    def words(self) -> "Category | CategoryTranslation":
        """The name and description in the page's language, or the original if not translated."""
        language = page_language()
        if language == ORIGINAL:
            return self
        return next((each for each in self.translations.all() if each.language == language), self)

    @property
    def place(self) -> tuple[bool, int, str]:
        """What the list of topics is sorted by."""
        return (self.position is None, self.position or 0, slugify(self.words.name))

    @property
    def icon(self) -> str:
        """The template that draws it."""
        return f"icons/{self.picture or Picture.BOOK}.html"

    @property
    def lang(self) -> str:
        return unlike_page(ORIGINAL)


class CategoryTranslation(models.Model):
    """The name and description of a category in another language."""

    #: Never marked, because readers only see it on pages in its own language.
    lang = ""

    category = models.ForeignKey(Category, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=80, validators=[no_control_character])
    description = models.CharField(max_length=300, blank=True, validators=[no_control_character])

    class Meta:
        default_permissions = ()
        ordering = ("language",)
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language"], name="category_translated_once"
            ),
            models.UniqueConstraint(fields=["language", "name"], name="category_translation_once"),
            models.CheckConstraint(
                condition=is_filled("name"), name="category_translation_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
