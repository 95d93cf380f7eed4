"""The glossary: words that readers may not know."""

import uuid

from django.db import models
from django.utils.text import slugify

from articles.models.category import is_filled, no_control_character
from articles.rendering.library_snapshot import GlossaryEntry


class TermQuerySet(models.QuerySet["Term"]):
    def in_order(self) -> "list[Term]":
        """By letter, whatever the case: databases differ in how they sort."""
        return sorted(self.only("name", "slug", "definition"), key=lambda term: term.sort_key)


class Term(models.Model):
    """A word with its plain definition; an article marks it where it first stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True, validators=[no_control_character])
    slug = models.SlugField(max_length=80, unique=True)
    forms = models.TextField(
        blank=True, max_length=500, help_text="Other ways to write it, one a line: its plural."
    )
    definition = models.CharField(
        max_length=400,
        validators=[no_control_character],
        help_text="One or two short sentences that a twelve-year-old understands.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=is_filled("name"), name="term_has_a_name"),
            models.CheckConstraint(condition=is_filled("definition"), name="term_is_defined"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sort_key(self) -> tuple[str, str]:
        return (self.letter, slugify(self.name) or self.name.lower())

    @property
    def letter(self) -> str:
        """Under which the glossary has it; “0–9” for what begins with no letter."""
        first = slugify(self.name)[:1].upper()
        return first if first.isalpha() else "0–9"

    def as_entry(self) -> GlossaryEntry:
        forms = tuple(line.strip() for line in self.forms.splitlines() if line.strip())
        return GlossaryEntry(
            slug=self.slug, name=self.name, definition=self.definition, forms=forms
        )
