"""No address that somebody chooses can take the place of one of the site's own."""

import pytest
from django.test import Client

from articles import library
from articles.editing import writing
from articles.editing.addresses import free_slug, reserved_names
from articles.models import Article, Category, OldAddress
from articles.posts.importer import import_post
from articles.states import StepRefused
from portal.http.language import route_name
from portal.models import User
from tests.factories import make_article, make_content, make_draft

pytestmark = pytest.mark.django_db

#: The site's own names, and the view that must answer at each, in English and in Spanish.
OURS = {
    "es": "home",
    "en": "",
    "admin": "admin:index",
    "accounts": "",
    "articles": "articles:list",
    "categories": "articles:categories",
    "search": "search",
    "glossary": "articles:glossary",
    "a-to-z": "articles:a_to_z",
    "feed": "articles:feed",
    "care-coordinator": "inquiries:coordinator",
    "privacy": "privacy",
    "accessibility": "accessibility",
    "about": "about",
    "preview": "",
    "images": "",
    "healthz": "",
    "static": "",
    "media": "",
}

POST = """---
title: "A post from elsewhere"
slug: {slug}
categories: [{category}]
---

Some words.
"""


def test_the_list_of_reserved_names_is_complete() -> None:
    assert set(OURS) <= reserved_names()


@pytest.mark.parametrize("name", OURS)
def test_a_reserved_name_is_refused_wherever_an_address_is_set(name: str, editor: User) -> None:
    moved = make_article()
    for take in (
        lambda: writing.create_draft(make_content(), slug=name, categories=[], by=editor),
        lambda: writing.change_slug(moved, slug=name, version=moved.version, by=editor),
        lambda: import_post(
            POST.format(slug=name, category="Lupus").encode(), source="post", by=editor
        ),
        lambda: import_post(
            POST.format(slug="fine", category=name).encode(),
            source="post",
            may_create_categories=True,
            by=editor,
        ),
    ):
        with pytest.raises(StepRefused, match=f"The site itself uses the address “{name}”"):
            take()
    assert not Article.objects.filter(slug=name).exists()
    assert not Category.objects.filter(slug=name).exists()


def test_a_category_cannot_be_proposed_with_a_reserved_name(reviewer: User) -> None:
    with pytest.raises(StepRefused, match="uses the address “admin”"):
        library.propose_category(
            None, name="Administration", slug="admin", description="", by=reviewer
        )


@pytest.mark.parametrize("name", [name for name, view in OURS.items() if view])
def test_an_old_address_with_a_reserved_name_does_not_replace_a_view(
    name: str, client: Client
) -> None:
    """Even a row written straight into the table cannot change the order of address lookup."""
    article = make_article()
    OldAddress.objects.create(article=article, slug=name)
    for prefix in ("", "/es") if name not in {"es", "admin"} else ("",):
        assert route_name(f"{prefix}/{name}/") == OURS[name]
    moved = client.get(f"/articles/{name}/")
    assert (moved.status_code, moved["Location"]) == (301, article.get_absolute_url())


@pytest.mark.parametrize("slug", ["../admin", "a/b", "a b", "a?b", "ñandú", "a.json"])
def test_an_invalid_slug_is_refused(slug: str) -> None:
    with pytest.raises(StepRefused, match="only letters, numbers, and hyphens"):
        make_draft(slug=slug)


def test_a_title_that_matches_a_reserved_name_gets_another_slug() -> None:
    assert free_slug("Search") == "search-2"
    assert free_slug("Español: es") == "espanol-es"
    assert make_draft(title="Privacy").slug == "privacy-2"
