"""Topics and medical words in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from articles.models import Category, Term

#: Where names go that don't begin with a letter.
_NO_LETTER = "0–9"


@dataclass(frozen=True)
class Entry:
    name: str
    url: str
    kind: str
    #: The language to mark the name with; empty if it is that of the page.
    lang: str = ""

    @property
    def letter(self) -> str:
        first = slugify(self.name)[:1].upper()
        return first if first.isalpha() else _NO_LETTER

    @property
    def sort_key(self) -> tuple[str, str]:
        return (self.letter, slugify(self.name) or self.name.lower())


def list_by_letter() -> list[tuple[str, list[Entry]]]:
    """Return the letters that something begins with, each with its entries, in the page's language.

    Synonyms aren't listed: they are what one person wrote for search, and nobody reviewed them.
    """
    entries = sorted([*_topics(), *_terms()], key=lambda entry: entry.sort_key)
    return [(letter, [*found]) for letter, found in groupby(entries, lambda each: each.letter)]


def _topics() -> Iterator[Entry]:
    for category in Category.objects.for_readers():
        words = category.words
        yield Entry(words.name, category.get_absolute_url(), str(_("Topic")), lang=words.lang)


def _terms() -> Iterator[Entry]:
    glossary = reverse("articles:glossary")
    for term in Term.objects.in_order():
        url = f"{glossary}#word-{term.slug}"
        yield Entry(term.words.name, url, str(_("Medical word")), lang=term.words.lang)
