"""The server keeps what an editor types, and offers it when they are back."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.editing import writing
from articles.models import Article, KeptText
from portal.models import Role, User
from tests.articles.editing.admin_pages import LIST, STALE, form, page_of, words_of
from tests.factories import (
    make_article,
    make_content,
    make_draft,
    make_kepttext,
    make_staff,
    submit,
)

pytestmark = pytest.mark.django_db

WINDOW = "a-window-of-theirs"
OFFER = "You have text that wasn’t saved"


def send(client: Client, article: Article | None, **fields: Any) -> dict[str, Any]:
    address = page_of(article, "keep") if article else f"{LIST}keep/"
    opened = {"version": article.version, "revision": article.head.number} if article else {}
    typed = form(window=WINDOW, number="1", **opened) | fields
    answer: dict[str, Any] = client.post(address, typed).json()
    return answer


def fields_of(response: Any) -> dict[str, str]:
    """Return what the form holds, by field."""
    page = BeautifulSoup(response.text, "html.parser").select_one("#writing")
    assert page
    found = {str(each["name"]): str(each.get("value", "")) for each in page.select("input[name]")}
    return found | {str(each["name"]): each.text.strip() for each in page.select("textarea")}


def test_typed_text_is_kept_offered_compared_and_used(client: Client, editor: User) -> None:
    draft = make_draft(body="Saved.")
    client.force_login(editor)
    assert "Kept at" in send(client, draft, body="Typed.", summary="New.")["kept"]
    page = client.get(page_of(draft))
    assert OFFER in words_of(page)
    assert fields_of(page)["body"] == "Saved."  # never replaced by itself
    kept = KeptText.objects.get()
    compared = words_of(client.get(f"{LIST}kept/{kept.pk}/"))
    assert "Saved deleted: Saved end. . Not saved added: Typed end. ." in compared
    used = client.get(f"{page_of(draft)}?kept={kept.pk}")
    assert fields_of(used)["body"] == "Typed."
    assert fields_of(used)["kept"] == str(kept.pk)
    assert OFFER not in words_of(used)
    saved = client.post(page_of(draft), fields_of(used) | {"stage": "early"}, follow=True)
    assert "saved." in words_of(saved)
    assert OFFER not in words_of(saved)
    draft.refresh_from_db()
    assert draft.head.body == "Typed."


def test_a_new_article_is_kept_too(client: Client, editor: User) -> None:
    client.force_login(editor)
    typed = form(title="Mine")
    send(client, None, **typed)
    kept = KeptText.objects.get()
    assert kept.words["categories"] == typed["categories"]
    assert OFFER in words_of(client.get(f"{LIST}add/"))
    assert "Mine" in words_of(client.get(f"{LIST}kept/{kept.pk}/"))
    used = fields_of(client.get(f"{LIST}add/?kept={kept.pk}"))
    assert used["title"] == "Mine"
    client.post(f"{LIST}add/", used | {"categories": typed["categories"]})
    assert Article.objects.get().title == "Mine"
    assert OFFER not in words_of(client.get(f"{LIST}add/"))


def test_a_colleagues_version_is_shown_and_never_overwritten(client: Client, editor: User) -> None:
    draft, colleague = make_draft(), make_staff(Role.EDITOR, first_name="Ada", last_name="Example")
    client.force_login(editor)
    send(client, draft, body="Mine.")
    writing.save_revision(draft, make_content(body="Theirs."), version=1, by=colleague)
    said = send(client, draft, body="Mine, and more.", number="2")
    assert "Kept at" in said["kept"]
    assert "Ada Example saved another version" in said["changed"]
    kept = KeptText.objects.get()
    page = client.get(page_of(draft))
    assert "Compare the two first" in words_of(page)
    assert f"?kept={kept.pk}" not in page.text
    compared = words_of(client.get(f"{LIST}kept/{kept.pk}/"))
    assert "Ada Example saved another version on" in compared
    assert "Nothing was overwritten" in compared
    used = fields_of(client.get(f"{page_of(draft)}?kept={kept.pk}"))
    refused = client.post(page_of(draft), used)
    assert (refused.status_code, STALE in refused.text) == (422, True)
    draft.refresh_from_db()
    assert draft.head.body == "Theirs."
    assert KeptText.objects.still_open().exists()


def test_a_step_that_changes_no_text_overtakes_nothing(client: Client, editor: User) -> None:
    draft = make_draft()
    submit(Article.objects.get())
    client.force_login(editor)
    assert "changed" not in send(client, draft, body="Typed.")
    used = fields_of(client.get(f"{page_of(draft)}?kept={KeptText.objects.get().pk}"))
    assert client.post(page_of(draft), used | {"stage": "early"}).status_code == 302
    draft.refresh_from_db()
    assert draft.head.body == "Typed."


def test_an_imported_version_has_nobody_to_name(client: Client, editor: User) -> None:
    draft = make_draft()
    client.force_login(editor)
    send(client, draft)
    writing.save_revision(draft, make_content(body="Imported."), version=1, by=None)
    assert "Someone saved another version" in send(client, draft, number="2")["changed"]
    compared = words_of(client.get(f"{LIST}kept/{KeptText.objects.get().pk}/"))
    assert "Another version was imported on" in compared


def test_unsaved_text_can_be_thrown_away(client: Client, editor: User) -> None:
    client.force_login(editor)
    draft = make_draft()
    for article, address in ((draft, page_of(draft)), (None, f"{LIST}add/")):
        send(client, article, window=f"{WINDOW}-{bool(article)}")
        kept = KeptText.objects.still_open().get()
        response = client.post(f"{LIST}kept/{kept.pk}/", follow=True)
        assert response.redirect_chain == [(address, 302)]
        assert "thrown away" in words_of(response)
        assert OFFER not in words_of(response)
        assert client.get(f"{LIST}kept/{kept.pk}/").status_code == 404


def test_text_that_is_as_it_was_saved_is_not_offered(client: Client, editor: User) -> None:
    article = make_article(correction="Wrong before.")
    client.force_login(editor)
    opened = fields_of(client.get(page_of(article)))
    as_it_was = opened | {"stage": article.head.stage, "window": WINDOW}
    as_it_was["categories"] = [str(each.pk) for each in article.categories.all()]  # type: ignore[assignment]
    send(client, article, **as_it_was)
    assert OFFER not in words_of(client.get(page_of(article)))
    send(client, article, **as_it_was | {"interests": "A grant."}, number="2")
    assert OFFER in words_of(client.get(page_of(article)))
    compared = words_of(client.get(f"{LIST}kept/{KeptText.objects.get().pk}/"))
    assert "Only details differ" in compared


def test_a_form_with_errors_offers_what_another_tab_holds(client: Client, editor: User) -> None:
    draft = make_draft()
    client.force_login(editor)
    send(client, draft, body="In the first tab.")
    mine = form(title="", window="another-window-of-theirs", version=draft.version)
    assert OFFER in words_of(client.post(page_of(draft), mine))
    assert OFFER not in words_of(client.post(page_of(draft), mine | {"window": WINDOW}))


def test_its_own_author_alone_can_open_it(client: Client, editor: User, reviewer: User) -> None:
    client.force_login(editor)
    draft = make_draft()
    send(client, draft, body="A secret of theirs.")
    address = f"{LIST}kept/{KeptText.objects.get().pk}/"
    for other in (make_staff(Role.EDITOR), reviewer):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        assert "A secret of theirs." not in client.get(page_of(draft)).text
        used = client.get(f"{page_of(draft)}?kept={KeptText.objects.get().pk}")
        assert "A secret of theirs." not in used.text
    assert client.get(page_of(draft, "keep")).status_code == 404
    assert client.post(page_of(draft, "keep")).status_code == 404
    assert client.post(f"{LIST}keep/").status_code == 403
    assert KeptText.objects.still_open().exists()


def test_somebody_who_may_no_longer_write_can_not_open_it(client: Client, editor: User) -> None:
    kept = make_kepttext(editor)
    editor.groups.clear()
    User.objects.filter(pk=editor.pk).update(role=Role.REVIEWER)
    client.force_login(User.objects.get(pk=editor.pk))
    assert client.get(f"{LIST}kept/{kept.pk}/").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"body": "a\x00b\ufffec", "title": "\x00"},
        {"version": "9" * 400, "number": "٣"},
        {"version": "-1", "number": "9" * 19, "revision": "9" * 12},
        {"revision": "x"},
        {"number": "9" * 30},
        {"window": "\x00" * 20},
        {"window": "x" * 10_000},
        {"kept": "\x00"},
        {"kept": "x" * 10_000},
        {"categories": ["\x00", "x" * 300, "[]"]},
        {"stage": "no such stage", "interests": "x" * 30_000},
    ],
)
def test_hostile_fields_are_kept_or_refused_in_words(
    client: Client, editor: User, typed: dict[str, Any]
) -> None:
    draft = make_draft()
    client.force_login(editor)
    for article in (draft, None):
        said = send(client, article, **typed)
        assert said.keys() & {"kept", "closed", "overtaken", "refused"}, said
    assert client.get(page_of(draft)).status_code == 200
    for kept in KeptText.objects.still_open():
        assert client.get(f"{LIST}kept/{kept.pk}/").status_code == 200
        assert client.get(f"{page_of(draft)}?kept={kept.pk}").status_code == 200
    assert client.get(f"{page_of(draft)}?kept=%00").status_code == 400
    assert client.get(f"{page_of(draft)}?kept=x").status_code == 200


def test_what_came_too_late_or_is_too_long_is_said(client: Client, editor: User) -> None:
    client.force_login(editor)
    draft = make_draft()
    assert "The limit is 200,000" in send(client, draft, body="x" * 200_001)["refused"]
    send(client, draft, number="7")
    assert send(client, draft, number="7") == {"overtaken": 7}
    client.post(page_of(draft), form(window=WINDOW, version=draft.version))
    assert send(client, draft, number="8") == {"closed": True}


def test_a_page_that_was_open_while_they_signed_in_again_gets_a_token() -> None:
    client, editor = Client(enforce_csrf_checks=True), make_staff(Role.EDITOR)
    client.force_login(editor)
    address = f"{LIST}keep/"
    typed = {"window": WINDOW, "number": "1", "body": "x", "csrfmiddlewaretoken": "x" * 64}
    assert client.post(address, typed).status_code == 403
    token = client.get(address).json()["token"]
    assert "kept" in client.post(address, typed | {"csrfmiddlewaretoken": token}).json()
