"""A preview link shows one revision, without an account, for a limited time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.editing import previews, writing
from articles.models import Article, Event, PreviewLink
from articles.states import StepRefused
from portal.models import Role, User
from tests.factories import make_article, make_content, make_draft, make_staff

pytestmark = pytest.mark.django_db


def revise(article: Article, **words: Any) -> Article:
    """Save a new draft by another editor."""
    content = make_content(**{"title": article.title, **words})
    by = make_staff(Role.EDITOR)
    return writing.save_revision(article, content, interests="None", version=article.version, by=by)


@pytest.mark.parametrize(("days", "is_taken"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_preview_link_is_valid_for_thirty_days_at_most(
    editor: User, days: int, *, is_taken: bool
) -> None:
    draft = make_draft()
    if is_taken:
        link, _ = previews.create_preview_link(draft, days=days, by=editor)
        assert link.expires_at - link.made_at == timedelta(days=days)
        return
    with pytest.raises(StepRefused, match="for 1 to 30 days"):
        previews.create_preview_link(draft, days=days, by=editor)


def test_a_preview_link_shows_one_revision_without_an_account(client: Client, editor: User) -> None:
    article = revise(make_article(title="Live"), title="Draft", body="New words.")
    link, secret = previews.create_preview_link(article, days=2, by=editor)
    address = f"/preview/{secret}/"
    response = client.get(address)
    assert "Preview of revision 2" in response.text
    assert "New words." in response.text
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "ld+json" not in response.text
    assert 'rel="canonical"' not in response.text
    assert "/clear/" not in response.text
    with time_machine.travel(link.expires_at, tick=False):
        assert client.get(address).status_code == 404
    previews.end_preview_link(link, by=editor)
    assert client.get(address).status_code == 404
    assert client.get("/preview/guessed/").status_code == 404
    assert secret not in str(PreviewLink.objects.values())


def test_a_preview_link_is_ended_only_once(editor: User) -> None:
    link, _ = previews.create_preview_link(make_draft(), days=2, by=editor)
    ended = previews.end_preview_link(PreviewLink.objects.get(), by=editor)
    previews.end_preview_link(link, by=editor)
    assert PreviewLink.objects.get().ended_at == ended.ended_at
    assert Event.objects.filter(kind=Event.Kind.UNSHARED).count() == 1


def test_links_are_forgotten_a_month_after_they_expired(editor: User) -> None:
    link, _ = previews.create_preview_link(make_draft(), days=2, by=editor)
    previews.delete_old_links(link.expires_at + timedelta(days=30))
    assert PreviewLink.objects.exists()
    previews.delete_old_links(link.expires_at + timedelta(days=30, seconds=1))
    assert not PreviewLink.objects.exists()
    assert Event.objects.filter(kind=Event.Kind.SHARED).exists(), "the history still says so"
