"""Writing and reviewing in the admin."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles import publishing
from articles.models import Article, Category
from portal.models import User
from tests.factories import make_article, make_category, make_content, make_draft

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Kidney tests",
        "slug": "kidney-tests",
        "summary": "What they show.",
        "body": "## Protein",
        "references": "Example A (2020).",
        "categories": [str(make_category().pk)],
        "opened_version": "",
        **fields,
    }


def test_an_editor_writes_a_draft_and_is_its_author(client: Client, editor: User) -> None:
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form())
    assert response.status_code == 302
    article = Article.objects.get()
    assert (article.written_by, article.body_html) == (editor, "<h2>Protein</h2>\n")
    assert article.categories.count() == 1
    assert not article.is_published


def test_an_editor_changes_a_draft(client: Client, editor: User) -> None:
    draft = make_draft()
    client.force_login(editor)
    assert "Kidney tests" in client.get(f"{LIST}{draft.pk}/change/").text
    response = client.post(
        f"{LIST}{draft.pk}/change/", form(title="New", opened_version=draft.version)
    )
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.written_by, draft.version) == ("New", editor, 2)


@pytest.mark.parametrize("version", [1, "", "x", "-1", "9" * 30])
def test_a_stale_page_changes_nothing_and_keeps_what_was_typed(
    client: Client, editor: User, version: object
) -> None:
    draft = make_draft()
    publishing.revise(
        draft, make_content(title="Newer"), categories=[], version=draft.version, by=editor
    )
    client.force_login(editor)
    response = client.post(f"{LIST}{draft.pk}/change/", form(title="Mine", opened_version=version))
    assert response.status_code == 200
    assert "Somebody changed this article after you opened it" in response.text
    assert 'value="Mine"' in response.text
    draft.refresh_from_db()
    assert draft.title == "Newer"


@pytest.mark.django_db(transaction=True)
def test_who_is_overtaken_while_saving_is_told_so_too(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write at a time, so nobody is overtaken while saving")
    draft = make_draft()
    revise = publishing.revise

    def newer() -> None:
        try:
            revise(draft, make_content(title="Newer"), categories=[], version=1, by=editor)
        finally:
            connection.close()

    def overtaken(*args: Any, **kwargs: Any) -> Article:
        monkeypatch.undo()
        with ThreadPoolExecutor() as colleague:
            colleague.submit(newer).result()
        return revise(*args, **kwargs)

    monkeypatch.setattr(publishing, "revise", overtaken)
    client.force_login(editor)
    response = client.post(
        f"{LIST}{draft.pk}/change/", form(title="Mine", opened_version=draft.version)
    )
    assert "Somebody changed this article after you opened it" in response.text
    assert 'value="Mine"' in response.text
    draft.refresh_from_db()
    assert draft.title == "Newer"


def test_a_published_article_is_read_only(client: Client, editor: User) -> None:
    article = make_article(title="Live")
    client.force_login(editor)
    page = client.get(f"{LIST}{article.pk}/change/")
    assert 'name="title"' not in page.text
    # A page opened before it was published:
    response = client.post(f"{LIST}{article.pk}/change/", form(title="Mine", opened_version=1))
    assert "This article was published meanwhile" in response.text
    assert 'value="Mine"' in response.text
    article.refresh_from_db()
    assert article.title == "Live"


def test_the_preview_is_the_real_page_with_a_banner(client: Client, editor: User) -> None:
    draft = make_draft(title="Soon", body="Foamy *urine*.")
    client.force_login(editor)
    response = client.get(f"{LIST}{draft.pk}/preview/")
    assert response.status_code == 200
    assert "<em>urine</em>" in response.text
    assert "Preview" in response.text
    assert 'content="noindex' in response.text


def test_a_reviewer_reads_and_publishes(client: Client, reviewer: User) -> None:
    draft = make_draft()
    client.force_login(reviewer)
    page = client.get(f"{LIST}{draft.pk}/change/").text
    assert "Preview and publish" in page
    publish = f"{LIST}{draft.pk}/publish/?version={draft.version}"
    assert publish in client.get(f"{LIST}{draft.pk}/preview/").text
    asked = client.get(publish)
    assert f'name="version" value="{draft.version}"' in asked.text
    response = client.post(f"{LIST}{draft.pk}/publish/", {"version": draft.version})
    assert response.status_code == 302
    assert client.get(draft.get_absolute_url()).status_code == 200
    article = Article.objects.get()
    page = client.get(f"{LIST}{draft.pk}/change/").text
    assert f"{LIST}{draft.pk}/withdraw/" in page
    response = client.post(f"{LIST}{draft.pk}/withdraw/", {"version": article.version})
    assert response.status_code == 302
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("version", ["", "0", "x", "²", "9" * 5000])
def test_without_a_version_that_was_read_the_way_leads_to_the_preview(
    client: Client, reviewer: User, version: str
) -> None:
    draft = make_draft()
    client.force_login(reviewer)
    for response in (
        client.post(f"{LIST}{draft.pk}/publish/", {"version": version}),
        client.get(f"{LIST}{draft.pk}/publish/"),
    ):
        assert response["Location"] == f"{LIST}{draft.pk}/preview/"
    draft.refresh_from_db()
    assert not draft.is_published


def test_what_changed_after_the_preview_is_not_published(
    client: Client, editor: User, reviewer: User
) -> None:
    draft = make_draft()
    read = draft.version
    publishing.revise(draft, make_content(), categories=[], version=read, by=editor)
    client.force_login(reviewer)
    response = client.post(f"{LIST}{draft.pk}/publish/?version={read}", {"version": read})
    assert response.status_code == 409
    assert "changed this article after you opened it" in response.text
    assert 'type="submit"' not in response.text.split("errornote")[1], "first it has to be read"
    draft.refresh_from_db()
    assert not draft.is_published


def test_what_cannot_be_published_says_why(client: Client, editor: User) -> None:
    draft = make_draft(by=editor)
    client.force_login(editor)
    response = client.post(f"{LIST}{draft.pk}/publish/", {"version": draft.version})
    assert "Only a medical reviewer can publish" in response.text
    assert "You wrote it." in response.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"slug": "no slug!"}, "Enter a valid"),
        ({"slug": "taken"}, "already exists"),
        ({"body": ""}, "This field is required"),
        ({"body": "x" * 200_001}, "200,000 are the most"),
    ],
)
def test_a_form_with_errors_keeps_what_was_typed(
    client: Client, editor: User, fields: dict[str, str], message: str
) -> None:
    make_draft(slug="taken")
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form(summary="Typed with care.", **fields))
    assert response.status_code == 200
    assert message in response.text
    assert "Typed with care." in response.text
    assert Article.objects.count() == 1


def test_the_words_of_a_topic_are_a_reviewers_and_its_address_stays(
    client: Client, reviewer: User
) -> None:
    client.force_login(reviewer)
    new = {"name": "Gout", "slug": "gout", "description": "Pages about gout."}
    assert client.post("/admin/articles/category/add/", new).status_code == 302
    category = Category.objects.get(name="Gout")
    changed = {"name": "Gout and joints", "slug": "moved", "description": ""}
    client.post(f"/admin/articles/category/{category.pk}/change/", changed)
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Gout and joints", "gout")
    broken = {"name": "Gout\x0bfoot", "slug": "foot", "description": ""}
    assert "control character" in client.post("/admin/articles/category/add/", broken).text
