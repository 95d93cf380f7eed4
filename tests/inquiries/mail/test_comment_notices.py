"""Notices about comments on a passage: who is told, once, and without a word of them."""

import pytest

from articles.editing import comments, previews
from articles.models import Article, CommentThread
from inquiries.models import Notice
from portal.models import Role, User
from tests.factories import make_commentthread, make_draft, make_staff, passage_key
from tests.inquiries.mail.notices import send_all, states, told
from tests.inquiries.mail.patient_mails import whole

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
AUTHOR, ANA, BEN = "author@example.org", "ana@example.org", "ben@example.org"
SECRET, SAID = "Nobody may read this title", "Nobody may read this comment"


@pytest.fixture
def draft(author: User) -> Article:
    return make_draft(by=author, title=SECRET)


@pytest.fixture
def thread(draft: Article, ana: User) -> CommentThread:
    return make_commentthread(draft, by=ana, text=SAID)


def test_the_author_is_told_that_comments_wait_and_who_wrote_that_they_were_answered(
    thread: CommentThread, author: User, ana: User
) -> None:
    make_commentthread(thread.article, by=ana)
    assert told() == {(Kind.COMMENTED, AUTHOR)}, "one of a kind waits"
    comments.answer(thread, text=SAID, by=author)
    assert told() == {(Kind.COMMENTED, AUTHOR), (Kind.COMMENT_ANSWERED, ANA)}


@pytest.mark.parametrize("step", ["answer", "resolve", "reopen"])
def test_everyone_who_wrote_is_told_what_comes_of_it(
    thread: CommentThread, author: User, step: str
) -> None:
    ben = make_staff(Role.REVIEWER, email=BEN)
    comments.answer(thread, text="I think so, too.", by=ben)
    if step == "reopen":
        comments.resolve(thread, by=author)
    Notice.objects.all().delete()
    if step == "answer":
        comments.answer(thread, text="Done.", by=author)
    else:
        {"resolve": comments.resolve, "reopen": comments.reopen}[step](thread, by=author)
    assert told() == {(Kind.COMMENT_ANSWERED, ANA), (Kind.COMMENT_ANSWERED, BEN)}


def test_the_author_is_told_of_an_answer_and_of_a_reopened_comment(
    thread: CommentThread, ana: User
) -> None:
    Notice.objects.all().delete()
    comments.answer(thread, text="Well?", by=ana)
    assert told() == {(Kind.COMMENTED, AUTHOR)}
    comments.resolve(thread, by=ana)
    Notice.objects.all().delete()
    comments.reopen(thread, by=ana)
    assert told() == {(Kind.COMMENTED, AUTHOR)}


def test_an_expert_is_told_nothing_and_the_author_that_they_wrote(
    draft: Article, author: User
) -> None:
    link, _ = previews.create_preview_link(draft, days=7, by=author)
    place = passage_key(draft.head, SECRET)
    thread = comments.open_thread_as_expert(link, place=place, name="Dr. Cruz", text=SAID)
    assert told() == {(Kind.COMMENTED, AUTHOR)}
    comments.resolve(thread, by=author)
    assert told() == {(Kind.COMMENTED, AUTHOR)}


def test_a_mail_has_a_link_and_no_word_of_the_comment(
    thread: CommentThread, author: User, ana: User
) -> None:
    comments.answer(thread, text=SAID, by=author)
    mails = {each.to[0]: each for each in send_all()}
    assert mails[AUTHOR].subject == "Comments on an article of yours are waiting"
    assert mails[ANA].subject == "A comment of yours was answered or resolved"
    for each in mails.values():
        text = whole(each)
        assert f"/admin/articles/article/{thread.article_id}/change/" in text
        for secret in (SECRET, SAID, author.last_name, ana.last_name):
            assert secret not in text


def test_nobody_is_told_of_comments_that_are_resolved_by_then(
    thread: CommentThread, ana: User
) -> None:
    comments.resolve(thread, by=ana)
    assert send_all() == []
    assert states() == ["dropped"]
