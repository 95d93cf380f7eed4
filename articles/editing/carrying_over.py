"""What a reviewer need not confirm again, because nothing that it is about has changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone

from articles import checking
from articles.checking import attestations
from articles.editing import words as sentences
from articles.models import Approval, Article, Authorship, Event
from articles.reading import pages
from articles.rendering.library_snapshot import LibrarySnapshot, Standing
from articles.search import vocabulary

if TYPE_CHECKING:
    from articles.editing.small_changes import Correction


@dataclass(frozen=True, kw_only=True)
class CarryOver:
    """What is carried over to the newest revision, or why nothing is."""

    #: The review of the whole text that it comes from; None if nothing is carried over.
    review: Approval | None = None
    #: IDs of the statements that need not be confirmed again.
    statements: frozenset[str] = frozenset()
    corrections: "tuple[Correction, ...]" = ()
    #: Why everything has to be confirmed, for the reviewer; empty if that goes without saying.
    because: str = ""

    def without(self, attested: Collection[str]) -> "CarryOver":
        """Leave out what somebody has confirmed now; nothing is carried over if that was all."""
        statements = self.statements - {*attested}
        return replace(self, statements=statements) if statements else NOTHING_CARRIED

    def origins(self) -> dict[str, str]:
        """Map each statement to the digest of the text for which it was confirmed."""
        return dict.fromkeys(self.statements, self.review.digest) if self.review else {}

    def describe(self) -> str:
        """Return a sentence for the article's history; empty if nothing is carried over."""
        if not self.review:
            return ""
        counted = {"count": len(self.statements), "number": self.review.revision.number}
        return sentences.CARRIED_OVER % counted


NOTHING_CARRIED = CarryOver()


def find_carry_over(article: Article, found: Iterable[checking.CheckResult]) -> CarryOver:
    """Compare the newest revision with the one that the live version's reviewer confirmed.

    It is always compared with what somebody confirmed as a whole, so that many small corrections
    can't add up to another text. `found` are the results of its checks.
    """
    live, approval = article.live, article.approval
    if live is None or approval is None or article.head_id == live.pk:
        return NOTHING_CARRIED
    reviews = Approval.objects.select_related("by", "revision")
    [review] = reviews.filter(pk=approval.carried_from_id or approval.pk)
    if article.is_overdue(timezone.now()):
        return CarryOver(because=str(sentences.REVIEW_OVERDUE))
    if Authorship.objects.filter(revision=article.head, author=review.by).exists():
        return CarryOver(because=str(sentences.REVIEWER_WROTE))
    from articles.editing import small_changes  # only this needs them

    content = article.head.content
    library = pages.snapshot_library(content, article.language)
    try:
        corrections = small_changes.list_corrections(
            review.revision.content,
            content,
            language=article.language,
            terms=[name for term in library.terms for name in (term.name, *term.forms)],
            is_used_elsewhere=lambda word: vocabulary.is_shared(word, article.language),
        )
    except small_changes.SaysMoreError as change:
        return CarryOver(because=str(change))
    asked = {each.check.id for each in found if each.check.level is checking.Level.ATTESTED}
    confirmed = {
        each["check"] for each in review.answers if each["level"] == checking.Level.ATTESTED
    }
    touched = _touched_from_outside(article, review, library)
    if any(each.kind is small_changes.Kind.EMPHASIS for each in corrections):
        touched |= attestations.WEIGHED
    kept = (asked & confirmed) - touched
    return CarryOver(review=review, statements=frozenset(kept), corrections=corrections)


def _touched_from_outside(article: Article, review: Approval, library: LibrarySnapshot) -> set[str]:
    """Return the IDs of the statements that are asked again, however little the text changed."""
    touched = {attestations.INTERESTS_FULL}
    if any(source.standing is not Standing.CURRENT for source in library.sources.values()):
        touched |= attestations.SOURCED
    followed = article.events.filter(kind=Event.Kind.TRANSLATED, at__gte=review.at)
    if article.is_behind or followed.exists():
        touched.add(attestations.SAYS_THE_SAME)
    return touched
