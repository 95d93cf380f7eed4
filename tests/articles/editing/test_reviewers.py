"""Who may review a draft, whom to ask first, and who sees it as theirs."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.editing import reviewers, reviewing, writing
from articles.models import Article
from articles.states import State, StepRefused
from portal.models import Role, User
from tests.articles.editing.admin_pages import page_of, words_of
from tests.factories import approve, make_content, make_draft, make_staff, submit

pytestmark = pytest.mark.django_db


def ask(draft: Article, reviewer: User | None) -> Article:
    by = make_staff(Role.EDITOR)
    return reviewing.submit(draft, reviewer=reviewer, version=draft.version, by=by)


def send_back(article: Article, by: User) -> Article:
    return reviewing.send_back(article, words="Too long.", version=article.version, by=by)


def test_only_those_who_may_approve_it_are_offered(reviewer: User) -> None:
    both = User.objects.create_superuser("both", password="x")
    make_staff(Role.REVIEWER, is_active=False)
    make_staff(Role.COORDINATOR)
    draft = make_draft(by=both)
    assert reviewers.who_may_review(draft) == [reviewer]
    assert set(reviewers.who_may_review(make_draft())) == {both, reviewer}


def test_whose_own_words_were_restored_by_another_is_not_offered() -> None:
    both = User.objects.create_superuser("both", password="x")
    draft = make_draft(by=both)
    editor = make_staff(Role.EDITOR)
    changed = writing.save_revision(draft, make_content(), version=draft.version, by=editor)
    words = changed.revisions.get(number=1).content
    restored = writing.save_revision(changed, words, version=changed.version, by=editor)
    assert reviewers.who_may_review(restored) == []


def test_the_one_with_the_least_to_review_is_proposed() -> None:
    busy, free = (make_staff(Role.REVIEWER, last_name=name) for name in ("A", "B"))
    assert reviewers.who_may_review(make_draft()) == [busy, free], "by name"
    waiting = ask(make_draft(), busy)
    assert reviewers.who_may_review(make_draft()) == [free, busy]
    send_back(waiting, busy)
    assert reviewers.who_may_review(make_draft()) == [busy, free], "it no longer waits"


def test_who_has_approved_in_its_language_goes_first_and_who_knows_the_text_before() -> None:
    first, second, third = (make_staff(Role.REVIEWER, last_name=name) for name in "ABC")
    approve(make_draft(), reviewer=second)
    draft = make_draft()
    assert reviewers.who_may_review(draft) == [second, first, third]
    sent_back = send_back(ask(draft, third), third)
    assert reviewers.who_may_review(sent_back) == [third, second, first]


def test_nobody_can_be_asked_who_may_not_review_it() -> None:
    both = User.objects.create_superuser("both", password="x")
    draft = make_draft(by=both)
    gone = make_staff(Role.REVIEWER, is_active=False)
    for nobody in (both, gone, make_staff(Role.EDITOR)):
        with pytest.raises(StepRefused) as refusal:
            ask(draft, nobody)
        assert f"{nobody} can’t review this." in str(refusal.value)
    draft.refresh_from_db()
    assert (draft.state, draft.reviewer) == (State.DRAFT, None)


def _options(client: Client, draft: Article) -> dict[str, str]:
    page = BeautifulSoup(client.get(page_of(draft, "step/submit")).text, "html.parser")
    return {str(each["value"]): each.text for each in page.select("#id_reviewer option")}


def test_an_editor_chooses_the_reviewer_on_the_page(client: Client, editor: User) -> None:
    first, second = (make_staff(Role.REVIEWER, last_name=name) for name in "AB")
    draft = make_draft(by=editor)
    client.force_login(editor)
    anyone = "Anyone who may review it"
    assert _options(client, draft) == {
        str(first.pk): "Demo A",
        str(second.pk): "Demo B",
        "": anyone,
    }
    sent: dict[str, Any] = {"version": draft.version, "reviewer": str(editor.pk)}
    assert client.post(page_of(draft, "step/submit"), sent).status_code == 422
    sent["reviewer"] = str(second.pk)
    assert client.post(page_of(draft, "step/submit"), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.reviewer) == (State.IN_REVIEW, second)
    assert "Reviewer Demo B" in words_of(client.get(page_of(draft)))


def test_without_a_choice_anyone_who_may_is_asked(client: Client, editor: User) -> None:
    make_staff(Role.REVIEWER)
    draft = make_draft(by=editor)
    client.force_login(editor)
    client.post(page_of(draft, "step/submit"), {"version": draft.version})
    draft.refresh_from_db()
    assert (draft.state, draft.reviewer) == (State.IN_REVIEW, None)
    assert "Reviewer Anyone who may review it" in words_of(client.get(page_of(draft)))


def test_a_draft_waits_for_who_was_asked_or_for_all_but_its_authors(reviewer: User) -> None:
    both = User.objects.create_superuser("both", password="x")
    asked, open_ = ask(make_draft(), reviewer), submit(make_draft(by=both))
    make_draft()
    articles = Article.objects.order_by("pk")
    assert set(articles.waiting_for(reviewer)) == {asked, open_}
    assert not articles.waiting_for(both)


def test_a_draft_is_sent_back_until_it_is_submitted_again(editor: User, reviewer: User) -> None:
    draft = send_back(submit(make_draft(by=editor)), reviewer)
    send_back(submit(make_draft()), reviewer)
    mine = make_draft(by=editor)
    assert list(Article.objects.sent_back_to(editor)) == [draft]
    assert set(Article.objects.drafts_of(editor)) == {draft, mine}
    edited = writing.save_revision(
        draft, make_content(), interests="None", version=draft.version, by=editor
    )
    assert list(Article.objects.sent_back_to(editor)) == [draft], "editing it is no answer"
    submit(edited)
    assert not Article.objects.sent_back_to(editor)
    assert set(Article.objects.written_by(editor)) == {draft, mine}
