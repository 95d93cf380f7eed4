"""The glossary: words that readers may not know."""

import uuid
from typing import Self

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from articles.languages import ORIGINAL, page_language, unlike_page
from articles.models.category import is_filled, no_control_character
from articles.rendering.library_snapshot import GlossaryEntry


class TermQuerySet(models.QuerySet["Term"]):
    def in_order(self) -> "list[Term]":
        """Return terms by letter, ignoring case, because databases differ in how they sort."""
        found = self.only("name", "slug", "definition").with_words()
        return sorted(found, key=lambda term: term.sort_key)

    def entries_in(self, language: str) -> tuple[GlossaryEntry, ...]:
        """Return the entries of terms that have words in a language, for a text in it."""
        if language == ORIGINAL:
            return tuple(term.as_entry() for term in self.all())
        rows = self.prefetch_related("translations")
        found = (term.as_entry_in(language) for term in rows)
        return tuple(entry for entry in found if entry)

    def with_words(self) -> Self:
        """Load their names and definitions in the page's language."""
        return self if page_language() == ORIGINAL else self.prefetch_related("translations")


class Term(models.Model):
    """A word with its plain definition. An article marks the first place where it uses the word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[no_control_character]
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    forms = models.TextField(
        _("forms"),
        blank=True,
        max_length=500,
        help_text=_("Other ways to write it, one per line, such as its plural."),
    )
    definition = models.CharField(
        _("definition"),
        max_length=400,
        validators=[no_control_character],
        help_text=_("One or two short sentences that a twelve-year-old understands."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=is_filled("name"), name="term_has_a_name"),
            models.CheckConstraint(condition=is_filled("definition"), name="term_is_defined"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> "Term | TermTranslation":
        """The name and definition in the page's language, or the original if not translated."""
        language = page_language()
        if language == ORIGINAL:
            return self
        return next((each for each in self.translations.all() if each.language == language), self)

    @property
    def lang(self) -> str:
        return unlike_page(ORIGINAL)

    @property
    def sort_key(self) -> tuple[str, str]:
        return index_key(self.words.name)

    @property
    def letter(self) -> str:
        """The letter that the glossary lists it under."""
        return index_letter(self.words.name)

    def as_entry(self) -> GlossaryEntry:
        return _entry(self, self.slug)

    def as_entry_in(self, language: str) -> GlossaryEntry | None:
        """Return the entry for a text in another language; None if it isn't translated into it."""
        found = (each for each in self.translations.all() if each.language == language)
        return next((_entry(each, self.slug) for each in found), None)


class TermTranslation(models.Model):
    """A glossary term in another language, with its spellings in that language."""

    #: Never marked, because readers only see it on pages in its own language.
    lang = ""

    term = models.ForeignKey(Term, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=80, validators=[no_control_character])
    forms = models.TextField(blank=True, max_length=500)
    definition = models.CharField(max_length=400, validators=[no_control_character])

    class Meta:
        default_permissions = ()
        ordering = ("language",)
        constraints = [
            models.UniqueConstraint(fields=["term", "language"], name="term_translated_once"),
            models.UniqueConstraint(fields=["language", "name"], name="term_translation_once"),
            models.CheckConstraint(condition=is_filled("name"), name="term_translation_has_a_name"),
            models.CheckConstraint(
                condition=is_filled("definition"), name="term_translation_is_defined"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _entry(words: Term | TermTranslation, slug: str) -> GlossaryEntry:
    forms = tuple(line.strip() for line in words.forms.splitlines() if line.strip())
    return GlossaryEntry(slug=slug, name=words.name, definition=words.definition, forms=forms)


# --- Lists by letter ------------------------------------------------------------------------------


def index_letter(name: str) -> str:
    """Return the letter that a name is listed under; “0–9” if it doesn't start with a letter."""
    first = slugify(name)[:1].upper()
    return first if first.isalpha() else "0–9"


def index_key(name: str) -> tuple[str, str]:
    """Return what sorts names by letter, ignoring case and accents."""
    return (index_letter(name), slugify(name) or name.lower())
