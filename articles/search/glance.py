"""The few pages beside the articles: glossary terms, topics, and the site's own pages.

There are too few of them for an index: each process keeps them, and looks at every one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from articles.models import Category, Term
from articles.search.entries import Text, strengths_of
from articles.search.kept import KeptForAWhile
from articles.search.site_pages import SITE_PAGES


@dataclass(frozen=True)
class Page:
    """What is found, and where it is."""

    text: Text
    #: Path and fragment.
    url: str
    #: "term", "topic", or "site".
    kind: str
    #: Of a topic or a term.
    slug: str = ""

    @cached_property
    def strengths(self) -> Mapping[str, float]:
        return strengths_of(self.text, keep_silent=self.kind == "site")


def _load() -> dict[str, list[Page]]:
    found = {}
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            found[language] = [*_site_pages(language), *_topics(language), *_terms(language)]
    return found


def _site_pages(language: str) -> Iterator[Page]:
    for page in SITE_PAGES:
        text = Text(
            language,
            title=str(page.title),
            summary=str(page.summary),
            headings=(str(page.also_called),),
        )
        yield Page(text, reverse(page.route), "site")


def _topics(language: str) -> Iterator[Page]:
    for category in Category.objects.for_readers():
        words = category.words
        if not words.lang:
            text = Text(language, title=words.name, summary=words.description)
            yield Page(text, category.get_absolute_url(), "topic", category.slug)


def _terms(language: str) -> Iterator[Page]:
    glossary = reverse("articles:glossary")
    for term in Term.objects.in_order():
        words = term.words
        if not words.lang:
            forms = tuple(words.forms.splitlines())
            text = Text(language, title=words.name, words=words.definition, headings=forms * 2)
            yield Page(text, f"{glossary}#word-{term.slug}", "term", term.slug)


pages = KeptForAWhile(_load, seconds=60)


def _stems() -> dict[str, frozenset[str]]:
    return {
        language: frozenset(stem for page in found for stem in page.strengths)
        for language, found in pages.get().items()
    }


#: Every stem of these pages, by language.
stems = KeptForAWhile(_stems, seconds=60)
