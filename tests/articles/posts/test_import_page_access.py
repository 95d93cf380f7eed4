"""Uploads are one editor's own; they end, and a part of an import can always be done again."""

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles.library import propose_imported_category
from articles.models import Article, Category, Image, ImportLine, PostImport, Proposal, Reference
from articles.posts import page_imports, uploads
from articles.posts.upload_reading import Upload
from articles.states import StepRefused
from inquiries.worker import jobs
from portal.models import Role, User
from tests.articles.posts.exports import write_export, write_item
from tests.articles.posts.test_hostile_files import HOSTILE
from tests.articles.posts.uploads import (
    IMPORT,
    REFRESH,
    address,
    confirm,
    kept_files,
    read_all,
    upload,
    upload_export,
    visit,
    write_page,
)
from tests.factories import make_photo, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
THREE = (
    write_item(number=1),
    write_item(number=2, slug="two"),
    write_item(number=3, slug="three"),
)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_imports.continue_import, "__kwdefaults__", {"seconds": -1.0})


# --- Whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", Role.REVIEWER, Role.COORDINATOR, Role.LEAD, Role.PRIVACY])
def test_only_editors_import(role: str, client: Client) -> None:
    client.force_login(make_staff(role))
    file = SimpleUploadedFile("blog.xml", write_export(write_item()))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"file": file}).status_code == 403
    assert not PostImport.objects.exists()
    assert not kept_files()
    assert IMPORT not in client.get("/admin/").text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.COORDINATOR])
def test_nobody_else_sees_or_continues_it(role: Role, desk: Client) -> None:
    started = upload_export(desk, write_item())
    other = Client()
    other.force_login(make_staff(role))
    for answer in (
        other.get(address(started)),
        other.post(address(started)),
        other.post(address(started), {"discard": "1"}),
    ):
        assert answer.status_code in {403, 404}
        assert "blog.xml" not in answer.text
    if role == Role.EDITOR:
        assert "blog.xml" not in other.get(IMPORT).text
    started.refresh_from_db()
    assert started.state == PostImport.State.READING
    assert not ImportLine.objects.filter(preview__isnull=False).exists()


def test_only_the_site_can_read_the_files_and_no_address_or_log_names_them(
    desk: Client, own_media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    started = upload(desk, ("A patient’s story.md", b"# Feet\n\nWarm water."))
    folder = own_media / ".imports" / started.pk.hex
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [each.name for each in folder.iterdir()] == ["0"]
    assert stat.S_IMODE((folder / "0").stat().st_mode) == 0o600
    read_all(desk, started)
    said = caplog.text + "".join(str(vars(each)) for each in caplog.records)
    assert "story" not in said + address(started)
    assert desk.get(f"/images/.imports/{started.pk.hex}/0").status_code == 404


# --- What is hostile ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [each for each in HOSTILE if each != "more than we read"])
def test_a_hostile_file_is_refused_by_name_and_leaves_nothing_behind(
    what: str, desk: Client
) -> None:
    files = [("post.xml", HOSTILE[what]), ("post.docx", HOSTILE[what])]
    answer = desk.post(IMPORT, {"file": [SimpleUploadedFile(*each) for each in files]})
    assert answer.status_code == 422
    assert answer.text.count("post.xml: ") == answer.text.count("post.docx: ") == 2
    assert "root:" not in answer.text
    for model in (Article, Category, Image, PostImport, ImportLine):
        assert not model.objects.exists()
    assert not kept_files()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"PK\x03\x04", "the zip can’t be read"),
        ("a.zip", HOSTILE["a zip bomb"], "the zip has no pictures"),
        ("a.jpg", b"x" * 10_000_001, "the picture is larger than 10 MB"),
        ("a.svg", b"<svg/>", "this kind of file can’t be imported"),
    ],
)
def test_other_files_are_refused_by_name(
    name: str, content: bytes, said: str, desk: Client
) -> None:
    answer = desk.post(IMPORT, {"file": [SimpleUploadedFile(name, content)]})
    assert answer.status_code == 422
    assert f"{name}: {said}" in answer.text
    assert not kept_files()


def test_an_unsuitable_picture_is_refused_with_its_post(desk: Client) -> None:
    page, other = ("feet.html", write_page("tub")), ("b.md", b"# B\n\nC.")
    started = upload(desk, page, other, ("tub.jpg", b"x" * 99))
    assert "tub.jpg" in read_all(desk, started)
    confirm(desk, started)
    assert list(ImportLine.objects.values_list("outcome", flat=True)) == ["faulty", "created"]
    assert not Image.objects.exists()


