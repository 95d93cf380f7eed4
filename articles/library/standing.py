"""The standing of a source: one person can raise a warning, but it takes two to remove it."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from articles.editing import words as editing_words
from articles.editing.proposals import close_proposals, propose_change, require_unchanged
from articles.editing.transitions import lock_row, record_event
from articles.library import words as sentences
from articles.library.page_updates import (
    lock_live_articles,
    rebuild_pages,
    require_permission,
)
from articles.models import Article, Event, LivePage, Proposal, Reference
from articles.permissions import CHANGE_REFERENCES
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from articles.text_cleaning import fold_spaces

if TYPE_CHECKING:
    from portal.models import User

#: From no warning to the strongest. Only a move up this list is an alarm.
_ALARM = (Standing.CURRENT, Standing.SUPERSEDED, Standing.DISPUTED, Standing.RETRACTED)


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
    """Mark a source as retracted, disputed, superseded, or current again.

    A stronger warning than before shows on each live page at once, as a fixed sentence, and the
    article is due for review. `note`, the reason in a sentence for readers, and `by_source`, the
    source that disputes or supersedes it, wait for a second person. So does a weaker warning or
    none; when it is none, `note` is for that person. Repeating a call changes nothing. Raise
    StepRefused.
    """
    require_permission(by, CHANGE_REFERENCES, sentences.EDITORS_SET_STATUS)
    note = fold_spaces(note)
    is_current = standing == Standing.CURRENT
    if not note and not is_current:
        raise StepRefused(editing_words.SAY_WHY)
    if by_source and by_source.pk == reference.pk:
        raise StepRefused(sentences.BY_ITSELF)
    articles = lock_live_articles(LivePage.objects.filter(sources=reference))
    wanted = {
        "standing": standing.value,
        "standing_note": "" if is_current else note,
        "standing_by": None if is_current or by_source is None else str(by_source.pk),
    }
    now = Reference.objects.select_related("standing_by").get(pk=reference.pk)
    if current_standing(now) == wanted:
        close_proposals(Proposal.Kind.STANDING, now.pk)
        return now
    if is_alarm(Standing(now.standing), standing):
        reference = lock_row(Reference.objects.all(), reference, version)
        _save_standing(
            reference,
            {"standing": standing.value, "standing_note": "", "standing_by": None},
            articles,
            by=by,
            note=note,
        )
    elif now.version != version:
        lock_row(Reference.objects.all(), reference, version)  # raises the right StepRefused
    reference = Reference.objects.select_related("standing_by").get(pk=reference.pk)
    propose_change(
        Proposal.Kind.STANDING,
        target=reference.pk,
        subject=f"[@{reference.key}]",
        before=current_standing(reference),
        after=wanted,
        why=note if is_current else "",
        by=by,
    )
    return reference


def is_alarm(before: Standing, after: Standing) -> bool:
    """Return whether it is a stronger warning for readers than the one before."""
    return _ALARM.index(after) > _ALARM.index(before)


def apply_standing(
    target: uuid.UUID, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Reference:
    """Apply the standing once a second person has approved it. Raise StepRefused."""
    reference = Reference.objects.select_related("standing_by").get(pk=target)
    articles = lock_live_articles(LivePage.objects.filter(sources=reference))
    reference = lock_row(
        Reference.objects.select_related("standing_by"), reference, reference.version
    )
    said = current_standing(reference)
    require_unchanged(said, before)
    _save_standing(reference, {**said, **after}, articles, by=by)
    return reference


def current_standing(reference: Reference) -> dict[str, Any]:
    """Return its status and what is said about it, as proposals have it."""
    return {
        "standing": reference.standing,
        "standing_note": reference.standing_note,
        "standing_by": str(reference.standing_by_id) if reference.standing_by_id else None,
    }


def _save_standing(
    reference: Reference,
    said: dict[str, Any],
    articles: list[Article],
    *,
    by: "User",
    note: str = "",
) -> None:
    """Save it, show it on every live page that cites the source, and make those articles due."""
    reference.standing = said["standing"]
    reference.standing_note = said["standing_note"]
    reference.standing_by_id = uuid.UUID(said["standing_by"]) if said["standing_by"] else None
    reference.save()
    note = note or reference.standing_note
    words = sentences.describe_standing(reference.key, Standing(reference.standing), note)
    now = timezone.now()
    for article in articles:
        # An earlier due date stays: it shows how long the review is overdue.
        Article.objects.filter(pk=article.pk, review_due_at__gt=now).update(review_due_at=now)
        record_event(article, Event.Kind.DUE, by=by, revision=article.live, words=words)
    rebuild_pages(articles)
