"""Translating an article in the admin: one button starts it, and a stale translation is marked."""

from dataclasses import replace

import pytest
from django.test import Client

from articles.editing import writing
from articles.models import Article
from portal.models import User
from tests.factories import make_article, make_translation, publish

pytestmark = pytest.mark.django_db


def page_of(client: Client, article: Article) -> str:
    response = client.get(f"/admin/articles/article/{article.pk}/change/")
    assert response.status_code == 200
    return response.text


def test_an_editor_starts_it_from_the_originals_page(client: Client, editor: User) -> None:
    original = make_article(slug="kidney-tests")
    client.force_login(editor)
    assert "Translate into Spanish" in page_of(client, original)
    address = f"/admin/articles/article/{original.pk}/translate/es/"
    response = client.post(address)
    draft = original.translations.get()
    assert response["Location"] == f"/admin/articles/article/{draft.pk}/change/"
    assert "Spanish translation of" in page_of(client, draft)
    assert "Translate into Spanish" not in page_of(client, original)
    assert "Spanish translation" in page_of(client, original)
    again = client.post(address, follow=True)
    assert "It already exists in this language" in again.text
    assert original.translations.count() == 1


def test_an_outdated_translation_says_so_until_it_is_confirmed(
    client: Client, editor: User
) -> None:
    original = make_article(title="Kidney tests")
    twin = make_translation(original)
    client.force_login(editor)
    assert "This translation is behind." not in page_of(client, twin)
    original = Article.objects.for_staff().get(pk=original.pk)
    content = replace(original.head.content, summary="Other words.")
    revised = writing.save_revision(
        original, content, interests="None", version=original.version, by=editor
    )
    publish(revised)
    assert "This translation is behind." in page_of(client, twin)
    assert "(behind)" in page_of(client, original)
    twin = Article.objects.get(pk=twin.pk)
    address = f"/admin/articles/article/{twin.pk}/up-to-date/"
    refused = client.post(address, {"version": twin.version + 1}, follow=True)
    assert "Someone changed this article" in refused.text
    done = client.post(address, {"version": twin.version}, follow=True)
    assert "The translation is up to date." in done.text
    assert "This translation is behind." not in page_of(client, twin)


@pytest.mark.parametrize("end", ["translate/es/", "up-to-date/"])
def test_neither_works_by_link_or_for_people_who_do_not_write(
    client: Client, editor: User, coordinator: User, end: str
) -> None:
    article = make_article()
    address = f"/admin/articles/article/{article.pk}/{end}"
    client.force_login(editor)
    assert client.get(address).status_code == 405
    client.force_login(coordinator)
    assert client.post(address).status_code in {403, 404}
    assert not article.translations.exists()


def test_a_preview_marks_its_language_and_does_not_report_it_missing(
    client: Client, editor: User
) -> None:
    twin = make_translation(make_article())
    client.force_login(editor)
    shown = client.get(f"/admin/articles/article/{twin.pk}/preview/").text
    assert '<h1 lang="es">' in shown
    assert "We don’t have this article" not in shown


def test_the_list_names_the_language(client: Client, editor: User) -> None:
    make_translation(make_article())
    client.force_login(editor)
    listed = client.get("/admin/articles/article/")
    assert 'class="field-written_in">Spanish<' in listed.text
    assert client.get("/admin/articles/article/?language=es").status_code == 200
