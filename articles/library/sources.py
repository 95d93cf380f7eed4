"""The sources that articles cite."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import rendering
from articles.bibliography import identifiers
from articles.bibliography.notices import read_standing
from articles.editing.proposals import propose_change, require_unchanged
from articles.editing.transitions import lock_row
from articles.library import words as sentences
from articles.library.page_updates import (
    field_errors,
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import Article, LivePage, Proposal, Reference, Revision
from articles.permissions import APPROVE, CHANGE_REFERENCES
from articles.reading import pages
from articles.rendering.library_snapshot import Source, Standing
from articles.states import StepRefused

if TYPE_CHECKING:
    from portal.models import User

#: Details of a source, apart from its standing.
_DETAILS = (
    "key", "authors", "title", "journal", "year", "volume", "issue", "pages", "doi", "pmid",
    "registry_id", "url", "design",
)  # fmt: skip


@transaction.atomic
def add_reference(source: Source, *, by: "User | None") -> Reference:
    """Add a source. If it has no key, one is suggested from its details.

    A standing that its title states (“RETRACTED: …”) applies from the start; the note about it
    waits for a second person. `by` is None for an import that named nobody. Raise StepRefused with
    all reasons, such as that the library already has it.
    """
    if by is not None:
        require_permission(by, CHANGE_REFERENCES, sentences.EDITORS_ADD_SOURCES)
    pages.lock_library()
    if not source.key:
        [source] = assign_free_keys([source])
    reference = Reference(added_by=by)
    _fill_details(reference, source)
    said, is_sure = read_standing(source.title)
    if source.standing != Standing.CURRENT:
        reference.standing = source.standing
    elif is_sure:
        reference.standing = said
    reference.save()
    if source.standing_note and reference.standing != Standing.CURRENT and by is not None:
        propose_change(
            Proposal.Kind.STANDING,
            target=reference.pk,
            subject=f"[@{reference.key}]",
            before={"standing_note": ""},
            after={"standing_note": source.standing_note},
            by=by,
        )
    return reference


@transaction.atomic
def add_references(sources: Iterable[Source], *, by: "User | None") -> list[Reference]:
    """Add all of them or none. Raise StepRefused for the first that can't be added."""
    added = []
    for source in sources:
        try:
            added.append(add_reference(source, by=by))
        except StepRefused as refusal:
            raise StepRefused(
                *(
                    sentences.OF_SOURCE % {"title": source.title, "problem": reason}
                    for reason in refusal.reasons
                )
            ) from None
    return added


@transaction.atomic
def edit_reference(reference: Reference, source: Source, *, version: int, by: "User") -> Reference:
    """Change the details of a source that was read at `version`.

    Its key can change only while nothing cites it. If readers can already look it up, or if
    content that a reviewer is reading or has approved cites it, only a reviewer can propose
    changes, and they wait for a second person. Raise StepRefused.
    """
    require_permission(by, CHANGE_REFERENCES, sentences.EDITORS_CHANGE_SOURCES)
    articles = _lock_pages_naming(reference)
    is_read = bool(articles) or is_under_review(reference)
    if is_read and not by.has_perm(APPROVE):
        raise StepRefused(sentences.SOURCE_IS_READ)
    reference = lock_row(Reference.objects.select_related("standing_by"), reference, version)
    key = source.key or reference.key
    if key != reference.key and (is_read or is_cited(reference)):
        raise StepRefused(sentences.KEY_STAYS % {"key": reference.key})
    before = {name: getattr(reference, name) for name in _DETAILS}
    _fill_details(reference, replace(source, key=key))
    if is_read:
        after = {name: getattr(reference, name) for name in _DETAILS}
        propose_change(
            Proposal.Kind.SOURCE,
            target=reference.pk,
            subject=f"[@{reference.key}]",
            before=before,
            after=after,
            by=by,
        )
        return Reference.objects.select_related("standing_by").get(pk=reference.pk)
    reference.save()
    return reference


