"""What an editor can insert into a text: items of the library, parts, and findings."""

from collections.abc import Callable
from functools import partial, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation

from articles.admin import words
from articles.models import Article, Image, Reference, Term
from articles.models.image import escape_markdown
from articles.rendering import card_words
from articles.rendering.library_snapshot import StudyDesign
from articles.rendering.required_parts import MORE, MORE_TITLE, PARTS

#: Results of one search. If the right one isn't among them, the editor types more of it.
_MOST_FOUND = 20
_MOST_WORDS = 6

#: Each hit has the text to insert, a title, a detail, a warning, and the address of a thumbnail;
#: all but the first two may be empty.
SearchHit = dict[str, str]


def _sources(query: str) -> list[SearchHit]:
    return [
        {
            "insert": f"[@{source.key}]",
            "key": source.key,
            "design": source.design,
            "title": source.title,
            "detail": " · ".join(
                filter(None, [source.key, source.authors[:80], str(source.year or "")])
            ),
            "mark": "" if source.standing == "current" else source.get_standing_display(),
        }
        for source in _rows_matching(Reference.objects.all(), query, "title", "authors", "key")
    ]


def _terms(query: str) -> list[SearchHit]:
    return [
        {"insert": term.name, "title": term.name, "detail": term.definition}
        for term in _rows_matching(Term.objects.all(), query, "name", "forms")
    ]


def _images(query: str) -> list[SearchHit]:
    return [
        {
            "insert": image.markdown,
            "title": image.name,
            "detail": image.alt or str(words.DECORATIVE),
            "thumbnail": image.thumbnail,
        }
        for image in _rows_matching(Image.objects.not_withdrawn(), query, "name", "alt")
    ]


def _articles(query: str, *, language: str) -> list[SearchHit]:
    rows = Article.objects.published().filter(language=language).for_titles()
    with translation.override(language):  # an original's address follows the page's language
        return [
            {
                "insert": f"[{escape_markdown(article.title)}]({article.get_absolute_url()})",
                "title": article.title,
                "detail": article.live.summary if article.live else "",
            }
            for article in _rows_matching(rows, query, "title")
        ]


def _rows_matching(rows: QuerySet[Any], query: str, *fields: str) -> list[Any]:
    """Return the first rows that have every word in one of the fields."""
    for word in query.split()[:_MOST_WORDS]:
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)))
    return list(rows[:_MOST_FOUND])


LIBRARY_SEARCHES: dict[str, Callable[[str], list[SearchHit]]] = {
    "sources": _sources,
    "terms": _terms,
    "images": _images,
    **{f"articles-{code}": partial(_articles, language=code) for code, _ in settings.LANGUAGES},
}


def dialog_context(language: str) -> dict[str, Any]:
    """Return what the dialogs need to write in a language, for their templates."""
    return {
        # Each with the name of its dialog, the shelf that it searches, its title, and its prompt.
        "library_dialogs": [
            (name, f"articles-{language}" if name == "articles" else name, *said)
            for name, said in words.DIALOGS.items()
        ],
        "parts": [*PARTS.items(), (MORE, MORE_TITLE)],
        "designs": StudyDesign.choices,
        # The values as they are written in a text, each with its meaning.
        "not_stated_choices": list(card_words.NOT_STATED.items()),
    }