def test_more_posts_or_files_or_bytes_than_agreed_are_refused(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.posts.upload_reading.MOST_POSTS", 2)
    files = [SimpleUploadedFile("blog.xml", write_export(*THREE))]
    assert "there are more than 2 posts in it" in desk.post(IMPORT, {"file": files}).text
    many = [SimpleUploadedFile(f"{each}.md", b"# A\n\nB.") for each in range(51)]
    assert desk.post(IMPORT, {"file": many}).status_code == 400
    assert desk.generic("POST", IMPORT, b"x" * 20_000_001).status_code == 413
    assert not PostImport.objects.exists()


def test_an_editor_can_have_only_some_imports_at_a_time(desk: Client) -> None:
    for number in range(page_imports.MOST_WAITING):
        upload_export(desk, write_item(number=number))
    file = SimpleUploadedFile("blog.xml", write_export(write_item(number=99)))
    answer = desk.post(IMPORT, {"file": file})
    assert "Finish or discard one first" in answer.text
    assert PostImport.objects.count() == page_imports.MOST_WAITING


# --- Twice, in parts, and its end -----------------------------------------------------------------


def test_the_same_upload_sent_twice_is_one_import_and_again_later_changes_nothing(
    desk: Client,
) -> None:
    started = upload_export(desk, *THREE)
    assert upload_export(desk, *THREE) == started
    read_all(desk, started)
    confirm(desk, started)
    assert desk.post(address(started), {}).status_code == 302
    before = [list(m.objects.order_by("pk").values()) for m in (Article, Reference, Proposal)]
    again = upload_export(desk, *THREE)
    assert again != started
    read_all(desk, again)
    confirm(desk, again)
    assert {each.outcome for each in again.lines.all()} == {"unchanged"}
    after = [list(m.objects.order_by("pk").values()) for m in (Article, Reference, Proposal)]
    assert after == before


def test_an_upload_that_arrives_twice_at_the_same_moment_is_one_import(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [Upload(name="a.md", content=b"# A\n\nB.")]
    save: Callable[..., None] = uploads.save_upload
    started: list[PostImport] = []

    def save_after_another(*args: Any) -> None:
        monkeypatch.setattr(page_imports, "save_upload", save)
        started.append(page_imports.start_import(files, by=editor))
        save(*args)

    monkeypatch.setattr(page_imports, "save_upload", save_after_another)
    assert page_imports.start_import(files, by=editor) == started[0]
    assert len(kept_files()) == 2, "one folder with one file"


@pytest.mark.usefixtures("one_at_a_time")
def test_each_visit_does_a_part_and_nothing_is_lost_in_between(desk: Client) -> None:
    started = upload_export(desk, *THREE)
    assert "1 of 3 posts" in visit(desk, started)
    assert REFRESH in visit(desk, started)
    read_all(desk, started)
    desk.post(address(started), {})
    assert desk.head(address(started)).status_code == 200
    assert not Article.objects.exists(), "only a visit of a person does a part"
    visit(desk, started)
    assert Article.objects.count() == 1
    assert "Draft created: 3" in read_all(desk, started)
    assert Article.objects.count() == 3


def test_two_windows_take_turns_and_a_request_that_died_is_replaced(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = upload_export(desk, *THREE)
    now = timezone.now()
    PostImport.objects.update(busy_until=now + timedelta(seconds=30))
    page = desk.get(address(started)).text
    assert "running in another window" in page
    assert REFRESH not in page
    PostImport.objects.update(busy_until=now - timedelta(seconds=1))
    assert "Becomes a new draft." in read_all(desk, started)
    started.refresh_from_db()
    assert started.busy_until is None


def test_a_post_that_another_request_has_stored_is_not_stored_again(
    desk: Client, editor: User
) -> None:
    started = upload_export(desk, write_item())
    read_all(desk, started)
    desk.post(address(started), {})
    started.refresh_from_db()
    part = page_imports._Part(started, 3.0)
    line = started.lines.get()
    item = part._files.item(0, 0)
    ImportLine.objects.update(outcome="unchanged")
    part._store(line, item)
    assert not Article.objects.exists()


@pytest.mark.usefixtures("one_at_a_time")
def test_pictures_that_take_long_are_added_one_visit_at_a_time(desk: Client) -> None:
    files = [("tub.jpg", make_photo(320)), ("foot.jpg", make_photo(400))]
    started = upload(desk, ("feet.html", write_page("tub", "foot")), *files)
    read_all(desk, started)
    desk.post(address(started), {})
    visit(desk, started)
    assert (Image.objects.count(), Article.objects.count()) == (1, 0)
    assert "Draft created: 1" in read_all(desk, started)
    assert Image.objects.count() == 2


def test_an_import_can_be_discarded(desk: Client) -> None:
    started = upload_export(desk, write_item())
    read_all(desk, started)
    assert desk.post(address(started), {"discard": "1"}).status_code == 302
    assert not PostImport.objects.exists()
    assert not ImportLine.objects.exists()
    assert not kept_files()
    assert desk.get(address(started)).status_code == 404


def test_uploads_and_reports_end_after_a_day(desk: Client, own_media: Path) -> None:
    old, new = (upload_export(desk, write_item(number=number)) for number in (1, 2))
    finished = upload_export(desk, write_item(number=3))
    read_all(desk, finished)
    confirm(desk, finished)
    day = timezone.now() - timedelta(days=1)
    uploads.save_upload(PostImport().pk, [b"x"])
    for folder in (own_media / ".imports").iterdir():
        os.utime(folder, (0, 0))
    PostImport.objects.exclude(pk=new.pk).update(started_at=day - timedelta(seconds=1))
    PostImport.objects.filter(pk=new.pk).update(started_at=day + timedelta(minutes=1))
    assert jobs.JOBS["tidy"].do()
    assert list(PostImport.objects.all()) == [new]
    assert [each.name for each in (own_media / ".imports").iterdir()] == [new.pk.hex]
    assert old.pk != new.pk


def test_a_lost_upload_is_named_and_a_full_disk_leaves_nothing(
    desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = upload_export(desk, *THREE)
    uploads.delete_upload(started.pk)
    assert "The uploaded file is no longer here" in read_all(desk, started)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("articles.posts.uploads._open_private", fail)
    files = [Upload(name="a.md", content=b"# A\n\nB.")]
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        page_imports.start_import(files, by=editor)
    assert not kept_files()[1:]


def test_an_import_says_yes_once(desk: Client, editor: User) -> None:
    started = upload_export(desk, write_item())
    read_all(desk, started)
    said: dict[str, Any] = {"authors": {}, "by": editor}
    assert page_imports.confirm_import(started, categories=["Feet", "!!!"], **said)
    assert page_imports.confirm_import(started, categories=["Hands"], **said) == []
    assert [each.subject for each in Proposal.objects.all()] == ["Feet"]
    with pytest.raises(StepRefused):
        propose_imported_category("Arms", by=make_staff(Role.COORDINATOR))
