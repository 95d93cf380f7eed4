"""Revisions in the admin: compared, restored, shared by a preview link."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editing import writing
from articles.models import Feedback
from articles.reading import feedback
from portal.models import User
from tests.articles.editing.admin_pages import STALE, page_of, words_of
from tests.factories import make_article, make_content, make_draft

pytestmark = pytest.mark.django_db


def test_revisions_are_listed_with_authors_and_approvers(
    client: Client, editor: User, reviewer: User
) -> None:
    article = make_article(reviewer=reviewer)
    client.force_login(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_of(article, "revisions")).status_code == 200
        return len(asked)

    queries()
    once = queries()
    for _ in range(60):
        article = writing.save_revision(article, make_content(), version=article.version, by=editor)
    feedback.count_answer(
        article, number=1, choice=Feedback.Answer.TOO_LONG, on=timezone.localdate()
    )
    assert queries() == once
    newest = client.get(page_of(article, "revisions"))
    assert "?before=12" in newest.text
    assert "It’s too long" in newest.text
    oldest = words_of(client.get(f"{page_of(article, 'revisions')}?before=12"))
    assert f"{reviewer}" in oldest
    assert "Live" in oldest


def test_a_revision_can_be_compared_with_any_other_and_restored(
    client: Client, editor: User
) -> None:
    article = make_article(body="One old word.")
    content = make_content(body="One new word.")
    article = writing.save_revision(article, content, version=article.version, by=editor)
    client.force_login(editor)
    page = client.get(page_of(article, "revisions/2"))
    gone, come = (BeautifulSoup(page.text, "html.parser").select(tag) for tag in ("del", "ins"))
    assert "deleted: old end." in " ".join(gone[-1].text.split())
    assert "added: new end." in " ".join(come[-1].text.split())
    assert client.get(f"{page_of(article, 'revisions/1')}?against=9").status_code == 404
    sent = {"version": article.version}
    assert client.post(page_of(article, "revisions/1"), sent).status_code == 302
    article.refresh_from_db()
    assert (article.head.number, article.head.body) == (3, "One old word.")
    refused = client.post(page_of(article, "revisions/2"), sent, follow=True)
    assert STALE in refused.text


def test_a_preview_link_is_shown_once_then_listed_and_can_be_ended(
    client: Client, reviewer: User
) -> None:
    draft = make_draft(body="For one reader.")
    client.force_login(reviewer)
    page = BeautifulSoup(client.post(page_of(draft, "share"), {"days": 7}).text, "html.parser")
    address = page.select_one(".address code")
    assert address
    assert "For one reader." in Client().get(address.text).text
    listed = client.get(page_of(draft, "share"))
    assert address.text not in listed.text
    end = BeautifulSoup(listed.text, "html.parser").select_one(".links form")
    assert end
    client.post(str(end["action"]))
    assert Client().get(address.text).status_code == 404
    assert client.post(page_of(draft, "share"), {"days": 99}).status_code == 422
