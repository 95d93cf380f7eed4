"""The sources that articles cite."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import rendering
from articles.bibliography import identifiers
from articles.editing.transitions import lock_row, record_event
from articles.library.page_updates import (
    field_errors,
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import Article, Event, LivePage, Reference
from articles.permissions import APPROVE, CHANGE_REFERENCES
from articles.reading import pages
from articles.rendering.library_snapshot import Source, Standing
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User

#: What is said of a source apart from its standing.
_DETAILS = (
    "key", "authors", "title", "journal", "year", "volume", "issue", "pages", "doi", "pmid",
    "registry_id", "url", "design",
)  # fmt: skip


@transaction.atomic
def add_reference(source: Source, *, by: "User | None") -> Reference:
    """A new source, current. Its key is suggested from its words where it has none.

    `by` is None where an import named nobody. Raise StepRefused with all that stands against it,
    such as that the library has it already.
    """
    if by is not None:
        require_permission(by, CHANGE_REFERENCES, "Only editors and reviewers can add a source.")
    pages.lock_library()
    if not source.key:
        [source] = assign_free_keys([source])
    reference = Reference(added_by=by)
    _save_details(reference, source)
    return reference


@transaction.atomic
def add_references(sources: Iterable[Source], *, by: "User | None") -> list[Reference]:
    """All of them, or none: raise StepRefused with the first that cannot be added."""
    added = []
    for source in sources:
        try:
            added.append(add_reference(source, by=by))
        except StepRefused as refusal:
            raise StepRefused(
                *(f"“{source.title}”: {reason}" for reason in refusal.reasons)
            ) from None
    return added


@transaction.atomic
def edit_reference(reference: Reference, source: Source, *, version: int, by: "User") -> Reference:
    """Other details of a source that was read at `version`. Its key stays: articles cite it.

    Where readers can look it up already, or a reviewer reads or has approved what cites it, only a
    reviewer may. Raise StepRefused.
    """
    require_permission(by, CHANGE_REFERENCES, "Only editors and reviewers can change a source.")
    # Pages name it too beside what it disputes or supersedes.
    is_named = Q(sources=reference) | Q(sources__standing_by=reference)
    articles = lock_live_articles(LivePage.objects.filter(is_named))
    if not by.has_perm(APPROVE) and (articles or is_under_review(reference)):
        raise StepRefused(
            "Readers or a reviewer go by it, so only a medical reviewer can change its details."
        )
    reference = lock_row(Reference.objects.select_related("standing_by"), reference, version)
    _save_details(reference, replace(source, key=reference.key))
    rebuild_pages(articles)
    return reference


@transaction.atomic
def set_standing(  # noqa: PLR0913 - each is a part of what is said
    reference: Reference,
    *,
    standing: Standing,
    note: str = "",
    by_source: Reference | None = None,
    version: int,
    by: "User",
) -> Reference:
    """Say that a source is retracted, disputed, superseded, or current again.

    `note` says why, in a sentence for readers; `by_source` is what disputes or supersedes it. Each
    live page that cites it says so from now on, and its article is due for review. The same again
    changes nothing. Raise StepRefused.
    """
    require_permission(
        by, CHANGE_REFERENCES, "Only editors and reviewers can set the standing of a source."
    )
    note = fold_spaces(note)
    if standing == Standing.CURRENT:
        note, by_source = "", None
    elif not note:
        raise StepRefused("Say why, in a sentence for readers.")
    if by_source and by_source.pk == reference.pk:
        raise StepRefused("A source cannot dispute or supersede itself.")
    articles = lock_live_articles(LivePage.objects.filter(sources=reference))
    said = {
        "standing": standing,
        "standing_note": note,
        "standing_by_id": by_source.pk if by_source else None,
    }
    current = Reference.objects.select_related("standing_by").get(pk=reference.pk)
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    reference = lock_row(Reference.objects.all(), reference, version)
    for name, value in said.items():
        setattr(reference, name, value)
    reference.save()
    words = f"[@{reference.key}] is {standing.value}" + (f": {note}" if note else " again.")
    now = timezone.now()
    for article in articles:
        # An earlier day stays: it is overdue for longer.
        Article.objects.filter(pk=article.pk, review_due_at__gt=now).update(review_due_at=now)
        record_event(article, Event.Kind.DUE, by=by, revision=article.live, words=words)
    rebuild_pages(articles)
    return reference


def is_under_review(reference: Reference) -> bool:
    """Whether words that a reviewer reads or has approved cite it, or what it stands beside."""
    beside = Reference.objects.filter(standing_by=reference).values_list("key", flat=True)
    keys = {reference.key, *beside}
    waiting = Article.objects.under_review().select_related("head")
    return any(keys & {*rendering.cited_keys(article.head.content)} for article in waiting)


def find_known_references(sources: Sequence[Source]) -> dict[int, Reference]:
    """Those that the library has already: their place in `sources` to what it has.

    Known by DOI or PMID; where one has neither, by title and year.
    """
    has_one = (
        Q(title__in={each.title for each in sources})
        | Q(doi__in={each.doi for each in sources if each.doi})
        | Q(pmid__in={each.pmid for each in sources if each.pmid})
    )
    known: dict[tuple[str, Any], Reference] = {}
    for reference in Reference.objects.filter(has_one):
        known |= dict.fromkeys([*_identifiers(reference), _title_and_year(reference)], reference)
    found = {}
    for place, source in enumerate(sources):
        signs = _identifiers(source) or [_title_and_year(source)]
        if sign := next((each for each in signs if each in known), None):
            found[place] = known[sign]
    return found


def _identifiers(source: Source | Reference) -> list[tuple[str, Any]]:
    return [(name, value) for name in ("doi", "pmid") if (value := getattr(source, name))]


def _title_and_year(source: Source | Reference) -> tuple[str, Any]:
    return ("title", (source.title, source.year))


def assign_free_keys(sources: Sequence[Source]) -> list[Source]:
    """The sources with keys that neither the library has nor two of them."""
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


def _save_details(reference: Reference, source: Source) -> None:
    """Store the details in it. Raise StepRefused with all that is wrong with them."""
    reasons = []
    for name in _DETAILS:
        value: Any = getattr(source, name)
        clean = getattr(identifiers, f"clean_{name}", None)
        if clean and value is not None:
            try:
                value = clean(value)
            except ValidationError as error:
                reasons += error.messages
        setattr(reference, name, value if clean or not isinstance(value, str) else value.strip())
    same = Q(key=reference.key)
    for name in ("doi", "pmid"):
        if value := getattr(reference, name):
            same |= Q(**{name: value})
    others = Reference.objects.filter(same).exclude(pk=reference.pk)
    reasons += [f"The library has this already, as [@{other.key}]." for other in others[:3]]
    if not reasons:
        reasons = field_errors(reference)
    if reasons:
        raise StepRefused(*reasons)
    reference.save()
