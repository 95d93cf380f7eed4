"""Publication of an imported post in one go, through the same verbs as by hand."""

from typing import TYPE_CHECKING

from django.db import transaction

from articles import checking
from articles.content import INTERESTS_NOT_ASKED
from articles.editing import publishing, reviewing, writing
from articles.models import Article
from articles.rendering.certainty import NO_RATINGS, Ratings

if TYPE_CHECKING:
    from portal.models import User


@transaction.atomic
def publish_at_once(  # noqa: PLR0913 - what each person said
    article: Article,
    *,
    author: "User",
    author_interests: str = "",
    reviewer: "User",
    reviewer_interests: str = "",
    ratings: Ratings = NO_RATINGS,
) -> Article:
    """Take an article through all editorial steps; the reviewer attests what only people can check.

    Interests are what each person declared, or empty; `ratings` are how the reviewer rated the
    evidence cards. Raise StepRefused with the reasons, if there
    are any; then nothing is changed.
    """
    declared = article.head.authorships.filter(author=author, interests__gt="").exists()
    article = writing.save_revision(
        article,
        article.head.content,
        interests=author_interests or ("" if declared else INTERESTS_NOT_ASKED),
        version=article.version,
        by=author,
    )
    article = reviewing.submit(article, is_quiet=True, version=article.version, by=author)
    article = reviewing.approve(
        article,
        interests=reviewer_interests or INTERESTS_NOT_ASKED,
        attested=checking.ATTESTED,
        certainty=ratings,
        is_quiet=True,
        version=article.version,
        by=reviewer,
    )
    return publishing.publish(article, version=article.version, by=reviewer)
