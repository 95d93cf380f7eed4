"""Words that readers may not know, with their definitions."""

import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from articles.editing.proposals import propose_change, require_unchanged
from articles.editing.transitions import lock_row, require_version
from articles.library import translated
from articles.library import words as sentences
from articles.library.page_updates import (
    field_errors,
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import LivePage, Proposal, Term
from articles.permissions import APPROVE
from articles.rendering.library_snapshot import GlossaryEntry
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User


_FIELDS = ("name", "definition", "forms")


@transaction.atomic
def propose_term(
    term: Term | None,
    words: GlossaryEntry,
    *,
    version: int = 0,
    translations: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    by: "User",
) -> Proposal | None:
    """Propose a new term, or new words for one that was read at `version`, to a second person.

    `translations` are its fields in other languages; a language that is left out stays as it is.
    Return None if nothing would change. Raise StepRefused.
    """
    require_permission(by, APPROVE, sentences.REVIEWERS_PROPOSE_TERMS)
    row = Term(slug=words.slug or slugify(words.name)[:80].strip("-"))
    before: dict[str, Any] = {}
    if term is not None:
        row = Term.objects.get(pk=term.pk)
        require_version(row, version)
        before = {name: getattr(row, name) for name in _FIELDS}
    _fill(row, words)
    after = {name: getattr(row, name) for name in _FIELDS}
    before |= translated.stored_words(term)
    after |= translated.given_words(Term, translations)
    translated.require_valid(row, after)
    return propose_change(
        Proposal.Kind.TERM,
        target=term.pk if term else None,
        subject=row.name,
        before=before,
        after=after if term else {**after, "slug": row.slug},
        by=by,
    )


def apply_term(
    target: uuid.UUID | None, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Term:
    """Apply the term once a second person has approved it; live pages that use the word mark it.

    Raise StepRefused.
    """
    term = Term.objects.get(pk=target) if target else Term(slug=after["slug"])
    own, words = translated.split_words(after)
    said = {**{name: getattr(term, name) for name in _FIELDS}, **own}
    is_named = Q(pk__in=term.live_pages.all()) if target else Q(pk__in=[])
    written = [said, *words.values()]
    ways = [
        way
        for each in written
        for way in (each.get("name", ""), *each.get("forms", "").splitlines())
        if way
    ]
    articles = lock_live_articles(LivePage.objects.filter(is_named | _pages_with_words(ways)))
    if target:
        term = lock_row(Term.objects.all(), term, term.version)
        own_before, _ = translated.split_words(before)
        require_unchanged(vars(term), own_before)
        translated.require_unchanged_words(term, before)
    for name in _FIELDS:
        setattr(term, name, said[name])
    _require_valid(term)
    translated.require_valid(term, after)
    term.save()
    translated.save_words(term, words)
    rebuild_pages(articles)
    return term


def _fill(term: Term, words: GlossaryEntry) -> None:
    """Fill in the term. Raise StepRefused with everything that is wrong with the words."""
    forms = tuple(dict.fromkeys(form for each in words.forms if (form := fold_spaces(each))))
    term.name, term.definition = fold_spaces(words.name), fold_spaces(words.definition)
    term.forms = "\n".join(forms)
    _require_valid(term)


def _require_valid(term: Term) -> None:
    if reasons := [*field_errors(term), *_duplicate_errors(term)]:
        raise StepRefused(*reasons)


def _written(term: Term) -> tuple[str, ...]:
    return (term.name, *term.as_entry().forms)


def _pages_with_words(ways: Iterable[str]) -> Q:
    """Match pages that may use a word; one that doesn't is rebuilt without a change.

    The parts are matched one by one, because a line may break between two of them.
    """
    says = Q(pk__in=[])
    for way in ways:
        all_parts = Q()
        for part in way.split():
            all_parts &= Q(revision__body__icontains=part) | Q(revision__key_points__icontains=part)
        says |= all_parts
    return says


def _duplicate_errors(term: Term) -> list[str]:
    """Find terms that already have one of this term's spellings: a word has only one definition."""
    wanted = {way.lower() for way in _written(term)}
    return [
        sentences.TERM_TAKEN % {"name": other.name}
        for other in Term.objects.exclude(pk=term.pk)
        if other.slug == term.slug or wanted & {way.lower() for way in _written(other)}
    ]