def apply_details(
    target: uuid.UUID, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Reference:
    """Apply the details once a second person has approved them. Raise StepRefused."""
    reference = Reference.objects.select_related("standing_by").get(pk=target)
    articles = _lock_pages_naming(reference)
    reference = lock_row(
        Reference.objects.select_related("standing_by"), reference, reference.version
    )
    require_unchanged(vars(reference), before)
    numbers = reference.numbers
    for name, value in after.items():
        setattr(reference, name, value)
    _forget_check(reference, numbers)
    _require_valid(reference)
    reference.save()
    rebuild_pages(articles)
    return reference


def is_cited(reference: Reference) -> bool:
    """Return whether any revision cites it by its key, from an old version to a current draft."""
    revisions = Revision.objects.filter(
        Q(body__contains=reference.key) | Q(key_points__contains=f"@{reference.key}")
    )
    return any(reference.key in rendering.cited_keys(each.content) for each in revisions.iterator())


def _lock_pages_naming(reference: Reference) -> list[Article]:
    # Pages also name a source next to one that it disputes or supersedes.
    is_named = Q(sources=reference) | Q(sources__standing_by=reference)
    return lock_live_articles(LivePage.objects.filter(is_named))


def is_under_review(reference: Reference) -> bool:
    """Return whether content in review or approved cites it, or what it disputes or supersedes."""
    beside = Reference.objects.filter(standing_by=reference).values_list("key", flat=True)
    keys = {reference.key, *beside}
    waiting = Article.objects.under_review().select_related("head")
    return any(keys & {*rendering.cited_keys(article.head.content)} for article in waiting)


def find_known_references(sources: Sequence[Source]) -> dict[int, Reference]:
    """Find sources that the library already has, as a map from their index in `sources`.

    They are matched by DOI or PMID; if a source has neither, by title, year, and first author.
    """
    has_one = (
        Q(title__in={each.title for each in sources})
        | Q(doi__in={each.doi for each in sources if each.doi})
        | Q(pmid__in={each.pmid for each in sources if each.pmid})
    )
    known: dict[tuple[str, Any], Reference] = {}
    for reference in Reference.objects.filter(has_one):
        known |= dict.fromkeys([*_identifiers(reference), _work(reference)], reference)
    found = {}
    for place, source in enumerate(sources):
        if sign := next((each for each in signs_of_work(source) if each in known), None):
            found[place] = known[sign]
    return found


def signs_of_work(source: Source | Reference) -> list[tuple[str, Any]]:
    """Return what identifies it: its DOI and PMID, or else its title, year, and first author."""
    return _identifiers(source) or [_work(source)]


def _identifiers(source: Source | Reference) -> list[tuple[str, Any]]:
    return [(name, value) for name in ("doi", "pmid") if (value := getattr(source, name))]


def _work(source: Source | Reference) -> tuple[str, Any]:
    return ("title", (source.title, source.year, source.authors.partition(",")[0].lower()))


def assign_free_keys(sources: Sequence[Source]) -> list[Source]:
    """Return the sources with keys that are unique among them and in the library."""
    stems = Q(pk__in=[])
    for stem in {identifiers.suggest_key(source) for source in sources}:
        stems |= Q(key__startswith=stem)
    taken = set(Reference.objects.filter(stems).values_list("key", flat=True))
    freed = []
    for source in sources:
        key = identifiers.suggest_key(source, taken=taken)
        taken.add(key)
        freed.append(replace(source, key=key))
    return freed


def _fill_details(reference: Reference, source: Source) -> None:
    """Copy the details into it, unsaved. Raise StepRefused with all that is wrong with them."""
    reasons, numbers = [], reference.numbers
    for name in _DETAILS:
        value: Any = getattr(source, name)
        clean = getattr(identifiers, f"clean_{name}", None)
        if clean and value is not None:
            try:
                value = clean(value)
            except ValidationError as error:
                reasons += error.messages
        setattr(reference, name, value if clean or not isinstance(value, str) else value.strip())
    _forget_check(reference, numbers)
    _require_valid(reference, reasons)


def _forget_check(reference: Reference, before: tuple[str, str]) -> None:
    """What was found under other numbers says nothing about these: look them up soon."""
    if reference.numbers != before:
        reference.check_at, reference.check_failures = timezone.now(), 0
        reference.missing_since, reference.missing_numbers = None, ""


def _require_valid(reference: Reference, reasons: Iterable[str] = ()) -> None:
    reasons = list(reasons)
    same = Q(key=reference.key)
    for name in ("doi", "pmid"):
        if value := getattr(reference, name):
            same |= Q(**{name: value})
    others = Reference.objects.filter(same).exclude(pk=reference.pk)
    reasons += [sentences.IN_LIBRARY % {"key": other.key} for other in others[:3]]
    if not reasons:
        reasons = field_errors(reference)
    if reasons:
        raise StepRefused(*reasons)
