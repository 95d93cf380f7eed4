"""The import on its page: who may, what is shown before, and what is made."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.models import Article, Category, Image, ImportLine, PostImport, Proposal, Reference
from articles.posts import page_imports
from articles.posts.importer import import_item
from articles.posts.upload_reading import Upload, UploadedFiles
from portal.models import Role, User
from tests.articles.posts.exports import write_export, write_item
from tests.articles.posts.samples import MARKDOWN, POST
from tests.articles.posts.uploads import (
    IMPORT,
    address,
    confirm,
    kept_files,
    read_all,
    upload,
    upload_export,
    write_page,
)
from tests.factories import approve_waiting, make_category, make_image, make_photo, make_staff

pytestmark = pytest.mark.django_db

LIBRARY = (Article, Category, Image, Reference, Proposal)


@pytest.fixture
def desk(client: Client, editor: User, own_media: Path) -> Client:
    client.force_login(editor)
    return client


def outcomes() -> list[str]:
    return list(ImportLine.objects.order_by("place").values_list("outcome", flat=True))


def test_a_preview_says_what_each_post_becomes_and_changes_nothing(desk: Client) -> None:
    make_category("Feet")
    terms = (
        '<category domain="category" nicename="feet"><![CDATA[Feet]]></category>'
        '<category domain="category" nicename="baths"><![CDATA[Baths]]></category>'
    )
    text = 'Warm water. <iframe src="https://video.example"></iframe><img src="/u/2019/03/tub.jpg">'
    before = [list(model.objects.values()) for model in LIBRARY]
    page = read_all(desk, upload_export(desk, write_item(text, terms=terms, status="draft")))
    for said in (
        *("Becomes a new draft.", "Foot baths", "foot-baths", "Feet", "Jane Writer"),
        *("March 2, 2019", "something embedded from another site", "tub-2019-03"),
        *("it was a draft there", "Categories that aren’t here", "Baths", "before publishing"),
        *("Nothing was saved yet", "Who is “Jane Writer” here?"),
    ):
        assert said in page, said
    assert before == [list(model.objects.values()) for model in LIBRARY]


def test_drafts_are_made_by_the_editor_and_the_upload_is_deleted(
    desk: Client, editor: User
) -> None:
    started = upload_export(desk, write_item())
    read_all(desk, started)
    assert kept_files()
    page = confirm(desk, started)
    article = Article.objects.get()
    assert f"/admin/articles/article/{article.pk}/change/" in page
    assert "Draft created: 1" in page
    assert [each.author for each in article.head.authorships.all()] == [editor]
    assert "Jane Writer" in article.events.get().words
    assert article.live is None
    assert not kept_files()


def test_a_new_category_is_proposed_only_with_a_yes_and_files_the_draft_once_it_is_there(
    desk: Client,
) -> None:
    started = upload_export(desk, write_item())
    assert "Feet" in read_all(desk, started)
    confirm(desk, started)
    assert not Category.objects.exists()
    assert not Proposal.objects.exists()

    started = upload_export(desk, write_item())
    read_all(desk, started)
    confirm(desk, started, categories=["Feet"])
    assert not Category.objects.exists(), "readers would see its name"
    approve_waiting(make_staff(Role.REVIEWER))
    assert Category.objects.get().name == "Feet"

    started = upload_export(desk, write_item())
    assert "Changes the draft that it became earlier." in read_all(desk, started)
    confirm(desk, started)
    assert [each.name for each in Article.objects.get().categories.all()] == ["Feet"]
    started = upload_export(desk, write_item())
    assert "Already here. Nothing changes." in read_all(desk, started)


def test_a_category_is_proposed_once_and_only_one_that_was_asked_about(desk: Client) -> None:
    for number in (1, 2):
        started = upload_export(desk, write_item(number=number))
        read_all(desk, started)
        assert desk.post(address(started), {"categories": ["Hands"]}).status_code == 422
        confirm(desk, started, categories=["Feet"])
    assert [each.subject for each in Proposal.objects.all()] == ["Feet"]


def test_an_account_is_an_author_only_with_a_yes_and_has_to_declare_interests(
    desk: Client, editor: User
) -> None:
    jane, lead = make_staff(Role.EDITOR), make_staff(Role.LEAD)
    started = upload_export(desk, write_item())
    read_all(desk, started)
    wrong = desk.post(address(started), {"author_0": str(lead.pk)})
    assert wrong.status_code == 422, "someone who may not write is no author"
    confirm(desk, started, author_0=str(jane.pk))
    authorship = Article.objects.get().head.authorships.get()
    assert (authorship.author, authorship.interests) == (jane, "")
    assert f"Imported by {editor.public_name}." in Article.objects.get().events.get().words


def test_an_author_who_may_no_longer_write_is_replaced_by_the_importer(
    desk: Client, editor: User
) -> None:
    jane = make_staff(Role.EDITOR)
    started = upload_export(desk, write_item())
    read_all(desk, started)
    desk.post(address(started), {"author_0": str(jane.pk)})
    User.objects.filter(pk=jane.pk).update(role=Role.LEAD)
    read_all(desk, started)
    assert Article.objects.get().head.authorships.get().author == editor


def test_one_bad_post_or_file_never_stops_the_others(desk: Client) -> None:
    items = write_item(number=1), write_item("", number=2), write_item(number=3, slug="third")
    started = upload(
        desk,
        ("blog.xml", write_export(*items, write_item(number=4, status="private"))),
        ("bad.docx", b"PK\x03\x04"),
        ("slippers.txt", POST.encode()),
    )
    page = read_all(desk, started)
    assert "bad.docx: this isn’t a Word document" in page
    assert "it was private there" in page
    page = confirm(desk, started)
    assert outcomes() == ["created", "faulty", "created", "left out", "created"]
    assert "it has no text" in page
    assert "bad.docx" in page


def test_a_fault_of_ours_in_one_post_is_logged_and_does_not_stop_the_others(
    desk: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started = upload_export(desk, write_item(number=1), write_item(number=2))
    read_all(desk, started)
    store, seen = import_item, []

    def fail_once(item: Any, **said: Any) -> Any:
        seen.append(item)
        made = store(item, **said)
        if len(seen) == 1:
            raise ValueError(item.label)
        return made

    monkeypatch.setattr(page_imports, "import_item", fail_once)
    page = confirm(desk, started)
    assert outcomes() == ["faulty", "created"]
    assert "Something went wrong on our side" in page
    assert Article.objects.count() == 1
    caplog.clear()


def test_what_refuses_a_post_now_may_be_gone_when_it_is_imported(desk: Client) -> None:
    original = MARKDOWN.encode()
    translated = MARKDOWN.replace("slug: magnets", "slug: imanes").replace(
        "---\ntitle", "---\nlanguage: es\ntranslation_of: magnets\ntitle", 1
    )
    started = upload(desk, ("magnets.md", original), ("imanes.md", translated.encode()))
    assert "Refused as things are now" in read_all(desk, started)
    confirm(desk, started)
    assert outcomes() == ["created", "created"]


def test_pictures_come_from_the_upload(desk: Client) -> None:
    started = upload(desk, ("feet.html", write_page("tub")), ("tub.jpg", make_photo()))
    assert "tub.jpg" in read_all(desk, started)
    assert not Image.objects.exists()
    confirm(desk, started)
    assert Image.objects.get().name == "tub"


def test_the_list_and_the_start_page_lead_here(desk: Client) -> None:
    for page in ("/admin/articles/article/", "/admin/"):
        assert f'href="{IMPORT}"' in desk.get(page).text


def test_an_upload_without_posts_is_refused(desk: Client) -> None:
    for files in ([("a.jpg", make_photo())], [("a.exe", b"MZ")], [("a.xml", write_export())]):
        answer = desk.post(IMPORT, {"file": [SimpleUploadedFile(*each) for each in files]})
        assert answer.status_code == 422
    assert desk.post(IMPORT).status_code == 422
    assert not PostImport.objects.exists()
    assert not kept_files()


def test_a_fault_of_the_disk_is_reported_and_one_of_the_database_leaves_no_upload(
    desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = upload(desk, ("feet.html", write_page()))

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(UploadedFiles, "item", fail)
        assert "Input/output error" in read_all(desk, kept)
    before = kept_files()
    monkeypatch.setattr(ImportLine.objects, "bulk_create", fail)
    with pytest.raises(OSError, match="Input"):
        page_imports.start_import([Upload(name="feet.md", content=b"# Feet\n\nWarm.\n")], by=editor)
    assert kept_files() == before
    assert PostImport.objects.count() == 1


def test_a_picture_that_is_already_here_is_not_missing(desk: Client) -> None:
    missing = "Pictures that are missing"
    assert missing in read_all(desk, upload(desk, ("one.html", write_page("sole"))))
    make_image("feet")
    assert missing not in read_all(desk, upload(desk, ("two.html", write_page("feet"))))


def test_each_post_can_be_left_out_and_taken_in_again(desk: Client) -> None:
    terms = '<category domain="category" nicename="feet"><![CDATA[Feet]]></category>'
    posts = [
        write_item(number=number, slug=f"post-{number}", terms=terms if number == 1 else "")
        for number in (1, 2)
    ]
    started = upload_export(desk, *posts)
    read_all(desk, started)
    first, second = ImportLine.objects.order_by("place")
    page = desk.post(address(started), {"leave_out": first.pk}).content.decode()
    assert "You chose not to import it." in page
    assert f'name="take_in" value="{first.pk}"' in page
    assert f'name="leave_out" value="{second.pk}"' in page
    assert "New categories to propose" not in page, "only the other post had one"
    desk.post(address(started), {"leave_out": second.pk})
    desk.post(address(started), {"take_in": second.pk})
    desk.post(address(started), {"take_in": second.pk})
    confirm(desk, started)
    assert outcomes() == ["left out", "created"]
    assert Article.objects.count() == 1
    page_imports.choose_post(PostImport.objects.get(), first.pk, is_wanted=True)
    assert outcomes() == ["left out", "created"], "the choice is over"


def test_leaving_a_post_out_keeps_what_was_ticked(desk: Client) -> None:
    account = make_staff(Role.EDITOR)
    terms = '<category domain="category" nicename="{0}"><![CDATA[{0}]]></category>'
    started = upload_export(
        desk,
        write_item(slug="one", terms=terms.format("Ankles")).replace("jane", "al"),
        write_item(number=2, slug="two", terms=terms.format("Feet")).replace("jane", "zoe"),
    )
    read_all(desk, started)
    first = ImportLine.objects.order_by("place")[0]
    ticked = {"categories": ["Feet"], "author_1": str(account.pk)}
    shown = desk.post(address(started), {**ticked, "leave_out": first.pk})
    form = shown.context["form"]
    assert [form[name].initial for name in form.fields] == [["Feet"], str(account.pk)]
    page = BeautifulSoup(shown.text, "html.parser")
    assert page.select_one("input[value=Feet][checked]")
    assert page.select_one(f"select[name=author_0] option[value='{account.pk}'][selected]")
    assert not page.select(".errorlist"), "nobody has asked for drafts yet"
    assert PostImport.objects.get().state == PostImport.State.CHOOSING


def test_no_one_takes_in_what_the_file_rules_out_or_what_is_not_theirs(desk: Client) -> None:
    started = upload_export(desk, write_item(status="private"), write_item(number=2, slug="two"))
    read_all(desk, started)
    private, other = ImportLine.objects.order_by("place")
    desk.post(address(started), {"take_in": private.pk})
    for value in ("", "x", "²", "-1", "9" * 40):
        assert desk.post(address(started), {"leave_out": value}).status_code == 200
    assert PostImport.objects.get().state == PostImport.State.CHOOSING, "nothing was imported"
    assert outcomes() == ["left out", ""]
    stranger = Client()
    stranger.force_login(make_staff(Role.EDITOR))
    assert stranger.post(address(started), {"leave_out": other.pk}).status_code == 404
    theirs = PostImport.objects.create(by=make_staff(Role.EDITOR), digest="x", state="choosing")
    page_imports.choose_post(theirs, other.pk, is_wanted=False)
    assert outcomes() == ["left out", ""]
