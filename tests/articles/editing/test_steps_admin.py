"""Reviewing, publishing and retiring in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles import checking
from articles.checking.all_checks import CHECKS
from articles.editing import writing
from articles.models import Article
from articles.states import State
from portal.models import User
from tests.articles.editing.admin_pages import STALE, make_with_answers, page_of, words_of
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_content,
    make_draft,
    submit,
)

pytestmark = pytest.mark.django_db

#: Every box that a reviewer checks, checked.
ATTESTED = {
    f"attest-{check.id}": "on" for check in CHECKS if check.level is checking.Level.ATTESTED
}


def test_a_draft_goes_to_review_is_approved_and_published(
    client: Client, editor: User, reviewer: User
) -> None:
    draft = make_draft(by=editor, body="Words to vouch for.")
    client.force_login(editor)
    take_step(client, draft, "submit")
    client.force_login(reviewer)
    page = client.get(page_of(draft))
    assert 'name="title"' not in page.text, "a reviewer reads and does not write"
    take_step(client, draft, "approve", interests="None", **ATTESTED)
    assert client.get(draft.get_absolute_url()).status_code == 404
    take_step(client, draft, "publish")
    assert "Words to vouch for." in client.get(draft.get_absolute_url()).text


def take_step(client: Client, article: Article, step: str, **fields: Any) -> None:
    """Take a step with the main button of the article's page."""
    page = BeautifulSoup(client.get(page_of(article)).text, "html.parser")
    main = page.select_one(".action-menu .default")
    assert main
    assert f"/step/{step}/?version=" in str(main["href"])
    asked = BeautifulSoup(client.get(str(main["href"])).text, "html.parser")
    version = asked.select_one("input[name=version]")
    assert version
    sent = {"version": version["value"], **fields}
    assert client.post(str(main["href"]), sent).status_code == 302


def test_an_author_is_told_that_someone_else_must_review_it(client: Client) -> None:
    both = User.objects.create_superuser("both", password="x")
    draft = submit(make_draft(by=both))
    client.force_login(both)
    page = words_of(client.get(page_of(draft)))
    assert (
        "You can’t do “Approve” yet: You wrote part of this. Someone else has to review it." in page
    )
    response = client.get(page_of(draft, "step/approve"))
    assert "You wrote part of this." in response.text
    assert 'type="submit" class="default"' not in response.text


@pytest.mark.parametrize("version", ["1", "0", "x", "²", "9" * 5000])
def test_an_article_changed_after_it_was_read_is_not_approved(
    client: Client, reviewer: User, version: str
) -> None:
    draft = submit(make_draft())
    client.force_login(reviewer)
    sent = {"version": version, "interests": "None"}
    response = client.post(page_of(draft, "step/approve"), sent)
    assert (response.status_code, STALE in response.text) == (409, True)
    assert 'type="submit" class="default"' not in response.text, "first it has to be read"
    assert client.get(page_of(draft, f"step/approve/?version={version}")[:-1]).status_code in {
        409,
        400,
    }
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


def test_a_reviewer_answers_each_question_with_a_checkbox(
    client: Client, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = submit(make_draft())
    make_with_answers(monkeypatch)
    monkeypatch.setattr(checking, "blocking", lambda answers: ())
    client.force_login(reviewer)
    page = client.get(page_of(draft, "step/approve"))
    assert "Say it plainly." in words_of(page)
    sent = {"version": draft.version, "interests": "None"}
    response = client.post(page_of(draft, "step/approve"), sent)
    assert (response.status_code, "I read it : Please confirm this." in words_of(response)) == (
        422,
        True,
    )
    sent["attest-facts"] = "on"
    assert client.post(page_of(draft, "step/approve"), sent).status_code == 302


def test_sending_back_shows_the_note_to_the_editor(
    client: Client, editor: User, reviewer: User
) -> None:
    draft = submit(make_draft(by=editor))
    client.force_login(reviewer)
    sent = {"version": draft.version, "words": "Name the harms."}
    assert client.post(page_of(draft, "step/send_back"), sent).status_code == 302
    client.force_login(editor)
    assert "Name the harms." in client.get(page_of(draft)).text


def test_an_approved_article_can_be_scheduled_and_unscheduled(client: Client, editor: User) -> None:
    draft = approve(make_draft(by=editor))
    client.force_login(editor)
    day = timezone.localdate() + timedelta(days=2)
    sent = {"version": draft.version, "at_0": str(day), "at_1": "10:00"}
    assert client.post(page_of(draft, "step/schedule"), sent).status_code == 302
    assert "Scheduled for" in words_of(client.get(page_of(draft)))
    draft.refresh_from_db()
    client.post(page_of(draft, "step/unschedule"), {"version": draft.version})
    draft.refresh_from_db()
    assert draft.state == State.APPROVED


def test_a_retired_article_names_what_to_read_instead(client: Client, editor: User) -> None:
    article, other = make_article(), make_article(title="Read me")
    client.force_login(editor)
    sent = {
        "version": article.version,
        "because": "A source was retracted.",
        "instead": f"https://portal.example{other.get_absolute_url()}",
    }
    wrong = client.post(page_of(article, "step/retire"), sent | {"instead": "nowhere"})
    assert (wrong.status_code, "no live article at that address" in wrong.text) == (422, True)
    client.post(page_of(article, "step/retire"), sent)
    gone = client.get(article.get_absolute_url())
    assert (gone.status_code, "Read me" in gone.text) == (410, True)


def test_a_live_article_can_be_reviewed_again_retired_later_and_moved(
    client: Client, reviewer: User, editor: User
) -> None:
    article = make_article()
    Article.objects.update(review_due_at=timezone.now() - timedelta(days=1))
    client.force_login(reviewer)
    page = BeautifulSoup(client.get(page_of(article)).text, "html.parser")
    main = page.select_one(".action-menu .default")
    assert main
    assert main.text == "Review again"
    sent = {"version": article.version, "interests": "None", **ATTESTED}
    assert client.post(page_of(article, "confirm"), sent).status_code == 302
    article.refresh_from_db()
    assert not article.is_overdue(timezone.now())
    client.force_login(editor)
    day = timezone.localdate() + timedelta(days=2)
    sent = {"version": article.version, "at_0": day, "at_1": "10:00", "because": "It ends."}
    assert client.post(page_of(article, "leave"), sent).status_code == 302
    article.refresh_from_db()
    client.post(page_of(article, "move"), {"version": article.version, "slug": "elsewhere"})
    assert client.get(article.get_absolute_url()).status_code == 200
    approve_waiting()
    assert client.get(article.get_absolute_url())["Location"] == "/articles/elsewhere/"


def test_a_step_that_cannot_be_taken_says_why(client: Client, editor: User) -> None:
    draft, live = make_draft(), make_article()
    live = writing.save_revision(live, make_content(), version=live.version, by=editor)
    client.force_login(editor)
    response = client.get(page_of(draft, "step/publish"))
    assert "“Publish now” isn’t possible. The current state is: Draft." in words_of(response)
    assert "This article isn’t live" in words_of(client.get(page_of(draft, "leave")))
    client.force_login(User.objects.create_superuser("root", password="x"))
    assert "There is a newer draft" in words_of(client.get(page_of(live, "confirm")))
