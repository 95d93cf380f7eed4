"""How approved words come before readers and go again: published, scheduled, retired."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles.editing import reviewing
from articles.editing.history import go, record, refuse_outsider, take
from articles.models import Article, Event
from articles.reading import pages
from articles.states import Refused, State, Step

if TYPE_CHECKING:
    from portal.models import User

#: Nothing is planned for later than this; an approval would long have lapsed.
LONGEST_AHEAD = timedelta(days=2 * 365)

# --- Publishing -----------------------------------------------------------------------------------


@transaction.atomic
def publish(article: Article, *, version: int, by: "User") -> Article:
    """Put the approved revision before readers now."""
    article = take(article, version=version, step=Step.PUBLISH)
    refuse_outsider(by)
    return _publish(article, by=by)


@transaction.atomic
def schedule(article: Article, *, at: datetime, version: int, by: "User") -> Article:
    """Let the approved revision come before readers at a time to come (aware)."""
    article = take(article, version=version, step=Step.SCHEDULE)
    refuse_outsider(by)
    _refuse_odd_time(at, instead="To publish it now, choose “Publish now”.")
    reviewing.approved(article)
    article.publish_at = at
    go(article, Step.SCHEDULE)
    record(
        article, Event.Kind.SCHEDULED, by=by, revision=article.head, words=f"{at:%Y-%m-%d %H:%M %Z}"
    )
    return article


@transaction.atomic
def unschedule(article: Article, *, version: int, by: "User") -> Article:
    article = take(article, version=version, step=Step.UNSCHEDULE)
    refuse_outsider(by)
    article.publish_at = None
    go(article, Step.UNSCHEDULE)
    record(article, Event.Kind.UNSCHEDULED, by=by, revision=article.head)
    return article


def _refuse_odd_time(at: datetime, *, instead: str) -> None:
    now = timezone.now()
    if at <= now:
        raise Refused(f"That time has passed. {instead}")
    if at > now + LONGEST_AHEAD:
        raise Refused(f"Choose a time within the next {LONGEST_AHEAD.days // 365} years.")


def _publish(article: Article, *, by: "User | None") -> Article:
    pages.hold_library()  # What is checked now is what the page is made of.
    approval = reviewing.approved(article)
    reasons = reviewing.unready(article)  # A source may have been retracted since.
    if reasons:
        raise Refused(*reasons)
    now = timezone.now()
    article.live = article.head
    article.approval = approval
    article.title = article.head.title
    article.live_at = now
    article.published_at = article.published_at or now
    article.review_due_at = reviewing.review_due(approval)
    article.publish_at = article.retire_at = article.retired_at = article.instead = None
    article.retired_because = ""
    go(article, Step.PUBLISH)
    record(article, Event.Kind.PUBLISHED, by=by, revision=article.live)
    pages.make(article)
    return article


# --- Retiring -------------------------------------------------------------------------------------


@transaction.atomic
def retire(
    article: Article, *, because: str, instead: Article | None = None, version: int, by: "User"
) -> Article:
    """Take an article from readers at once: one person can, because it may be urgent.

    `because` is a sentence for readers who come to its address; `instead` is what they find there
    to read.
    """
    article = take(article, version=version, step=Step.RETIRE)
    refuse_outsider(by)
    _give_reason(article, because, instead)
    return _retire(article, by=by)


@transaction.atomic
def plan_retirement(
    article: Article, *, at: datetime, because: str, version: int, by: "User"
) -> Article:
    """Take it from readers at a time to come (aware). Publishing it anew calls that off."""
    article = take(article, version=version)
    refuse_outsider(by)
    if not article.is_live:
        raise Refused("Readers do not see this article.")
    _refuse_odd_time(at, instead="To retire it now, choose “Retire”.")
    _give_reason(article, because, None)
    article.retire_at = at
    article.save()
    words = f"{at:%Y-%m-%d %H:%M %Z}: {because}"
    record(article, Event.Kind.RETIREMENT_SET, by=by, revision=article.live, words=words)
    return article


def _give_reason(article: Article, because: str, instead: Article | None) -> None:
    article.retired_because = " ".join(because.split())
    article.instead = instead
    if not article.retired_because:
        raise Refused("Say why, in a sentence for readers.")
    if instead and (instead.pk == article.pk or not instead.is_live):
        raise Refused("What to read instead has to be another article that readers see.")


def _retire(article: Article, *, by: "User | None") -> Article:
    revision = article.live
    article.live = article.approval = None
    article.live_at = article.review_due_at = article.publish_at = article.retire_at = None
    article.retired_at = timezone.now()
    go(article, Step.RETIRE)
    record(article, Event.Kind.RETIRED, by=by, revision=revision, words=article.retired_because)
    pages.drop(article)
    return article


# --- By the clock ---------------------------------------------------------------------------------


def go_by_the_clock(now: datetime) -> tuple[int, int]:
    """Publish and retire what is due; return how many were, and how many could not be.

    What cannot be published any more, because a source was retracted meanwhile, waits as approved
    and is in the review list of its article's history.
    """
    done = held = 0
    for article in list(Article.objects.due_by_the_clock(now).order_by("id")[:100]):
        if _go_by_the_clock(article, now):
            done += 1
        else:
            held += 1
    return done, held


def _go_by_the_clock(article: Article, now: datetime) -> bool:
    try:
        with transaction.atomic():
            row = take(article, version=article.version)
            if row.retire_at and row.retire_at <= now:
                _retire(row, by=None)
            else:
                _publish(row, by=None)
    except Refused as refusal:
        with transaction.atomic():
            try:
                row = take(article, version=article.version)
            except Refused:
                return False  # Somebody else is at it.
            row.publish_at = None
            row.state = State.APPROVED
            row.save()
            record(row, Event.Kind.UNSCHEDULED, by=None, revision=row.head, words=str(refusal))
        return False
    return True
