"""The cost of rendering an article's page, and that it never shows stale content."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles import rendering
from articles.editing import writing
from articles.models import Article
from articles.reading import pages
from articles.rendering.library_snapshot import LibrarySnapshot
from portal.models import Role, User
from tests.articles.reading.pages import linked_data, words_of
from tests.factories import (
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
    publish,
)
from tests.portal.accounts.devices import enter

pytestmark = pytest.mark.django_db


def revise(article: Article, **words: Any) -> Article:
    """Save a new draft by another editor."""
    content = make_content(**{"title": article.title, **words})
    by = make_staff(Role.EDITOR)
    return writing.save_revision(article, content, interests="None", version=article.version, by=by)


@pytest.mark.parametrize("size", [1, 4])
def test_an_article_takes_four_queries_however_much_it_shows(
    client: Client, size: int, django_assert_num_queries: Any
) -> None:
    categories = [make_category() for _ in range(size)]
    article = make_article(categories=categories, body="".join(map("## {}\n\n".format, "abcdef")))
    for number in range(size):
        make_article(categories=categories)
        article = publish(revise(article, correction=f"Wrong {number}."))
    with django_assert_num_queries(4):
        response = client.get(article.get_absolute_url())
    found = BeautifulSoup(response.text, "html.parser")
    assert len(found.select("a[rel=tag]")) == size
    assert len(found.select(".people li")) == size + 2
    assert len(found.select(".corrections li")) == size
    assert len(found.select(".related li")) == min(size, 3)


def test_no_rendering_happens_while_readers_wait_and_no_cookie_is_set(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()

    def never(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("rendered for a reader")

    monkeypatch.setattr(rendering, "render", never)
    response = client.get(article.get_absolute_url())
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


def test_a_regenerated_page_is_visible_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article(body="Old words.")
    assert "Old words." in words_of(client, article)
    remade = rendering.render(make_content(body="Same, with a notice."), LibrarySnapshot())
    monkeypatch.setattr(rendering, "render", lambda *_: remade)
    pages.build_page(article)
    assert "Same, with a notice." in words_of(client, article)


def test_pages_show_peoples_current_names(client: Client, reviewer: User) -> None:
    article = make_article(reviewer=reviewer)
    enter(client, make_staff(is_superuser=True))
    typed = {"username": reviewer.username, "role": reviewer.role, "is_active": "on"}
    typed |= {"is_staff": "on", "first_name": "Ana", "last_name": "Nova", "credentials": "MD"}
    saved = client.post(f"/admin/portal/user/{reviewer.pk}/change/", typed)
    assert saved.status_code == 302
    assert linked_data(client, article)["reviewedBy"]["name"] == "Ana Nova, MD"


def test_an_article_that_is_not_live_has_no_page() -> None:
    with pytest.raises(ValueError, match="has no page"):
        pages.build_page(make_draft())
