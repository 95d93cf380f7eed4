"""Nothing is approved, reviewed again, or published while a comment is open."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles import checking
from articles.editing import comments, publishing, reviewing
from articles.states import State
from portal.models import Role, User
from tests.articles.editing.test_carrying_over import OWN, correct
from tests.articles.editing.test_comments import OPEN, edit
from tests.articles.editing.verbs import approve_head, make_in_each_state, reasons_of_refusal
from tests.factories import (
    approve,
    make_article,
    make_commentthread,
    make_draft,
    make_staff,
    submit,
)

pytestmark = pytest.mark.django_db


def test_an_open_comment_blocks_approval_until_it_is_resolved(editor: User, reviewer: User) -> None:
    waiting = submit(make_draft(by=editor))
    thread = make_commentthread(waiting, by=reviewer)
    refusal = reasons_of_refusal(
        reviewing.approve, waiting, interests="None", attested=checking.ATTESTED, by=reviewer
    )
    assert refusal == [OPEN]
    comments.answer(thread, text="It is.", by=editor)
    assert reasons_of_refusal(
        reviewing.approve, waiting, interests="None", attested=checking.ATTESTED, by=reviewer
    ) == [OPEN]
    comments.resolve(thread, by=editor)
    assert approve_head(waiting, reviewer).state == State.APPROVED


def test_an_open_comment_blocks_the_approval_of_small_corrections(reviewer: User) -> None:
    waiting = correct()
    thread = make_commentthread(waiting)
    given: dict[str, Any] = {"interests": "None", "by": reviewer, **OWN}
    assert reasons_of_refusal(reviewing.approve, waiting, **given) == [OPEN]
    comments.resolve(thread, by=reviewer)
    assert reviewing.approve(waiting, version=waiting.version, **given).approval


def test_an_open_comment_blocks_the_next_review(reviewer: User) -> None:
    article = make_article()
    make_commentthread(article)
    make_commentthread(article)
    assert reasons_of_refusal(
        reviewing.confirm_review,
        article,
        interests="None",
        attested=checking.ATTESTED,
        by=reviewer,
    ) == ["2 comments are open. Resolve them first."]


def test_an_approved_version_with_a_new_comment_is_not_published(editor: User) -> None:
    approved = approve(make_draft())
    thread = make_commentthread(approved)
    tomorrow = timezone.now() + timedelta(days=1)
    assert reasons_of_refusal(publishing.publish, approved, by=editor) == [OPEN]
    assert reasons_of_refusal(publishing.schedule, approved, at=tomorrow, by=editor) == [OPEN]
    comments.resolve(thread, by=make_staff(Role.REVIEWER))
    assert publishing.publish(approved, version=approved.version, by=editor).is_live


def test_a_comment_before_its_time_takes_an_article_off_the_schedule() -> None:
    scheduled = make_in_each_state(State.SCHEDULED)
    make_commentthread(scheduled)
    assert publishing.run_schedule(timezone.now() + timedelta(days=2)) == (0, 1)
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.is_live) == (State.APPROVED, False)
    assert scheduled.events.latest("id").words == OPEN


def test_a_comment_blocks_neither_writing_nor_taking_down(editor: User) -> None:
    article = make_draft(by=editor)
    make_commentthread(article)
    article = submit(edit(article, f"{article.head.body}\n\nMore."))
    assert publishing.retire(article, because="Old.", version=article.version, by=editor).retired_at
