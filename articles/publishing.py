"""How words come before readers and go again: reviewed by other eyes, published, retired."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles import checking, pages
from articles.access import APPROVE, WRITE
from articles.history import next_state, record, take
from articles.models import Approval, Article, Authorship, Event
from articles.stages import UNSETTLED
from articles.states import Refused, State, Step

if TYPE_CHECKING:
    from portal.models import User

#: How long a review holds: shorter where new studies may change what we say. Our own rule; NHS
#: content is reviewed at least every three years.
_REVIEW_HOLDS = timedelta(days=365)
_REVIEW_HOLDS_UNSETTLED = timedelta(days=183)


# --- Reviewing ------------------------------------------------------------------------------------


@transaction.atomic
def submit(article: Article, *, version: int, by: "User") -> Article:
    """Send the newest revision to review. Raise Refused with all that stands against it."""
    article = take(article, version=version, step=Step.SUBMIT)
    _refuse_unless(by, WRITE, "Only an editor can send an article to review.")
    reasons = _unready(article)
    if reasons:
        raise Refused(*reasons)
    _go(article, Step.SUBMIT)
    record(article, Event.Kind.SUBMITTED, by=by, revision=article.head)
    return article


@transaction.atomic
def send_back(article: Article, *, words: str, version: int, by: "User") -> Article:
    """Back to the editors, saying why; an approval that was given lapses."""
    article = take(article, version=version, step=Step.SEND_BACK)
    _refuse_unless(by, APPROVE, "Only a medical reviewer can send an article back.")
    if not words.strip():
        raise Refused("Say what has to change.")
    article.publish_at = None
    _go(article, Step.SEND_BACK)
    record(article, Event.Kind.SENT_BACK, by=by, revision=article.head, words=words.strip())
    return article


@transaction.atomic
def approve(
    article: Article,
    *,
    interests: str,
    attested: Collection[str],
    version: int,
    by: "User",
) -> Article:
    """Vouch for the newest revision, word by word, as it was read at `version`.

    `attested` are the ids of the checks that only a person can answer, each answered with yes.
    Raise Refused with all that stands against it: she wrote a part of it, a check fails.
    """
    article = take(article, version=version, step=Step.APPROVE)
    reasons = [*_against_reviewer(article, by), *_unready(article)]
    answers = _answers(article)
    reasons += _unattested(answers, interests, attested)
    if reasons:
        raise Refused(*reasons)
    _approve(article, answers, interests=interests, by=by)
    _go(article, Step.APPROVE)
    record(article, Event.Kind.APPROVED, by=by, revision=article.head)
    return article


@transaction.atomic
def confirm(
    article: Article,
    *,
    interests: str,
    attested: Collection[str],
    version: int,
    by: "User",
) -> Article:
    """Review again what readers see now, and find that it still holds."""
    article = take(article, version=version)
    live = article.live
    if live is None:
        raise Refused("Readers do not see this article.")
    if article.head_id != live.pk:
        raise Refused("It has a newer draft: review that one, or restore what readers see.")
    reasons = [*_against_reviewer(article, by), *_unready(article)]
    answers = _answers(article)
    reasons += _unattested(answers, interests, attested)
    if reasons:
        raise Refused(*reasons)
    article.approval = _approve(article, answers, interests=interests, by=by)
    article.review_due_at = _review_due(article.approval)
    article.save()
    pages.make(article)
    record(article, Event.Kind.CONFIRMED, by=by, revision=live)
    return article


def _approve(
    article: Article, answers: tuple[checking.Answer, ...], *, interests: str, by: "User"
) -> Approval:
    return Approval.objects.create(
        revision=article.head,
        digest=article.head.digest,
        by=by,
        at=timezone.now(),
        interests=" ".join(interests.split()),
        answers=checking.as_json(answers),
    )


def _against_reviewer(article: Article, by: "User") -> list[str]:
    reasons = []
    if not by.has_perm(APPROVE):
        reasons.append("Only a medical reviewer can approve an article.")
    if Authorship.objects.filter(revision=article.head, author=by).exists():
        reasons.append("You wrote a part of it. Somebody else has to review it.")
    return reasons


def _unattested(
    answers: tuple[checking.Answer, ...], interests: str, attested: Collection[str]
) -> list[str]:
    reasons = [
        f"You have not confirmed: {answer.check.title}"
        for answer in answers
        if answer.check.level == checking.Level.ATTESTED and answer.check.id not in attested
    ]
    if not interests.strip():
        reasons.append("You have not declared your interests. Where you have none, say so.")
    return reasons


def _unready(article: Article) -> list[str]:
    """What stands against the newest revision, whoever reviews it."""
    reasons = []
    authorships = list(article.head.authorships.select_related("author"))
    if not authorships:
        reasons.append("It has no author: an editor has to read it and save it first.")
    reasons += [
        f"{each.author.public_name} has not declared her interests."
        for each in authorships
        if not each.interests
    ]
    if not article.categories.exists():
        reasons.append("It is filed under no category.")
    return [*reasons, *map(str, checking.blocking(_answers(article)))]


def _answers(article: Article) -> tuple[checking.Answer, ...]:
    content = article.head.content
    return checking.examine(content, pages.library_for(content))


# --- Publishing -----------------------------------------------------------------------------------


@transaction.atomic
def publish(article: Article, *, version: int, by: "User") -> Article:
    """Put the approved revision before readers now."""
    article = take(article, version=version, step=Step.PUBLISH)
    _refuse_outsider(by)
    return _publish(article, by=by)


@transaction.atomic
def schedule(article: Article, *, at: datetime, version: int, by: "User") -> Article:
    """Let the approved revision come before readers at a time to come (aware)."""
    article = take(article, version=version, step=Step.SCHEDULE)
    _refuse_outsider(by)
    if at <= timezone.now():
        raise Refused("That time has passed. To publish it now, choose “Publish now”.")
    _approved(article)
    article.publish_at = at
    _go(article, Step.SCHEDULE)
    record(
        article, Event.Kind.SCHEDULED, by=by, revision=article.head, words=f"{at:%Y-%m-%d %H:%M %Z}"
    )
    return article


@transaction.atomic
def unschedule(article: Article, *, version: int, by: "User") -> Article:
    article = take(article, version=version, step=Step.UNSCHEDULE)
    _refuse_outsider(by)
    article.publish_at = None
    _go(article, Step.UNSCHEDULE)
    record(article, Event.Kind.UNSCHEDULED, by=by, revision=article.head)
    return article


def _publish(article: Article, *, by: "User | None") -> Article:
    approval = _approved(article)
    reasons = _unready(article)  # A source may have been retracted since.
    if reasons:
        raise Refused(*reasons)
    now = timezone.now()
    article.live = article.head
    article.approval = approval
    article.title = article.head.title
    article.live_at = now
    article.published_at = article.published_at or now
    article.review_due_at = _review_due(approval)
    article.publish_at = article.retire_at = article.retired_at = article.instead = None
    article.retired_because = ""
    _go(article, Step.PUBLISH)
    record(article, Event.Kind.PUBLISHED, by=by, revision=article.live)
    pages.make(article)
    return article


def _approved(article: Article) -> Approval:
    """By which the newest revision may stand before readers. Raise Refused without one."""
    approval = article.head.approvals.select_related("by").last()
    if approval is None or approval.digest != article.head.content.digest():
        raise Refused("These words have not been approved.")
    return approval


def _review_due(approval: Approval) -> datetime:
    unsettled = approval.revision.stage in UNSETTLED
    return approval.at + (_REVIEW_HOLDS_UNSETTLED if unsettled else _REVIEW_HOLDS)


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
    _refuse_outsider(by)
    _give_reason(article, because, instead)
    return _retire(article, by=by)


@transaction.atomic
def plan_retirement(
    article: Article, *, at: datetime, because: str, version: int, by: "User"
) -> Article:
    """Take it from readers at a time to come (aware). Publishing it anew calls that off."""
    article = take(article, version=version)
    _refuse_outsider(by)
    if not article.is_live:
        raise Refused("Readers do not see this article.")
    if at <= timezone.now():
        raise Refused("That time has passed. To retire it now, choose “Retire”.")
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
    _go(article, Step.RETIRE)
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


def _go(article: Article, step: Step) -> None:
    article.state = next_state(article, step)
    article.save()


def _refuse_unless(by: "User", permission: str, reason: str) -> None:
    if not by.has_perm(permission):
        raise Refused(reason)


def _refuse_outsider(by: "User") -> None:
    if not by.has_perm(APPROVE) and not by.has_perm(WRITE):
        raise Refused("Only an editor or a medical reviewer can do this.")
