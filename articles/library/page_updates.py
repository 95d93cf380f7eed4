"""How a change to the library reaches every page that names the changed item."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst

from articles.library import words as sentences
from articles.models import Article, Category, LivePage, Reference, Term
from articles.reading import pages
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User


def lock_live_articles(named: QuerySet[LivePage]) -> list[Article]:
    """Return the articles whose live pages are `named`, locking them and the library.

    The locks last until the transaction ends. Articles are locked first, in the same order as when
    publishing, to avoid a deadlock. Raise StepRefused if another one was published meanwhile.
    """
    ours = {
        article.pk
        for article in Article.objects.filter(pk__in=named.values("article"))
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    pages.lock_library()
    articles = Article.objects.for_staff().filter(pk__in=named.values("article")).order_by("pk")
    if any(article.pk not in ours for article in articles):
        raise StepRefused(sentences.JUST_PUBLISHED)
    return list(articles)


def rebuild_pages(articles: Iterable[Article]) -> None:
    for article in articles:
        pages.build_page(article)


def field_labels(row: Category | Reference | Term) -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in row._meta.fields}


def field_errors(row: Category | Reference | Term) -> list[str]:
    """Return the validation errors of the fields, each with the field's name."""
    try:
        row.clean_fields(exclude=["added_by", "standing_by", "id"])
    except ValidationError as error:
        labels = field_labels(row)
        return [
            sentences.OF_FIELD % {"field": capfirst(labels[name]), "problem": problem}
            for name, found in error.message_dict.items()
            for problem in found
        ]
    return []


def require_permission(by: "User", permission: str, reason: str | Promise) -> None:
    if not by.has_perm(permission):
        raise StepRefused(reason)
