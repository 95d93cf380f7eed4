"""How other eyes come to a text: sent to review, sent back, approved, reviewed again."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import checking
from articles.editing.history import go, record, take
from articles.models import Approval, Article, Authorship, Event
from articles.permissions import APPROVE, WRITE
from articles.reading import pages
from articles.stages import UNSETTLED
from articles.states import Refused, Step

if TYPE_CHECKING:
    from portal.models import User

#: How long a review holds: shorter where new studies may change what we say. Our own rule; NHS
#: content is reviewed at least every three years.
_HOLDS = timedelta(days=365)
_HOLDS_UNSETTLED = timedelta(days=183)


@transaction.atomic
def submit(article: Article, *, version: int, by: "User") -> Article:
    """Send the newest revision to review. Raise Refused with all that stands against it."""
    article = take(article, version=version, step=Step.SUBMIT)
    if not by.has_perm(WRITE):
        raise Refused("Only an editor can send an article to review.")
    reasons = unready(article)
    if reasons:
        raise Refused(*reasons)
    go(article, Step.SUBMIT)
    record(article, Event.Kind.SUBMITTED, by=by, revision=article.head)
    return article


@transaction.atomic
def send_back(article: Article, *, words: str, version: int, by: "User") -> Article:
    """Back to the editors, saying why; an approval that was given lapses."""
    article = take(article, version=version, step=Step.SEND_BACK)
    if not by.has_perm(APPROVE):
        raise Refused("Only a medical reviewer can send an article back.")
    if not words.strip():
        raise Refused("Say what has to change.")
    article.publish_at = None
    go(article, Step.SEND_BACK)
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
    found = answers(article)
    reasons = [*against_reviewer(article, by), *unready(article, found)]
    reasons += _unattested(found, interests, attested)
    if reasons:
        raise Refused(*reasons)
    _approve(article, found, interests=interests, by=by)
    go(article, Step.APPROVE)
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
    pages.hold_library()  # What is checked now is what the page is made of.
    live = article.live
    if live is None:
        raise Refused("Readers do not see this article.")
    if article.head_id != live.pk:
        raise Refused("It has a newer draft: review that one, or restore what readers see.")
    found = answers(article)
    reasons = [*against_reviewer(article, by), *unready(article, found)]
    reasons += _unattested(found, interests, attested)
    if reasons:
        raise Refused(*reasons)
    article.approval = _approve(article, found, interests=interests, by=by)
    article.review_due_at = review_due(article.approval)
    article.save()
    pages.make(article)
    record(article, Event.Kind.CONFIRMED, by=by, revision=live)
    return article


def _approve(
    article: Article, found: tuple[checking.Answer, ...], *, interests: str, by: "User"
) -> Approval:
    return Approval.objects.create(
        revision=article.head,
        digest=article.head.digest,
        by=by,
        at=timezone.now(),
        interests=" ".join(interests.split()),
        answers=checking.as_json(found),
    )


def against_reviewer(article: Article, by: "User") -> list[str]:
    """What stands against her reviewing the newest revision."""
    reasons = []
    if not by.has_perm(APPROVE):
        reasons.append("Only a medical reviewer can approve an article.")
    # Of another revision with these very words too: they may have been put back by others.
    hers = Authorship.objects.filter(author=by)
    if hers.filter(Q(revision=article.head) | Q(revision__digest=article.head.digest)).exists():
        reasons.append("You wrote a part of it. Somebody else has to review it.")
    return reasons


def _unattested(
    found: tuple[checking.Answer, ...], interests: str, attested: Collection[str]
) -> list[str]:
    reasons = [
        f"You have not confirmed: {answer.check.title}"
        for answer in found
        if answer.check.level == checking.Level.ATTESTED and answer.check.id not in attested
    ]
    if not interests.strip():
        reasons.append("You have not declared your interests. Where you have none, say so.")
    return reasons


def unready(article: Article, found: Iterable[checking.Answer] | None = None) -> list[str]:
    """What stands against the newest revision, whoever reviews it.

    `found` are the answers of its checks, where somebody has asked them already.
    """
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
    found = answers(article) if found is None else found
    return [*reasons, *map(str, checking.blocking(found))]


def answers(article: Article) -> tuple[checking.Answer, ...]:
    content = article.head.content
    return checking.examine(content, pages.library_to_check(content, article))


def approved(article: Article) -> Approval:
    """By which the newest revision may stand before readers. Raise Refused without one."""
    approval = article.head.approvals.select_related("by").last()
    if approval is None or approval.digest != article.head.content.digest():
        raise Refused("These words have not been approved.")
    return approval


def review_due(approval: Approval) -> datetime:
    unsettled = approval.revision.stage in UNSETTLED
    return approval.at + (_HOLDS_UNSETTLED if unsettled else _HOLDS)
