"""Writing drafts in the admin."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.editing import writing
from articles.models import Article, Image
from portal.models import User
from tests.articles.editing.admin_pages import (
    LIST,
    STALE,
    form,
    make_with_answers,
    page_of,
    words_of,
)
from tests.factories import (
    make_article,
    make_content,
    make_draft,
    make_photo,
    make_reference,
    make_term,
    make_translation,
)

pytestmark = pytest.mark.django_db

PICTURES = "/admin/articles/image/add/"


def test_an_editor_who_writes_a_draft_is_its_author(client: Client, editor: User) -> None:
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form(justified_words="Hope: it is the charity's name"))
    article = Article.objects.get()
    assert response["Location"] == page_of(article)
    assert [each.author for each in article.head.authorships.all()] == [editor]
    assert article.head.justified == {"hope": "it is the charity's name"}
    assert article.categories.count() == 1
    assert not article.is_live


def test_saving_a_live_article_makes_a_draft_and_readers_see_the_old_version(
    client: Client, editor: User
) -> None:
    article = make_article(title="Kidney tests", body="The old words.")
    client.force_login(editor)
    page = client.get(page_of(article))
    assert "The old words." in page.text
    response = client.post(
        page_of(article), form(body="The new words.", version=article.version), follow=True
    )
    assert "Draft: an older version is live" in words_of(response)
    assert "The old words." in client.get(article.get_absolute_url()).text


@pytest.mark.parametrize("version", [1, "", "x", "-1", "9" * 30])
def test_a_stale_page_changes_nothing_and_keeps_the_typed_text(
    client: Client, editor: User, version: object
) -> None:
    draft = make_draft()
    writing.save_revision(draft, make_content(title="Newer"), version=draft.version, by=editor)
    client.force_login(editor)
    response = client.post(page_of(draft), form(title="Mine", version=version))
    assert response.status_code == 422
    assert STALE in response.text
    assert 'value="Mine"' in response.text
    draft.refresh_from_db()
    assert draft.title == "Newer"


def test_an_editor_overtaken_while_saving_is_told_so_too(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft()
    revise = writing.save_revision

    def overtaken(*args: Any, **kwargs: Any) -> Article:
        monkeypatch.undo()
        revise(draft, make_content(title="Newer"), version=1, by=editor)
        return revise(*args, **kwargs)

    monkeypatch.setattr(writing, "save_revision", overtaken)
    client.force_login(editor)
    response = client.post(page_of(draft), form(title="Mine", version=draft.version))
    assert (response.status_code, 'value="Mine"' in response.text) == (422, True)
    assert STALE in response.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"slug": "no slug!"}, "Enter a valid"),
        ({"slug": "taken"}, "already has the address “taken”"),
        ({"body": ""}, "This field is required"),
        ({"body": "x" * 200_001}, "The limit is 200,000"),
        ({"condition_code": "lupus"}, "isn’t an ICD-10-CM code"),
        ({"justified_words": "hope"}, "“hope”: write the word, a colon, and why."),
    ],
)
def test_a_form_with_errors_keeps_the_typed_text(
    client: Client, editor: User, fields: dict[str, str], message: str
) -> None:
    make_draft(slug="taken")
    client.force_login(editor)
    response = client.post(f"{LIST}add/", form(summary="Typed with care.") | fields)
    assert response.status_code == 422
    top = BeautifulSoup(response.text, "html.parser").select_one(".errornote")
    assert top
    assert message in top.text
    for link in top.select("a[href]"):
        assert f'id="{str(link["href"])[1:]}"' in response.text
    assert "Typed with care." in response.text
    assert Article.objects.count() == 1


def test_unsaved_text_is_previewed_and_checked_but_not_saved(
    client: Client, editor: User, reviewer: User
) -> None:
    article = make_article(body="Saved.")
    typed = form(title="", body="Foamy *urine*. <script>alert(1)</script>")
    client.force_login(editor)
    for address in (f"{LIST}try/", page_of(article, "try")):
        page = client.post(address, typed)
        assert "<em>urine</em>" in page.text
        assert "<script>alert" not in page.text
        answer = client.post(address, typed, headers={"X-Asked-By": "script"}).json()
        assert answer.keys() == {"page", "checks", "said"}
        assert "<em>urine</em>" in answer["page"]
    too_long = client.post(f"{LIST}try/", form(body="x" * 200_001))
    assert (too_long.status_code, "The limit is 200,000" in too_long.text) == (422, True)
    asked = client.post(f"{LIST}try/", form(body="x" * 200_001), headers={"X-Asked-By": "script"})
    assert "The limit is 200,000" in asked.json()["refused"]
    article.refresh_from_db()
    assert article.head.number == 1
    assert client.get(f"{LIST}try/").status_code == 405
    client.force_login(reviewer)
    assert client.post(f"{LIST}try/", typed).status_code == 403


def test_a_check_says_what_is_wrong_where_and_how_to_fix_it(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft()
    make_with_answers(monkeypatch)
    client.force_login(editor)
    page = client.get(page_of(draft))
    assert "1 thing to fix" in words_of(page)
    link = BeautifulSoup(page.text, "html.parser").select_one("a[data-field]")
    assert link
    assert (link["data-field"], link["data-line"]) == ("body", "3")
    assert "You can’t do “Submit for review” yet: 1 check failed" in words_of(page)
    refused = client.post(page_of(draft, "step/submit"), {"version": draft.version})
    assert refused.status_code == 409


def test_the_library_is_searched_by_each_word(client: Client, editor: User) -> None:
    make_reference("gu-2014", title="Stem cells in lupus nephritis", authors="Gu F")
    make_reference("other-2020", title="Stem cells in another disease")
    make_term("remission", definition="The disease is quiet.")
    client.force_login(editor)
    found = client.get(f"{LIST}library/sources/?q=lupus gu").json()["found"]
    assert [each["insert"] for each in found] == ["[@gu-2014]"]
    found = client.get(f"{LIST}library/terms/?q=").json()["found"]
    assert found[0]["detail"] == "The disease is quiet."
    assert client.get(f"{LIST}library/nowhere/").status_code == 404


def test_articles_are_found_in_the_language_of_the_text(client: Client, editor: User) -> None:
    original = make_article(title="Kidney [biopsy]", slug="biopsy")
    make_translation(original, slug="biopsia", title="Biopsia de riñón")
    make_draft(title="Kidney biopsy, not live")
    client.force_login(editor)
    client.cookies["django_language"] = "es"
    found = client.get(f"{LIST}library/articles-en/?q=biopsy").json()["found"]
    assert [each["insert"] for each in found] == [r"[Kidney \[biopsy\]](/articles/biopsy/)"]
    found = client.get(f"{LIST}library/articles-es/?q=").json()["found"]
    assert [each["insert"] for each in found] == ["[Biopsia de riñón](/es/articles/biopsia/)"]
    page = client.get(f"{LIST}add/").text
    assert f'data-library-url="{LIST}library/articles-en/"' in page


def test_pasted_html_comes_back_as_markdown(client: Client, editor: User, reviewer: User) -> None:
    client.force_login(editor)
    answer = client.post(f"{LIST}paste/", {"html": "<p>A <b>bold</b> word\x00</p><svg></svg>"})
    assert answer.json() == {"markdown": "A **bold** word", "notes": "left out: a drawing"}
    refused = client.post(f"{LIST}paste/", {"html": "<div>" * 100}).json()
    assert "nested too deeply" in refused["refused"]
    assert client.post(f"{LIST}paste/").json() == {"markdown": "", "notes": ""}
    assert client.get(f"{LIST}paste/").status_code == 405
    client.force_login(reviewer)
    assert client.post(f"{LIST}paste/", {"html": "x"}).status_code == 403


def test_the_main_step_is_beside_save(client: Client, editor: User) -> None:
    draft = make_draft()
    client.force_login(editor)
    page = BeautifulSoup(client.get(page_of(draft)).text, "html.parser")
    bar = page.select_one(".writing-bar")
    assert bar
    main = page.select_one(".action-menu .button.default")
    assert main
    assert [each["href"] for each in bar.select("a.button")] == [main["href"]]


def test_a_script_beside_a_text_gets_the_snippet_or_the_reasons(
    client: Client, editor: User
) -> None:
    said = {"name": "filter", "alt": "A kidney, cut open.", "credit": ""}
    client.force_login(editor)
    asked = {"X-Asked-By": "script"}
    lacking = client.post(PICTURES, {**said, "alt": ""}, headers=asked).json()
    assert "Describe it, or mark it as decorative below." in lacking["refused"]
    assert "This field is required." in lacking["refused"]
    photos = [SimpleUploadedFile("p.jpg", make_photo()) for _ in range(2)]
    added, again = (
        client.post(PICTURES, {**said, "file": photo}, headers=asked).json() for photo in photos
    )
    assert added == {"insert": "![A kidney, cut open.](image:filter)"}
    assert again.keys() == {"refused"}
    assert Image.objects.count() == 1
