"""Topics and medical words in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Category, Term
from articles.models.term import index_key, index_letter


@dataclass(frozen=True)
class Entry:
    name: str
    url: str
    kind: str
    #: The language to mark the name with; empty if it is that of the page.
    lang: str = ""


def list_by_letter() -> list[tuple[str, list[Entry]]]:
    """Return the letters that something begins with, each with its entries, in the page's language.

    Synonyms aren't listed: they are what one person wrote for search, and nobody reviewed them.
    """
    entries = sorted([*_topics(), *_terms()], key=lambda entry: index_key(entry.name))
    by_letter = groupby(entries, lambda entry: index_letter(entry.name))
    return [(letter, [*found]) for letter, found in by_letter]


def _topics() -> Iterator[Entry]:
    for category in Category.objects.for_readers():
        words = category.words
        yield Entry(words.name, category.get_absolute_url(), _("Topic"), lang=words.lang)


def _terms() -> Iterator[Entry]:
    glossary = reverse("articles:glossary")
    for term in Term.objects.in_order():
        url = f"{glossary}#word-{term.slug}"
        yield Entry(term.words.name, url, _("Medical word"), lang=term.words.lang)
