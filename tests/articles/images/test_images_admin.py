"""The picture library: who may upload, how a picture is described, and when it may be deleted."""

from io import BytesIO
from typing import Any

import PIL.Image
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.images import files, processing, storage
from articles.library import images as library_pictures
from articles.models import Article, Image
from articles.reading import pages
from articles.states import StepRefused
from portal.http.limits import IMAGE_UPLOAD_PATH, MAX_IMAGE_BODY, MAX_STAFF_BODY
from portal.models import Role, User
from tests.factories import (
    approve_waiting,
    make_article,
    make_draft,
    make_image,
    make_photo,
    make_staff,
    publish,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/image/"
SAID = {"name": "filter", "alt": "A kidney, cut open.", "credit": "Ana Example, CC BY 4.0"}


def upload(content: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- The row --------------------------------------------------------------------------------------


def test_rendering_gets_every_size_and_type_plus_a_fallback() -> None:
    image = make_image("filter", photo=make_photo(1000, 500))
    picture = image.as_picture()
    assert (picture.name, picture.width, picture.height) == ("filter", 1000, 500)
    assert [*picture.srcsets] == ["image/avif", "image/webp", "image/jpeg"]
    names = files.file_names(image.digest, [480, 960, 1000])
    written = ", ".join(picture.srcsets.values())
    assert all(f"/images/{name} {name.split('-')[1].split('.')[0]}w" in written for name in names)
    assert picture.src == f"/images/{image.digest}-960.jpg"
    assert make_image(photo=make_photo(320)).as_picture().src.endswith("-320.jpg")


def test_the_snippet_for_an_article_contains_the_typed_text() -> None:
    assert make_image("a", alt="Kidney [left], *cut*").markdown == (
        r"![Kidney \[left\], \*cut\*](image:a)"
    )
    assert make_image("b", alt="").markdown == '![](image:b "decorative")'


def test_pictures_named_in_a_text_are_in_its_library() -> None:
    make_image("filter")
    make_image("filter-2")
    draft = make_draft(body="Look.\n\n![A filter](image:filter-2), ![](image:no-such)")
    assert [*pages.snapshot_library(draft.head.content).pictures] == ["filter-2"]


def test_a_picture_with_existing_files_is_not_processed_again(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = processing.read_image(make_photo(), "a.jpg")
    storage.save_files(processing.encode_image(master))
    monkeypatch.setattr(processing, "encode_image", lambda _: pytest.fail("drawn again"))
    image = library_pictures.add_image(master, name="filter", alt="", credit="", by=editor)
    assert all(map(storage.has_file, image.files))


def test_our_own_errors_are_not_reported_as_a_taken_name(editor: User) -> None:
    master = processing.read_image(make_photo(), "a.jpg")
    with pytest.raises(IntegrityError, match="image_has_a_name"):
        library_pictures.add_image(master, name="", alt="", credit="", by=editor)


def test_a_picture_is_stored_once_and_uploading_it_again_repairs_its_files(
    editor: User,
) -> None:
    photo = make_photo()
    image = make_image("filter", photo=photo)
    storage.delete_files(image.files[:2])
    master = processing.read_image(photo, "again.jpg")
    with pytest.raises(StepRefused, match="already in the library, as “filter”"):
        library_pictures.add_image(master, name="other", alt="", credit="", by=editor)
    assert all(map(storage.has_file, image.files))
    with pytest.raises(StepRefused, match="Another picture already has the name “filter”"):
        library_pictures.add_image(
            processing.read_image(make_photo(), "b"), name="filter", alt="", credit="", by=editor
        )
    assert Image.objects.count() == 1


# --- What is said of it ---------------------------------------------------------------------------


def test_only_reviewers_change_the_credit_of_a_live_picture(editor: User, reviewer: User) -> None:
    image = make_image("filter")
    draft = make_draft(title="How kidneys filter", body="![A filter](image:filter)")
    said: dict[str, Any] = {"alt": image.alt, "by": editor}
    image = library_pictures.describe_image(image, credit="Ben", version=image.version, **said)
    publish(draft)
    with pytest.raises(StepRefused, match="Readers see this picture in “How kidneys filter”"):
        library_pictures.describe_image(image, credit="Eve", version=image.version, **said)
    said["alt"] = "Another proposal."
    image = library_pictures.describe_image(image, credit="Ben", version=image.version, **said)
    said["by"] = reviewer
    image = library_pictures.describe_image(image, credit="Eve", version=image.version, **said)
    assert Image.objects.get().credit == "Ben", "until a second person has approved it"
    approve_waiting(editor)
    assert Image.objects.get().credit == "Eve"
    with pytest.raises(StepRefused, match="Someone changed this picture"):
        library_pictures.describe_image(image, credit="Ana", version=image.version - 1, **said)


def test_pages_that_show_it_are_regenerated_with_its_credit(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, _ = make_image("filter"), make_image("filter-2")
    shown = {make_article(body=f"![{word}](image:filter)") for word in ("One", "Two")}
    make_article(body="![Another](image:filter-2)")
    made: list[Article] = []
    monkeypatch.setattr(pages, "build_page", made.append)
    library_pictures.describe_image(image, alt="", credit="Eve", version=image.version, by=reviewer)
    approve_waiting()
    assert set(made) == shown


def test_a_picture_is_deleted_with_its_files_unless_a_revision_shows_it(
    editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    used, near = make_image("filter"), make_image("filter-2")
    make_draft(title="Kidneys", body="![A filter](image:filter)")
    with pytest.raises(StepRefused, match="is used in “Kidneys”"):
        library_pictures.remove_image(used, version=used.version, by=editor)
    near.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        library_pictures.remove_image(near, version=near.version, by=editor)
    assert not any(map(storage.has_file, near.files))
    assert all(map(storage.has_file, used.files))
    assert [*Image.objects.all()] == [used]


# --- At the desk ----------------------------------------------------------------------------------


def test_an_editor_uploads_a_picture_and_gets_a_snippet_to_paste(
    client: Client, editor: User
) -> None:
    client.force_login(editor)
    answer = client.post(
        IMAGE_UPLOAD_PATH,
        {**SAID, "name": "Kidney, left", "file": upload(make_photo())},
        follow=True,
    )
    image = Image.objects.get()
    assert (image.name, image.alt, image.added_by) == ("kidney-left", SAID["alt"], editor)
    assert "![A kidney, cut open.](image:kidney-left)" in answer.text
    assert all(map(storage.has_file, image.files))
    seen = client.get(LIST)
    assert image.thumbnail in seen.text
    assert image.markdown in seen.text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"file": upload(b"<svg/>", "a.svg")}, "“a.svg” isn’t a JPEG, PNG, or WebP picture"),
        ({"file": upload(b"\xff\xd8\xff" + b"x" * 10_500_000)}, "is 10.5 MB. The limit is 10 MB"),
        ({"file": ""}, "required"),
        ({"alt": ""}, "Describe it, or mark it as decorative below"),
        ({"is_decorative": "on"}, "not both"),
        ({"name": "taken"}, "Another picture has this name"),
        ({"name": "¡!"}, "required"),
        ({"credit": "x" * 201}, "at most 200"),
    ],
)
def test_errors_are_reported_and_the_typed_text_is_kept(
    client: Client, editor: User, changed: dict[str, Any], why: str
) -> None:
    make_image("taken")
    client.force_login(editor)
    answer = client.post(IMAGE_UPLOAD_PATH, {**SAID, "file": upload(make_photo()), **changed})
    assert answer.status_code == 200
    assert why in answer.text
    assert "choose the file again" in answer.text
    for name in {"name", "credit"} - changed.keys():
        assert SAID[name] in answer.text
    assert Image.objects.count() == 1


def test_simultaneous_uploads_are_told_apart(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form finds that the name is free, but another upload takes it first."""
    client.force_login(editor)
    put = storage.save_files

    def put_after_another(files: Any) -> None:
        monkeypatch.setattr(storage, "save_files", put)
        make_image(SAID["name"])
        put(files)

    monkeypatch.setattr(storage, "save_files", put_after_another)
    answer = client.post(IMAGE_UPLOAD_PATH, {**SAID, "file": upload(make_photo())})
    assert "Another picture already has the name “filter”" in answer.text
    assert SAID["alt"] in answer.text


@pytest.mark.parametrize(
    ("role", "path", "status", "words"),
    [
        (None, IMAGE_UPLOAD_PATH, 401, SAID["alt"]),
        ("", IMAGE_UPLOAD_PATH, 403, "don’t have access"),
        (Role.REVIEWER, IMAGE_UPLOAD_PATH, 403, "don’t have access"),
        (Role.COORDINATOR, IMAGE_UPLOAD_PATH, 403, "don’t have access"),
        (Role.EDITOR, LIST, 400, "can’t accept files"),
        (Role.EDITOR, "/admin/articles/article/add/", 400, "can’t accept files"),
        (Role.EDITOR, "/accounts/logout/", 400, "can’t accept files"),
    ],
)
def test_files_sent_elsewhere_or_by_others_are_not_read(
    role: Role | None, path: str, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CSRF check reads no file either, although it parses the form before the view runs."""
    client = Client(enforce_csrf_checks=True)
    if role is not None:
        client.force_login(make_staff(role))
    client.get("/accounts/login/" if role is None else "/accounts/logout/")
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", None)
    answer = client.post(path, {**token, **SAID, "file": upload(make_photo())})
    assert answer.status_code == status
    assert words in answer.text


def test_a_form_takes_one_file_of_limited_size(client: Client, editor: User) -> None:
    client.force_login(editor)
    two = {**SAID, "file": [upload(make_photo()), upload(make_photo())]}
    assert client.post(IMAGE_UPLOAD_PATH, two).status_code == 400
    sizes = {
        IMAGE_UPLOAD_PATH: MAX_IMAGE_BODY,
        LIST: MAX_STAFF_BODY,
        f"{IMAGE_UPLOAD_PATH}x/": MAX_STAFF_BODY,
    }
    for path, size in sizes.items():
        assert client.generic("POST", path, b"x" * (size + 1)).status_code == 413
    assert not Image.objects.exists()


def test_its_page_can_change_its_text_and_delete_it(client: Client, editor: User) -> None:
    image = make_image("filter")
    client.force_login(editor)
    page = f"{LIST}{image.pk}/change/"
    typed = {"alt": "", "is_decorative": "on", "credit": "Ben", "version": image.version}
    assert "(image:filter &quot;decorative&quot;)" in client.post(page, typed, follow=True).text
    stale = client.post(page, {**typed, "credit": "Typed in vain"})
    assert "Someone changed this picture" in stale.text
    assert "Typed in vain" in stale.text
    image.refresh_from_db()
    assert image.credit == "Ben"
    delete = f"{LIST}{image.pk}/delete/"
    make_draft(title="Kidneys", body="![A filter](image:filter)")
    assert (
        "This picture is used in “Kidneys”" in client.post(delete, {"version": image.version}).text
    )
    other = make_image("other")
    answer = client.post(f"{LIST}{other.pk}/delete/", {"version": other.version})
    assert answer["Location"] == LIST
    assert [*Image.objects.all()] == [image]


def test_the_list_takes_the_same_queries_however_long_it_is(client: Client, editor: User) -> None:
    client.force_login(editor)
    asked = []
    for _ in range(2):
        make_image()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_readers_get_the_pixels_that_were_uploaded() -> None:
    sent = PIL.Image.new("RGB", (400, 300), (200, 40, 40))
    file = BytesIO()
    sent.save(file, "PNG")
    for name in make_image(photo=file.getvalue()).files:
        content = storage.load_file(name)
        assert content
        with PIL.Image.open(BytesIO(content)) as got:
            pixel: Any = got.convert("RGB").getpixel((200, 150))
        assert all(abs(a - b) < 6 for a, b in zip(pixel, (200, 40, 40), strict=True)), name


def test_an_article_offers_its_picture_in_every_size_with_its_credit(client: Client) -> None:
    image = make_image("filter", photo=make_photo(1000, 500), credit="Ana Example, CC BY 4.0")
    article = make_article(body=f"## How\n\n{image.markdown}")
    page = client.get(article.get_absolute_url()).text
    for name in image.files:
        assert f"/images/{name} " in page
    assert image.as_picture().src in page
    assert image.alt in page
    assert image.credit in page
