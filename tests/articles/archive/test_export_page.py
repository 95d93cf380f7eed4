"""The page on which an editor takes everything away."""

import io
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from django.test import Client

from articles.archive import Archive
from articles.images import storage
from tests.factories import make_article, make_image

if TYPE_CHECKING:
    from portal.models import User

pytestmark = pytest.mark.django_db
EXPORT = "/admin/articles/article/export/"


def download(client: Client) -> bytes:
    answer = client.post(EXPORT)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="site-20')
    return answer.getvalue()


def test_an_editor_takes_everything_away_from_the_list_of_articles(
    client: Client, editor: "User"
) -> None:
    make_article(slug="seen")
    client.force_login(editor)
    assert f'href="{EXPORT}"' in client.get("/admin/articles/article/").text
    assert "Requests, accounts, retired articles" in client.get(EXPORT).text
    assert Archive(io.BytesIO(download(client))).articles == ["seen"]


def test_an_editor_is_told_of_a_picture_whose_file_is_gone(client: Client, editor: "User") -> None:
    storage.delete_files([make_image("gone").largest])
    client.force_login(editor)
    with ZipFile(io.BytesIO(download(client))) as archive:
        assert archive.testzip() is None
    told = "The export lacks 1 picture, because its file is gone."
    assert told in client.get("/admin/articles/article/").text
    assert told not in client.get("/admin/articles/article/").text


def test_those_who_do_not_write_can_not_take_drafts_away(client: Client, reviewer: "User") -> None:
    client.force_login(reviewer)
    assert EXPORT not in client.get("/admin/articles/article/").text
    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT).status_code == 403
