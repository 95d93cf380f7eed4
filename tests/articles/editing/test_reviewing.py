"""How long a review holds, in days as a calendar shows them: where it is due, listed and shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from articles import checking
from articles.editing import publishing, reviewing
from articles.models import Article
from articles.rendering.required_parts import REQUIRED_PARTS
from articles.stages import Stage
from portal.models import User
from tests.factories import approve, make_content, make_draft, publish

pytestmark = pytest.mark.django_db

APPROVED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: 183 and 365 days later: half a year where new studies may change what we say, or else a year.
HALF_A_YEAR_ON = datetime(2026, 8, 31, 12, tzinfo=UTC)
A_YEAR_ON = datetime(2027, 3, 1, 12, tzinfo=UTC)
DUE_AT = [
    (Stage.NONE, A_YEAR_ON),
    (Stage.EARLY, HALF_A_YEAR_ON),
    (Stage.NOT_PROVEN, HALF_A_YEAR_ON),
    (Stage.PROMISING, A_YEAR_ON),
    (Stage.ESTABLISHED, A_YEAR_ON),
    (Stage.DISPROVEN, A_YEAR_ON),
]
MOMENT = timedelta(microseconds=1)


def make_draft_at(stage: Stage) -> Article:
    """With the parts that a page on an unsettled treatment has to have."""
    parts = "\n\n".join(f"::: {part}\nAsk your doctor.\n:::" for part in REQUIRED_PARTS)
    return make_draft(stage=stage, body=f"{make_content().body}\n\n{parts}")


def make_article_at(stage: Stage) -> Article:
    with time_machine.travel(APPROVED_AT, tick=False):
        return publish(make_draft_at(stage))


def test_every_stage_says_how_long_a_review_of_it_holds() -> None:
    assert {stage for stage, _ in DUE_AT} == set(Stage)


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_published_article_is_due_for_review_from_that_day_on(
    stage: Stage, due_at: datetime
) -> None:
    article = make_article_at(stage)
    assert article.review_due_at == due_at
    assert not Article.objects.due_for_review(due_at - MOMENT).exists()
    assert not article.is_overdue(due_at - MOMENT)
    assert list(Article.objects.due_for_review(due_at)) == [article]
    assert article.is_overdue(due_at)


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_review_counts_from_its_day_and_not_from_that_of_publication(
    stage: Stage, due_at: datetime, editor: User
) -> None:
    with time_machine.travel(APPROVED_AT, tick=False):
        article = approve(make_draft_at(stage))
    with time_machine.travel(APPROVED_AT + timedelta(days=30), tick=False):
        article = publishing.publish(article, version=article.version, by=editor)
    assert article.review_due_at == due_at


@pytest.mark.parametrize(("stage", "due_at"), DUE_AT)
def test_a_review_that_is_renewed_holds_as_long_again(
    stage: Stage, due_at: datetime, reviewer: User
) -> None:
    article = make_article_at(stage)
    later = timedelta(days=100)
    with time_machine.travel(APPROVED_AT + later, tick=False):
        article = reviewing.confirm_review(
            article,
            interests="None",
            attested=checking.ATTESTED,
            version=article.version,
            by=reviewer,
        )
    assert article.review_due_at == due_at + later


@pytest.mark.parametrize(
    ("stage", "day"), [(Stage.EARLY, "31 August 2026"), (Stage.PROMISING, "1 March 2027")]
)
def test_readers_and_editors_are_shown_the_day_of_the_next_review(
    client: Client, editor: User, stage: Stage, day: str
) -> None:
    article = make_article_at(stage)
    with time_machine.travel(APPROVED_AT + timedelta(days=1), tick=False):
        page = client.get(article.get_absolute_url()).text
        client.force_login(editor)
        listed = client.get("/admin/articles/article/due/").text
    assert f">{day}</time>" in page
    assert day[:5] in listed
    assert "Next review due" in page


@pytest.mark.parametrize(
    ("stage", "due_at"),
    [(Stage.EARLY, HALF_A_YEAR_ON), (Stage.PROMISING, A_YEAR_ON)],
)
def test_the_review_list_calls_an_article_overdue_from_that_moment_on(
    client: Client, editor: User, stage: Stage, due_at: datetime
) -> None:
    make_article_at(stage)
    for now, is_overdue in ((due_at - timedelta(seconds=1), False), (due_at, True)):
        with time_machine.travel(now, tick=False):
            client.force_login(editor)
            page = client.get("/admin/articles/article/due/").text
        assert ('class="overdue"' in page) is is_overdue
