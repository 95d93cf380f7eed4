"""The few pages beside the articles: glossary terms, topics, and the site's own pages.

There are too few of them for an index: each process keeps them, and looks at every one.
"""

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True)
class Glance:
    """The pages of one language, by the stems in them."""

    pages: list[Page]
    by_stem: dict[str, list[int]]

    def that_say_any_of(self, stems: Iterable[str]) -> list[Page]:
        places = {place for stem in stems for place in self.by_stem.get(stem, ())}
        return [self.pages[place] for place in sorted(places)]


def in_language(language: str) -> Glance:
    return _glances.get().get(language, _NOTHING)


def _load() -> dict[str, Glance]:
    return {language: _load_in(language) for language, _ in settings.LANGUAGES}


def _load_in(language: str) -> Glance:
    with translation.override(language):
        pages = [*_site_pages(language), *_topics(language), *_terms(language)]
    by_stem: dict[str, list[int]] = {}
    for place, page in enumerate(pages):
        for stem in page.strengths:
            by_stem.setdefault(stem, []).append(place)
    return Glance(pages, by_stem)


_NOTHING = Glance([], {})
_glances = KeptForAWhile(_load, seconds=60)
