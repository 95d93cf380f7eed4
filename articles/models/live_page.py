"""What is built from a live revision in advance, so that no reader has to wait for it."""

from datetime import date

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from articles.languages import unlike_page
from articles.models.article import Article
from articles.models.reference import Reference
from articles.models.revision import Revision
from articles.models.term import Term

#: The number of headings from which a list of them helps readers.
_LEAST_IN_OUTLINE = 3


class LivePage(models.Model):
    """The finished HTML of an article's live revision, and the library items that it names.

    Maintained by `articles/reading/pages.py`, which rebuilds it when one of those changes.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="page")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    key_points_html = models.TextField(blank=True)
    body_html = models.TextField()
    references_html = models.TextField(blank=True)
    glossary_html = models.TextField(blank=True)
    # [id, level, title] of each heading.
    contents = models.JSONField(default=list)
    # [day, words] of each correction, latest first.
    corrections = models.JSONField(default=list)
    # schema.org data for search engines, as JSON.
    linked_data = models.TextField(blank=True)
    # Maps each language that readers can read it in to its slug; null for only its own language.
    addresses = models.JSONField(null=True)
    minutes = models.PositiveSmallIntegerField(default=1)
    sources = models.ManyToManyField(Reference, related_name="live_pages")
    terms = models.ManyToManyField(Term, related_name="live_pages")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article_id)

    def dated_corrections(self) -> list[tuple[date, str]]:
        return [(date.fromisoformat(day), words) for day, words in self.corrections]

    def outline(self, language: str) -> list[tuple[str, str, str]]:
        """Return the links of “On this page”: id, title, and the language to mark the title with.

        Empty if the page is short. `language` is the article's.
        """
        found = [(id_, title) for id_, level, title in self.contents if level == 2]  # noqa: PLR2004
        if len(found) < _LEAST_IN_OUTLINE:
            return []
        with translation.override(language):
            if self.references_html:
                found.append(("references-title", _("Sources")))
        lang = unlike_page(language)
        people = ("people", _("Who wrote and reviewed this"), "")
        return [*((id_, title, lang) for id_, title in found), people]
