"""The headings that articles are filed under. Readers see approved changes to them at once."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from articles.editing import words as editing_words
from articles.editing.addresses import refuse_reserved_slug
from articles.editing.proposals import propose_change
from articles.library import translated
from articles.library import words as sentences
from articles.library.page_updates import field_errors, require_permission
from articles.models import Category, Proposal
from articles.permissions import APPROVE, WRITE
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User

_WORDS = ("name", "slug", "description")
#: How it is shown: its place, its picture, and the article to read first, as JSON keeps them.
_SHOWN = ("position", "picture", "start_with_id")


@transaction.atomic
def propose_category(  # noqa: PLR0913 - all that a form holds
    category: Category | None,
    *,
    name: str,
    description: str,
    slug: str = "",
    translations: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    shown: Mapping[str, Any] = MappingProxyType({}),
    by: "User",
) -> Proposal | None:
    """Propose a category, or new words for one. Its slug stays, because readers have links to it.

    `translations` are its name and description in other languages; a language that is left out
    stays as it is, and so does each part of `shown`: position, picture, start_with_id. Return None
    if nothing would change. Raise StepRefused.
    """
    require_permission(by, APPROVE, sentences.REVIEWERS_PROPOSE_CATEGORIES)
    row = Category.objects.get(pk=category.pk) if category else Category()
    before = _values(row) if category else {}
    row.name, row.description = fold_spaces(name), fold_spaces(description)
    row.slug = row.slug if category else slug.strip()
    for field, value in shown.items():
        setattr(row, field, None if value == "" else value)
    _require_valid(row)
    after = _values(row)
    before |= translated.stored_words(category)
    after |= translated.given_words(Category, translations)
    translated.require_valid(row, after)
    return propose_change(
        Proposal.Kind.CATEGORY,
        target=category.pk if category else None,
        subject=row.name,
        before=before,
        after=after,
        by=by,
    )


@transaction.atomic
def propose_imported_category(name: str, *, by: "User") -> Proposal | None:
    """Propose a category that an imported post names; return None if it exists or waits already.

    An editor may propose no other, and a reviewer decides: readers would see its name. Raise
    StepRefused.
    """
    require_permission(by, WRITE, sentences.EDITORS_IMPORT)
    row = Category(name=fold_spaces(name), slug=slugify(name))
    waiting = Proposal.objects.waiting().filter(kind=Proposal.Kind.CATEGORY, target=None)
    known = Category.objects.filter(Q(name__iexact=row.name) | Q(slug=row.slug))
    if known.exists() or waiting.filter(subject=row.name).exists():
        return None
    _require_valid(row)
    return propose_change(
        Proposal.Kind.CATEGORY,
        target=None,
        subject=row.name,
        before={},
        after=_values(row),
        by=by,
    )


def _values(row: Category) -> dict[str, Any]:
    values = {field: getattr(row, field) for field in (*_WORDS, *_SHOWN)}
    first = row.start_with_id
    return {**values, "start_with_id": str(first) if first else None}


def apply_category(
    target: uuid.UUID | None, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Category:
    """Apply the proposal once a second person has approved it. Raise StepRefused."""
    own, words = translated.split_words(after)
    if target is None:
        category = Category(**own)
        _require_valid(category)
        try:
            with transaction.atomic():
                category.save(force_insert=True)
                translated.save_words(category, words)
        except IntegrityError:
            raise StepRefused(sentences.CATEGORY_JUST_ADDED) from None
        return category
    checked = Category.objects.get(pk=target)
    for name, value in own.items():
        setattr(checked, name, value)
    _require_valid(checked)
    translated.require_valid(checked, after)
    own_before, _ = translated.split_words(before)
    # Write the name even when only a translation changes: this locks the row, so others wait.
    said = own or {"name": checked.name}
    if not Category.objects.filter(pk=target, **own_before).update(**said):
        raise StepRefused(editing_words.CHANGED_SINCE_PROPOSED)
    translated.require_unchanged_words(checked, before)
    translated.save_words(checked, words)
    return checked


def _require_valid(row: Category) -> None:
    reasons = field_errors(row)
    others = Category.objects.exclude(pk=row.pk)
    for name, taken in sentences.CATEGORY_TAKEN.items():
        value = getattr(row, name)
        if others.filter(**{f"{name}__iexact": value}).exists():
            reasons.append(taken % {"value": value})
    if row._state.adding and row.slug:
        refuse_reserved_slug(row.slug)
    if reasons:
        raise StepRefused(*reasons)
