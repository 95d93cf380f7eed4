"""A comment and an approval at the same time, and a page that is opened twice at once."""

from datetime import UTC, datetime
from threading import Barrier

import pytest

from articles.editing import comments, last_read
from articles.models import Article, LastRead
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.articles.editing.test_comments import OPEN
from tests.articles.editing.verbs import approve_head
from tests.concurrency import together
from tests.factories import make_commentthread, make_draft, make_staff, passage_key, submit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_comment_comes_before_an_approval_or_after_it(reviewer: User) -> None:
    """Never between its look at the comments and its end."""
    other = make_staff(Role.REVIEWER)
    for _ in range(3):
        article = submit(make_draft())
        key, start = passage_key(article.head, article.head.title), Barrier(2)

        def act(
            number: int, article: Article = article, key: str = key, start: Barrier = start
        ) -> str:
            start.wait(timeout=30)
            try:
                if number:
                    comments.open_thread(article.head, place=key, text="Wait!", by=other)
                else:
                    approve_head(article, reviewer)
            except StepRefused as refusal:
                return str(refusal)
            return "done"

        approved, commented = together(2, act)
        assert commented == "done"
        kinds = list(article.events.order_by("id").values_list("kind", flat=True))
        article.refresh_from_db()
        if approved == "done":
            assert kinds.index("approved") < kinds.index("commented")
            assert article.state == State.APPROVED
        else:
            assert (approved, article.state) == (OPEN, State.IN_REVIEW)
            assert "approved" not in kinds


def test_a_comment_is_resolved_once(reviewer: User, editor: User) -> None:
    thread = make_commentthread(make_draft(by=editor))

    def act(number: int) -> str:
        try:
            comments.resolve(thread, by=(reviewer, editor)[number])
        except StepRefused as refusal:
            return str(refusal)
        return "done"

    assert sorted(together(2, act)) == ["This comment is already resolved.", "done"]


def test_a_page_opened_twice_at_once_is_one_reading(reviewer: User) -> None:
    article, start = make_draft(), Barrier(4)

    def act(number: int) -> object:
        start.wait(timeout=30)
        return last_read.note_reading(article, by=reviewer)

    assert together(4, act) == [None] * 4
    row = LastRead.objects.get()
    assert (row.revision, row.before) == (article.head, None)
    assert row.at > datetime(2020, 1, 1, tzinfo=UTC)
