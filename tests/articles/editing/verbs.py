"""The editing verbs, as the tests of several modules call them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import checking
from articles.editing import publishing, reviewing
from articles.models import Article
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.factories import approve, make_article, make_draft, make_staff, submit


def approve_head(article: Article, by: User, **changed: object) -> Article:
    given = {"interests": "None", "attested": checking.ATTESTED, "version": article.version}
    return reviewing.approve(article, by=by, **{**given, **changed})  # type: ignore[arg-type]


def reasons_of_refusal(
    verb: Callable[..., Article], article: Article, **arguments: object
) -> list[str]:
    with pytest.raises(StepRefused) as refusal:
        verb(article, **{"version": article.version, **arguments})
    before, state = article.version, article.state
    article.refresh_from_db()
    assert (article.version, article.state) == (before, state), "nothing has changed"
    return list(refusal.value.reasons)


def make_in_each_state(state: State) -> Article:
    if state == State.PUBLISHED:
        return make_article()
    if state == State.RETIRED:
        article = make_article()
        return publishing.retire(
            article, because="Old.", version=article.version, by=make_staff(Role.EDITOR)
        )
    draft = make_draft()
    if state == State.IN_REVIEW:
        return submit(draft)
    if state == State.APPROVED:
        return approve(draft)
    if state == State.SCHEDULED:
        approved = approve(draft)
        tomorrow = timezone.now() + timedelta(days=1)
        return publishing.schedule(
            approved, at=tomorrow, version=approved.version, by=make_staff(Role.EDITOR)
        )
    return draft
