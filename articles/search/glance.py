"""The few pages beside the articles: glossary terms, topics, and the site's own pages.

There are too few of them for an index: each process keeps them, and looks at every one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from articles.models import Category, Term
from articles.process_cache import ProcessCache
from articles.search.entries import Text, strengths_of
from articles.search.site_pages import SITE_PAGES


@dataclass(frozen=True)
class Page:
    """What is found, and where it is."""

    text: Text
    #: Path and fragment.
    url: str
    #: "term", "topic", or "site".
    kind: str
    #: Of a topic or a term; of a page of the site, its route.
    slug: str
    #: The same in other languages: who types in one of them finds it, too.
    twins: tuple[Text, ...] = ()

    @cached_property
    def said(self) -> list[tuple[Text, Mapping[str, float]]]:
        """Each text, with how much it is about each stem."""
        is_site = self.kind == "site"
        return [
            (text, strengths_of(text, keep_silent=is_site)) for text in (self.text, *self.twins)
        ]


def _site_pages(language: str) -> Iterator[Page]:
    for page in SITE_PAGES:
        text = Text(
            language,
            title=str(page.title),
            summary=str(page.summary),
            headings=(str(page.also_called),),
        )
        yield Page(text, reverse(page.route), "site", page.route)


def _topics(language: str) -> Iterator[Page]:
    for category in Category.objects.for_readers():
        words = category.words
        if not words.lang:
            text = Text(language, title=words.name, summary=words.description)
            yield Page(text, category.get_absolute_url(), "topic", category.slug)


def _terms(language: str) -> Iterator[Page]:
    glossary = reverse("articles:glossary")
    for term in Term.objects.with_words():
        words = term.words
        if not words.lang:
            forms = tuple(words.forms.splitlines())
            text = Text(language, title=words.name, words=words.definition, headings=forms * 2)
            yield Page(text, f"{glossary}#word-{term.slug}", "term", term.slug)


@dataclass(frozen=True)
class Glance:
    """The pages of one language, by the stems of each language in them."""

    pages: list[Page]
    by_stem: dict[tuple[str, str], list[int]]
    #: The pages as they were read.
    read: list[Page]

    def says(self, language: str, stem: str) -> bool:
        return (language, stem) in self.by_stem

    def that_say_any_of(self, asked: Iterable[tuple[str, str]]) -> list[Page]:
        """`asked`: languages and stems."""
        places = {place for each in asked for place in self.by_stem.get(each, ())}
        return [self.pages[place] for place in sorted(places)]


def in_language(language: str) -> Glance:
    return _glances.get().get(language, _NOTHING)


def _load() -> dict[str, Glance]:
    """Read the pages, and index them only if one of them has changed."""
    pages = {language: _load_in(language) for language, _ in settings.LANGUAGES}
    if {language: each.read for language, each in _glances.value.items()} == pages:
        return _glances.value
    return {language: _with_twins(language, pages) for language in pages}


def _load_in(language: str) -> list[Page]:
    with translation.override(language):
        return [*_site_pages(language), *_topics(language), *_terms(language)]


def _with_twins(language: str, pages: Mapping[str, list[Page]]) -> Glance:
    texts: dict[tuple[str, str], list[Text]] = {}
    for page in (each for other in pages if other != language for each in pages[other]):
        texts.setdefault((page.kind, page.slug), []).append(page.text)
    found = [
        replace(page, twins=tuple(texts.get((page.kind, page.slug), ())))
        for page in pages[language]
    ]
    by_stem: dict[tuple[str, str], list[int]] = {}
    for place, page in enumerate(found):
        for text, strengths in page.said:
            for stem in strengths:
                by_stem.setdefault((text.language, stem), []).append(place)
    return Glance(found, by_stem, pages[language])


_NOTHING = Glance([], {}, [])
_glances: ProcessCache[dict[str, Glance]] = ProcessCache(_load, {}, is_needed=True)
