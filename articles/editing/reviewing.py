"""How a second person reviews a text: sent to review, sent back, approved, reviewed again."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles import checking, rendering
from articles.editing import reviewers
from articles.editing import words as sentences
from articles.editing.carrying_over import NOTHING_CARRIED, CarryOver, find_carry_over
from articles.editing.notices import ArticleNotice, queue_notice
from articles.editing.transitions import (
    comment_blockers,
    lock_article,
    record_event,
    save_transition,
)
from articles.editing.translations import translation_blockers
from articles.evidence_stages import review_interval
from articles.models import Approval, Article, Event
from articles.permissions import APPROVE, WRITE
from articles.reading import pages
from articles.rendering.certainty import NO_RATINGS, Ratings, ratings_to_json
from articles.states import Step, StepRefused

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def submit(
    article: Article,
    *,
    reviewer: "User | None" = None,
    is_quiet: bool = False,
    version: int,
    by: "User",
) -> Article:
    """Send the newest revision to review. Raise StepRefused with every reason against it.

    `reviewer` is asked to review it; without one, everyone who may is. `is_quiet`: nobody is told.
    """
    article = lock_article(article, version=version, step=Step.SUBMIT)
    if not by.has_perm(WRITE):
        raise StepRefused(sentences.EDITORS_SUBMIT)
    reasons = revision_blockers(article)
    if reviewer and reviewer_blockers(article, reviewer):
        reasons.append(sentences.CANNOT_REVIEW % {"reviewer": reviewer})
    if reasons:
        raise StepRefused(*reasons)
    article.reviewer = reviewer
    save_transition(article, Step.SUBMIT)
    record_event(article, Event.Kind.SUBMITTED, by=by, revision=article.head)
    if not is_quiet:
        asked = [reviewer] if reviewer else reviewers.who_may_review(article)
        queue_notice(ArticleNotice.REVIEW_ASKED, article, asked, by=by)
    return article


@transaction.atomic
def send_back(article: Article, *, words: str, version: int, by: "User") -> Article:
    """Send it back to the editors with a reason; an approval that was given lapses."""
    article = lock_article(article, version=version, step=Step.SEND_BACK)
    if not by.has_perm(APPROVE):
        raise StepRefused(sentences.REVIEWERS_SEND_BACK)
    if not words.strip():
        raise StepRefused(sentences.SAY_WHAT_TO_CHANGE)
    article.publish_at = None
    save_transition(article, Step.SEND_BACK)
    record_event(article, Event.Kind.SENT_BACK, by=by, revision=article.head, words=words.strip())
    queue_notice(ArticleNotice.SENT_BACK, article, reviewers.authors(article), by=by)
    return article


@transaction.atomic
def approve(  # noqa: PLR0913 - all that a form holds
    article: Article,
    *,
    interests: str,
    attested: Collection[str],
    carry_over: bool = False,
    certainty: Ratings = NO_RATINGS,
    is_quiet: bool = False,
    version: int,
    by: "User",
) -> Article:
    """Approve the newest revision, word for word, as it was read at `version`.

    `attested` are the IDs of the checks that only a person can answer, each answered with yes.
    With `carry_over`, those that nothing has changed for need no new answer.
    `certainty` is the rating of each evidence card that the reviewer has rated. `is_quiet`: its
    authors aren't told.
    Raise StepRefused with every reason against it: `by` wrote a part of it, a check fails.
    """
    article = lock_article(article, version=version, step=Step.APPROVE)
    found = run_article_checks(article)
    reasons = [*reviewer_blockers(article, by), *revision_blockers(article, found)]
    reasons += comment_blockers(article)
    carried = find_carry_over(article, found) if carry_over else NOTHING_CARRIED
    carried = carried.without(attested)
    reasons += _missing_attestations(found, interests, {*attested, *carried.statements})
    reasons += _wrong_ratings(article, certainty)
    if reasons:
        raise StepRefused(*reasons)
    _create_approval(article, found, carried, interests=interests, certainty=certainty, by=by)
    save_transition(article, Step.APPROVE)
    record_event(
        article, Event.Kind.APPROVED, by=by, revision=article.head, words=carried.describe()
    )
    if not is_quiet:
        queue_notice(ArticleNotice.APPROVED, article, reviewers.authors(article), by=by)
    return article


@transaction.atomic
def confirm_review(  # noqa: PLR0913 - all that a form holds
    article: Article,
    *,
    interests: str,
    attested: Collection[str],
    certainty: Ratings = NO_RATINGS,
    version: int,
    by: "User",
) -> Article:
    """Review again what readers see now, and confirm that it is still valid."""
    article = lock_article(article, version=version)
    pages.lock_library()  # The page is made from exactly what is checked.
    live = article.live
    if live is None:
        raise StepRefused(sentences.NOT_LIVE)
    if article.head_id != live.pk:
        raise StepRefused(sentences.HAS_DRAFT)
    found = run_article_checks(article)
    reasons = [*reviewer_blockers(article, by), *revision_blockers(article, found)]
    reasons += comment_blockers(article)
    reasons += _missing_attestations(found, interests, attested)
    reasons += _wrong_ratings(article, certainty)
    if reasons:
        raise StepRefused(*reasons)
    article.approval = _create_approval(
        article, found, NOTHING_CARRIED, interests=interests, certainty=certainty, by=by
    )
    article.review_due_at = next_review_due(article.approval)
    article.save()
    pages.build_page(article)
    record_event(article, Event.Kind.CONFIRMED, by=by, revision=live)
    return article


def _create_approval(  # noqa: PLR0913 - all that is kept
    article: Article,
    found: tuple[checking.CheckResult, ...],
    carried: CarryOver,
    *,
    interests: str,
    certainty: Ratings,
    by: "User",
) -> Approval:
    return Approval.objects.create(
        revision=article.head,
        digest=article.head.digest,
        by=by,
        at=timezone.now(),
        interests=" ".join(interests.split()),
        answers=checking.as_json(found, carried_from=carried.origins()),
        carried_from=carried.review,
        certainty=ratings_to_json(certainty),
    )


def reviewer_blockers(article: Article, by: "User") -> list[str]:
    """Return why this person cannot review the newest revision."""
    reasons = []
    if not by.is_active or not by.has_perm(APPROVE):
        reasons.append(str(sentences.REVIEWERS_APPROVE))
    # Includes other revisions with the same text: somebody else may have restored it.
    if reviewers.own_work(article).filter(author=by).exists():
        reasons.append(str(sentences.OWN_WORK))
    return reasons


def _missing_attestations(
    found: tuple[checking.CheckResult, ...], interests: str, attested: Collection[str]
) -> list[str]:
    reasons = [
        sentences.NOT_CONFIRMED % {"title": answer.check.title}
        for answer in found
        if answer.check.level == checking.Level.ATTESTED and answer.check.id not in attested
    ]
    if not interests.strip():
        reasons.append(str(sentences.DECLARE_INTERESTS))
    return reasons


def _wrong_ratings(article: Article, certainty: Ratings) -> list[str]:
    cards = len(rendering.read_findings(article.head.content)) if certainty else 0
    reasons = []
    for number, rating in sorted(certainty.items()):
        if not 1 <= number <= cards:
            reasons.append(sentences.NO_SUCH_CARD % {"number": number})
        elif not rating.is_explained and rating.grounds:
            reasons.append(sentences.HIGH_WITH_REASONS % {"number": number})
        elif not rating.is_explained:
            reasons.append(sentences.RATED_WITHOUT_REASON % {"number": number})
    return reasons


def revision_blockers(
    article: Article, results: Iterable[checking.CheckResult] | None = None
) -> list[str]:
    """Return why the newest revision cannot be approved, whoever reviews it.

    `results` are those of its checks, if they have already been run.
    """
    reasons = []
    authorships = list(article.head.authorships.select_related("author"))
    if not authorships:
        reasons.append(str(sentences.NO_AUTHOR))
    reasons += [
        sentences.AUTHOR_UNDECLARED % {"author": each.author.public_name}
        for each in authorships
        if not each.interests
    ]
    if not article.categories.exists():
        reasons.append(str(sentences.NO_CATEGORY))
    reasons += translation_blockers(article)
    results = run_article_checks(article) if results is None else results
    return [*reasons, *map(str, checking.blocking(results))]


def run_article_checks(article: Article) -> tuple[checking.CheckResult, ...]:
    content = article.head.content
    return checking.run_checks(content, pages.snapshot_library_for_checks(content, article))


def require_approval(article: Article) -> Approval:
    """Return the approval that lets the newest revision go live. Raise StepRefused without one."""
    approval = article.head.approvals.select_related("by", "carried_from").last()
    if approval is None or approval.digest != article.head.content.digest():
        raise StepRefused(sentences.NOT_APPROVED)
    return approval


def next_review_due(approval: Approval) -> datetime:
    """Return when the whole text has to be reviewed again. Small corrections don't delay it."""
    review = approval.review
    return review.at + review_interval(review.revision.stage)
