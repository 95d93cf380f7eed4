"""The headings that articles are filed under."""

import uuid
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse


def is_filled(field: str) -> Q:
    return ~Q(**{field: ""})


no_control_character = RegexValidator(
    r"[\x00-\x1f\x7f]", "Take out the control character.", inverse_match=True
)


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_use(self) -> Self:
        """Those that hold something a reader can open."""
        filed = self.model.articles.through.objects.filter(
            category=OuterRef("pk"), article__live__isnull=False
        )
        return self.filter(Exists(filed.values("pk")))


class Category(models.Model):
    """A heading that articles are filed under, such as “Lupus”."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Feeds are XML, which has no way to write a control character.
    name = models.CharField(max_length=80, unique=True, validators=[no_control_character])
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(
        max_length=300,
        blank=True,
        validators=[no_control_character],
        help_text="One plain sentence, shown to readers.",
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(condition=is_filled("name"), name="category_has_a_name"),
            models.CheckConstraint(condition=is_filled("slug"), name="category_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:category", args=[self.slug])
