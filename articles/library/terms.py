"""The words that readers may not know, with what they mean."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from articles.editing.transitions import lock_row
from articles.library.page_updates import (
    field_errors,
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import LivePage, Term
from articles.permissions import APPROVE
from articles.rendering.library_snapshot import GlossaryEntry
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def add_term(words: GlossaryEntry, *, by: "User") -> Term:
    """A new word; live pages that use it mark it. Its slug is made from its name where empty.

    Raise StepRefused.
    """
    term = Term(slug=words.slug or slugify(words.name)[:80].strip("-"))
    return _write(term, words, version=0, by=by)


@transaction.atomic
def edit_term(term: Term, words: GlossaryEntry, *, version: int, by: "User") -> Term:
    """Other words for a term that was read at `version`. Its slug stays. Raise StepRefused."""
    return _write(term, words, version=version, by=by)


def _write(term: Term, words: GlossaryEntry, *, version: int, by: "User") -> Term:
    require_permission(
        by, APPROVE, "Readers see these words at once: they are a medical reviewer's."
    )
    name, definition = fold_spaces(words.name), fold_spaces(words.definition)
    forms = tuple(dict.fromkeys(form for each in words.forms if (form := fold_spaces(each))))
    is_new = term._state.adding
    is_named = Q(pk__in=[]) if is_new else Q(pk__in=term.live_pages.all())
    articles = lock_live_articles(
        LivePage.objects.filter(is_named | _pages_with_words((name, *forms)))
    )
    if not is_new:
        term = lock_row(Term.objects.all(), term, version)
    term.name, term.definition, term.forms = name, definition, "\n".join(forms)
    if reasons := [*field_errors(term), *_duplicate_errors(term)]:
        raise StepRefused(*reasons)
    term.save()
    rebuild_pages(articles)
    return term


def _written(term: Term) -> tuple[str, ...]:
    return (term.name, *term.as_entry().forms)


def _pages_with_words(ways: Iterable[str]) -> Q:
    """Pages that may use a word; one that does not is made anew and stays as it is.

    Part by part, because a line may end between two.
    """
    says = Q(pk__in=[])
    for way in ways:
        all_parts = Q()
        for part in way.split():
            all_parts &= Q(revision__body__icontains=part) | Q(revision__key_points__icontains=part)
        says |= all_parts
    return says


def _duplicate_errors(term: Term) -> list[str]:
    """A word has one definition: what other terms say already of a way to write this one."""
    wanted = {way.lower() for way in _written(term)}
    return [
        f"The glossary has this already, under “{other.name}”."
        for other in Term.objects.exclude(pk=term.pk)
        if other.slug == term.slug or wanted & {way.lower() for way in _written(other)}
    ]
