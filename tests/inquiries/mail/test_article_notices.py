"""Notices about drafts: who is told, once, and without a word of what they say."""

from collections.abc import Callable
from typing import Any

import pytest

from articles.editing import publishing, reviewing, writing
from articles.editing.notices import ArticleNotice
from articles.models import Article
from articles.posts.publication import publish_at_once
from articles.states import StepRefused
from inquiries.mail import staff_notices
from inquiries.models import Notice
from inquiries.worker import mailer
from portal.models import Role, User
from tests.articles.editing.verbs import approve_head
from tests.factories import make_content, make_draft, make_staff
from tests.inquiries.mail.notices import send_all, states, told
from tests.inquiries.mail.patient_mails import whole

pytestmark = pytest.mark.django_db

Kind = Notice.Kind
AUTHOR, ANA, BEN = "author@example.org", "ana@example.org", "ben@example.org"
SECRET = "Nobody may read this title"


@pytest.fixture
def draft(author: User) -> Article:
    return make_draft(by=author, title=SECRET)


def submit(draft: Article, by: User, reviewer: User | None = None) -> Article:
    return reviewing.submit(draft, reviewer=reviewer, version=draft.version, by=by)


def send_back(article: Article, by: User) -> Article:
    return reviewing.send_back(article, words="Too long.", version=article.version, by=by)


def edit(article: Article, by: User) -> Article:
    return writing.save_revision(
        article, make_content(), interests="None", version=article.version, by=by
    )


def test_each_notice_of_an_article_is_a_kind_with_a_place_in_the_mail() -> None:
    assert set(ArticleNotice) <= set(Kind.values)
    assert set(mailer._ORDER) == set(Kind)


def test_the_chosen_reviewer_is_told_or_everyone_who_may(
    draft: Article, author: User, ana: User, ben: User
) -> None:
    make_staff(Role.REVIEWER)  # without an address
    make_staff(Role.REVIEWER, email="gone@example.org", is_active=False)
    asked = submit(draft, author, reviewer=ana)
    assert told() == {(Kind.REVIEW_ASKED, ANA)}
    Notice.objects.all().delete()
    submit(edit(asked, author), author)
    assert told() == {(Kind.REVIEW_ASKED, ANA), (Kind.REVIEW_ASKED, BEN)}


def test_submitting_the_same_twice_tells_once(draft: Article, author: User, ana: User) -> None:
    submit(draft, author)
    with pytest.raises(StepRefused):
        submit(draft, author)
    assert told() == {(Kind.REVIEW_ASKED, ANA)}
    draft.refresh_from_db()
    submit(edit(draft, author), author)
    assert told() == {(Kind.REVIEW_ASKED, ANA)}, "one of a kind waits"


def test_its_authors_are_told_that_it_was_sent_back_or_approved(
    draft: Article, author: User, ana: User
) -> None:
    send_back(submit(draft, author), ana)
    assert told() >= {(Kind.DRAFT_SENT_BACK, AUTHOR)}
    draft.refresh_from_db()
    approve_head(submit(draft, author), ana)
    assert told() == {
        (Kind.REVIEW_ASKED, ANA),
        (Kind.DRAFT_SENT_BACK, AUTHOR),
        (Kind.DRAFT_APPROVED, AUTHOR),
    }


def test_nobody_is_told_of_what_they_did(ana: User) -> None:
    both = User.objects.create_superuser("both", email="both@example.org", password="x")
    send_back(submit(make_draft(by=both), both), both)
    assert told() == {(Kind.REVIEW_ASKED, ANA)}, "not that they sent it back"
    Notice.objects.all().delete()
    submit(make_draft(), both)
    assert told() == {(Kind.REVIEW_ASKED, ANA)}


def test_a_refused_step_tells_nobody(draft: Article, author: User, ana: User) -> None:
    with pytest.raises(StepRefused):
        submit(draft, author, reviewer=author)
    with pytest.raises(StepRefused):
        approve_head(submit(draft, author, reviewer=ana), ana, attested=(), interests="")
    assert told() == {(Kind.REVIEW_ASKED, ANA)}


def test_one_mail_says_that_drafts_wait_and_not_what_they_say(
    draft: Article, author: User, ana: User
) -> None:
    first, second = submit(draft, author), submit(make_draft(title=SECRET), author)
    (sent,) = send_all()
    assert (sent.to, sent.subject) == ([ANA], "A draft is ready for your review")
    text = whole(sent)
    for each in (first, second):
        assert f"https://portal.example/admin/articles/article/{each.pk}/change/" in text
        assert each.slug not in text
    for secret in (SECRET, "Kidney", author.last_name, ana.last_name):
        assert secret not in text
    assert states() == ["sent", "sent"]


def test_a_mail_lists_some_articles_and_counts_the_others(
    ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer, "_MOST_LISTED", 2)
    for _ in range(3):
        staff_notices.queue_article_notice(Kind.REVIEW_DUE, make_draft(), [ana])
    monkeypatch.setattr(staff_notices, "is_needed", lambda notice: True)
    (sent,) = send_all()
    text = whole(sent)
    assert text.count("/change/") == 2 * 2, "in text and HTML"
    assert "And 1 more" in text
    assert "https://portal.example/admin/articles/article/" in text


def _published(article: Article, ana: User) -> Article:
    article = approve_head(article, ana)
    return publishing.publish(article, version=article.version, by=ana)


CHANGED: dict[str, Callable[[Article, User, User], object]] = {
    "edited": lambda article, author, ana: edit(article, author),
    "sent back by someone else": lambda article, author, ana: send_back(article, ana),
    "approved by someone else": lambda article, author, ana: approve_head(article, ana),
    "given to someone else": lambda article, author, ana: submit(
        edit(article, author), author, reviewer=ana
    ),
}


@pytest.mark.parametrize("changed", CHANGED)
def test_who_was_asked_is_not_told_once_it_no_longer_waits_for_them(
    draft: Article, author: User, ana: User, ben: User, changed: str
) -> None:
    CHANGED[changed](submit(draft, author, reviewer=ben), author, ana)
    assert BEN not in {each.to[0] for each in send_all()}


@pytest.mark.parametrize(
    "lost", [{"role": Role.EDITOR}, {"role": ""}, {"is_active": False}, {"email": ""}]
)
def test_who_may_no_longer_review_is_not_told(
    draft: Article, author: User, ana: User, lost: dict[str, Any]
) -> None:
    submit(draft, author, reviewer=ana)
    User.objects.filter(pk=ana.pk).update(**lost)
    assert send_all() == []
    assert states() == ["dropped"]


def test_an_author_hears_of_an_approval_even_if_it_is_live_by_then(
    draft: Article, author: User, ana: User
) -> None:
    _published(submit(draft, author, reviewer=ana), ana)
    assert [each.subject for each in send_all()] == ["Your draft was approved"]


def test_an_author_who_has_submitted_it_again_is_not_told_that_it_was_sent_back(
    draft: Article, author: User, ana: User
) -> None:
    submit(send_back(submit(draft, author), ana), author)
    assert {each.to[0] for each in send_all()} == {ANA}


def test_an_import_that_publishes_at_once_tells_nobody(
    draft: Article, author: User, ana: User, ben: User
) -> None:
    publish_at_once(draft, author=author, reviewer=ana)
    assert told() == set()
