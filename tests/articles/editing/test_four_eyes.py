"""Known ways around a second person's review, each found by trying, and each closed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from articles import library
from articles.editing import publishing, writing
from articles.images import processing, storage
from articles.library import images as library_pictures
from articles.models import Article, Image
from articles.rendering.library_snapshot import Standing
from articles.states import StepRefused
from portal.models import Role, User
from tests.factories import (
    approve,
    approve_waiting,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_image,
    make_photo,
    make_reference,
    make_staff,
    make_term,
    submit,
)

pytestmark = pytest.mark.django_db


def test_people_cannot_approve_text_they_wrote_elsewhere(editor: User) -> None:
    both = make_staff(Role.EDITOR, is_superuser=True)
    article = make_draft(title="By the editor", by=editor)
    own = make_content(title="By both")
    article = writing.save_revision(
        article, own, interests="None", version=article.version, by=both
    )
    article = writing.restore_revision(article, number=1, version=article.version, by=editor)
    article = writing.save_revision(article, own, version=article.version, by=editor)
    assert not article.head.authorships.filter(author=both).exists()
    with pytest.raises(StepRefused, match="You wrote part of this"):
        approve(article, reviewer=both)


def test_a_retired_articles_page_uses_the_title_readers_knew(client: Client, editor: User) -> None:
    article = make_article(title="Kidney tests", slug="kidney")
    article = publishing.retire(article, because="Old.", version=article.version, by=editor)
    writing.save_revision(
        article, make_content(title="Cells cure lupus"), version=article.version, by=editor
    )
    page = client.get("/articles/kidney/")
    assert page.status_code == 410
    assert "Kidney tests" in page.text
    assert "Cells cure lupus" not in page.text


@pytest.mark.parametrize("until", [submit, approve])
def test_editors_cannot_change_what_a_reviewer_is_reading(
    until: Callable[[Article], Article], editor: User
) -> None:
    image, source = make_image("filter"), make_reference("gu-2014")
    newer = make_reference("newer-2020", title="A newer one")
    draft = make_draft(body="A test can show protein.[@gu-2014]\n\n![A](image:filter)")
    said: Any = {"standing": Standing.SUPERSEDED, "note": "There is a newer one."}
    library.set_standing(source, **said, by_source=newer, version=source.version, by=editor)
    approve_waiting()
    until(draft)
    with pytest.raises(StepRefused, match="Only a medical reviewer can change its credit"):
        library_pictures.describe_image(
            image, alt=image.alt, credit="The cure", version=image.version, by=editor
        )
    source.refresh_from_db()
    for each in (source, newer):
        words = replace(each.as_source(), title="The cure")
        with pytest.raises(StepRefused, match="Only a medical reviewer can change its details"):
            library.edit_reference(each, words, version=each.version, by=editor)


def test_a_term_is_not_changed_from_a_stale_version(reviewer: User) -> None:
    term = make_term("protein")
    with pytest.raises(StepRefused, match="Someone changed this term"):
        library.propose_term(term, replace(term.as_entry(), name="x"), version=0, by=reviewer)


def test_no_name_breaks_a_feed(client: Client) -> None:
    category = make_category("Lupus\ufffe")
    author = make_staff(Role.EDITOR, first_name="Ana\uffff")
    make_article(categories=[category], by=author)
    for address in ("/feed/", f"/categories/{category.slug}/feed/"):
        read = ET.tostring(ET.fromstring(client.get(address).content), "unicode")
        assert "Ana" in read
        assert "Lupus" in read


def test_no_title_breaks_the_main_feed(client: Client) -> None:
    make_article(title="Kidney\ufffe \uffff tests")
    assert "Kidney" in ET.tostring(ET.fromstring(client.get("/feed/").content), "unicode")


def test_a_picture_is_withdrawn_everywhere_and_does_not_come_back(
    client: Client, editor: User, reviewer: User
) -> None:
    photo = make_photo()
    image = make_image("face", photo=photo, credit="Ana Example")
    words = "Look.\n\n![Eve, a patient](image:face)\n\nAnd ![Eve](image:face) here."
    article = make_article(slug="kidney", body=words)
    draft = make_draft(body=words)
    said: Any = {"because": "It shows a patient.", "version": image.version}
    assert client.get(f"/images/{image.files[0]}").status_code == 200
    client.get("/articles/kidney/")  # this process now caches the page
    with pytest.raises(StepRefused, match="Only a medical reviewer"):
        library_pictures.withdraw_image(image, **said, by=editor)
    with pytest.raises(StepRefused, match="Give a reason"):
        library_pictures.withdraw_image(image, because=" ", version=image.version, by=reviewer)
    client.force_login(reviewer)
    address = f"/admin/articles/image/{image.pk}/withdraw/"
    assert "Used in" in client.get(address).text
    assert "withdrew this picture on" in client.post(address, said, follow=True).text
    client.logout()
    for name in image.files:
        assert not storage.has_file(name)
        gone = client.get(f"/images/{name}", headers={"If-None-Match": f'"{name}"'})
        assert gone.status_code == 410
        assert "immutable" not in gone.get("Cache-Control", "")
    page = client.get("/articles/kidney/").text
    assert page.count("We removed a picture that was here.") == 2
    for trace in ("a patient", "Ana Example", image.digest):
        assert trace not in page
    article.refresh_from_db()
    assert article.is_overdue(timezone.now())
    assert article.head.body == words
    for each in (article, draft):
        event = each.events.get(kind="withdrawn")
        assert (event.by, event.words) == (reviewer, "image:face: It shows a patient.")
    with pytest.raises(StepRefused, match="This picture was withdrawn"):
        submit(draft)
    with pytest.raises(StepRefused, match="can’t be added again"):
        library_pictures.add_image(
            processing.read_image(photo, "a"), name="other", alt="", credit="", by=editor
        )
    image.refresh_from_db()
    with pytest.raises(StepRefused, match="already been withdrawn"):
        library_pictures.withdraw_image(image, because="x", version=image.version, by=reviewer)
    with pytest.raises(StepRefused, match="Its record stays"):
        library_pictures.remove_image(image, version=image.version, by=editor)
    assert not storage.has_file(image.files[0])


def test_a_picture_withdrawn_while_it_is_added_again_does_not_come_back(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, encode = make_photo(), processing.encode_image

    def meanwhile(master: processing.Master) -> dict[str, bytes]:
        monkeypatch.setattr(processing, "encode_image", encode)
        image = make_image("face", photo=photo)
        library_pictures.withdraw_image(image, because="x", version=image.version, by=reviewer)
        return encode(master)

    monkeypatch.setattr(processing, "encode_image", meanwhile)
    with pytest.raises(StepRefused, match=r"withdrawn \(“face”\)\. It can’t be added again"):
        library_pictures.add_image(
            processing.read_image(photo, "a"), name="other", alt="", credit="", by=editor
        )
    assert [each for each in Image.objects.get().files if storage.has_file(each)] == []
