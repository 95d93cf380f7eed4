"""How approved text goes live and is taken down again: published, scheduled, retired."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from articles.editing import reviewing, words
from articles.editing.proposals import close_proposals, propose_change
from articles.editing.transitions import (
    lock_article,
    record_event,
    refuse_open_comments,
    require_editor_or_reviewer,
    save_transition,
)
from articles.models import Article, Event, Proposal
from articles.reading import pages
from articles.states import State, Step, StepRefused

if TYPE_CHECKING:
    from portal.models import User

#: Nothing is planned further ahead than this; an approval would have lapsed long before.
MAX_AHEAD = timedelta(days=2 * 365)

# --- Publishing -----------------------------------------------------------------------------------


@transaction.atomic
def publish(article: Article, *, version: int, by: "User") -> Article:
    """Publish the approved revision now."""
    article = lock_article(article, version=version, step=Step.PUBLISH)
    require_editor_or_reviewer(by)
    return _publish(article, by=by)


@transaction.atomic
def schedule(article: Article, *, at: datetime, version: int, by: "User") -> Article:
    """Schedule the approved revision to go live at a future time (aware)."""
    article = lock_article(article, version=version, step=Step.SCHEDULE)
    require_editor_or_reviewer(by)
    _require_future_time(at, instead=words.PUBLISH_NOW_INSTEAD)
    reviewing.require_approval(article)
    refuse_open_comments(article)
    article.publish_at = at
    save_transition(article, Step.SCHEDULE)
    record_event(
        article, Event.Kind.SCHEDULED, by=by, revision=article.head, words=words.moment(at)
    )
    return article


@transaction.atomic
def unschedule(article: Article, *, version: int, by: "User") -> Article:
    article = lock_article(article, version=version, step=Step.UNSCHEDULE)
    require_editor_or_reviewer(by)
    article.publish_at = None
    save_transition(article, Step.UNSCHEDULE)
    record_event(article, Event.Kind.UNSCHEDULED, by=by, revision=article.head)
    return article


def _require_future_time(at: datetime, *, instead: Promise) -> None:
    now = timezone.now()
    if at <= now:
        raise StepRefused(words.PAST_TIME % {"instead": instead})
    if at > now + MAX_AHEAD:
        raise StepRefused(words.TOO_FAR_AHEAD % {"years": MAX_AHEAD.days // 365})


def _publish(article: Article, *, by: "User | None") -> Article:
    pages.lock_library()  # The page is made from exactly what is checked.
    original = article.translation_of
    if original and not Article.objects.published().filter(pk=original.pk).exists():
        raise StepRefused(words.PUBLISH_ORIGINAL_FIRST)
    approval = reviewing.require_approval(article)
    refuse_open_comments(article)
    reasons = reviewing.revision_blockers(article)  # A source may have been retracted since.
    if reasons:
        raise StepRefused(*reasons)
    now = timezone.now()
    article.live = article.head
    article.approval = approval
    article.title = article.head.title
    article.live_at = now
    article.published_at = article.published_at or now
    article.review_due_at = reviewing.next_review_due(approval)
    article.publish_at = article.retire_at = article.retired_at = article.instead = None
    article.retired_because = ""
    close_proposals(Proposal.Kind.RETIREMENT, article.pk)
    save_transition(article, Step.PUBLISH)
    record_event(article, Event.Kind.PUBLISHED, by=by, revision=article.live)
    pages.build_page(article)
    pages.note_addresses(article)
    return article


# --- Retiring -------------------------------------------------------------------------------------


@transaction.atomic
def retire(
    article: Article, *, because: str, instead: Article | None = None, version: int, by: "User"
) -> Article:
    """Take an article down at once: one person can, because it may be urgent.

    Its translations go with it. `because` is a sentence for readers who come to its address; they
    see a fixed one until a second person has approved it. `instead` is what they are offered there.
    """
    article = lock_article(article, version=version, step=Step.RETIRE)
    require_editor_or_reviewer(by)
    because = _set_retirement_reason(article, because, instead, by=by)
    return _retire(article, by=by, because=because)


@transaction.atomic
def plan_retirement(
    article: Article, *, at: datetime, because: str, version: int, by: "User"
) -> Article:
    """Plan to take it down at a future time (aware). Publishing it again cancels that."""
    article = lock_article(article, version=version)
    require_editor_or_reviewer(by)
    if not article.is_live:
        raise StepRefused(words.NOT_LIVE)
    _require_future_time(at, instead=words.RETIRE_NOW_INSTEAD)
    because = _set_retirement_reason(article, because, None, by=by)
    article.retire_at = at
    article.save()
    said = f"{words.moment(at)}: {because}"
    record_event(article, Event.Kind.RETIREMENT_SET, by=by, revision=article.live, words=said)
    return article


def _set_retirement_reason(
    article: Article, because: str, instead: Article | None, *, by: "User"
) -> str:
    """Return the reason for colleagues; if readers ever saw the article, it waits for approval."""
    because = " ".join(because.split())
    article.instead = instead
    if not because:
        raise StepRefused(words.SAY_WHY)
    if instead and (instead.pk == article.pk or not instead.is_live):
        raise StepRefused(words.INSTEAD_NOT_LIVE)
    if not article.published_at:
        article.retired_because = because
    elif because != article.retired_because:  # equal if approved for a planned retirement
        article.retired_because = ""
        propose_change(
            Proposal.Kind.RETIREMENT,
            target=article.pk,
            subject=article.title,
            before={"retired_because": ""},
            after={"retired_because": because},
            by=by,
        )
    return because


def apply_retirement_reason(
    target: uuid.UUID, *, before: dict[str, Any], after: dict[str, Any], by: "User"
) -> Article:
    """Show readers the reason, after a second person approved it. Raise StepRefused."""
    article = Article.objects.get(pk=target)
    article = lock_article(article, version=article.version)
    if not (article.retired_at or article.retire_at):
        raise StepRefused(words.LIVE_AGAIN)
    article.retired_because = after["retired_because"]
    article.save()
    return article


def _retire(article: Article, *, by: "User | None", because: str = "") -> Article:
    revision = article.live
    article.live = article.approval = None
    article.live_at = article.review_due_at = article.publish_at = article.retire_at = None
    article.retired_at = timezone.now()
    save_transition(article, Step.RETIRE)
    said = because or article.retired_because
    record_event(article, Event.Kind.RETIRED, by=by, revision=revision, words=said)
    pages.delete_page(article)
    pages.note_addresses(article)
    for translation in article.translations.lock_live():
        # Whatever is wrong with the original is wrong with its translation, too.
        translation.version += 1
        _retire(translation, by=by, because=said)
    return article


# --- By the clock ---------------------------------------------------------------------------------


def run_schedule(now: datetime) -> tuple[int, int]:
    """Publish and retire what is due; return how many succeeded, and how many could not.

    What can no longer be published, because a source was retracted meanwhile, goes back to
    approved, and the article's history says why.
    """
    done = held = 0
    for article in list(Article.objects.due_to_publish_or_retire(now).order_by("id")[:100]):
        if _run_scheduled(article, now):
            done += 1
        else:
            held += 1
    return done, held


def _run_scheduled(article: Article, now: datetime) -> bool:
    try:
        with transaction.atomic():
            row = lock_article(article, version=article.version)
            if row.retire_at and row.retire_at <= now:
                _retire(row, by=None)
            else:
                _publish(row, by=None)
    except StepRefused as refusal:
        with transaction.atomic():
            try:
                row = lock_article(article, version=article.version)
            except StepRefused:
                return False  # Somebody else is working on it.
            row.publish_at = None
            row.state = State.APPROVED
            row.save()
            record_event(
                row, Event.Kind.UNSCHEDULED, by=None, revision=row.head, words=str(refusal)
            )
        return False
    return True
