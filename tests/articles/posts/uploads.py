"""Uploads to the page for imports, followed to their end as a browser does."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from zeal import zeal_ignore

from articles.models import PostImport
from tests.articles.posts.exports import write_export

IMPORT = "/admin/articles/article/import/"
REFRESH = '<meta http-equiv="refresh"'


def address(post_import: PostImport) -> str:
    return f"{IMPORT}{post_import.pk}/"


def write_page(*pictures: str) -> bytes:
    shown = "".join(f'<p><img src="{name}.jpg" alt="A {name}"></p>' for name in pictures)
    return f"<html><title>Feet</title><body><h1>Feet</h1><p>Warm.</p>{shown}</body>".encode()


def upload(client: Client, *files: tuple[str, bytes]) -> PostImport:
    answer = client.post(IMPORT, {"file": [SimpleUploadedFile(*each) for each in files]})
    assert answer.status_code == 302, answer.text
    return PostImport.objects.get(pk=answer["Location"].split("/")[-2])


def upload_export(client: Client, *items: str) -> PostImport:
    return upload(client, ("blog.xml", write_export(*items)))


def visit(client: Client, post_import: PostImport) -> str:
    """Open its page, which does a part of its work."""
    with zeal_ignore():  # each post is a transaction with queries of its own
        return client.get(address(post_import)).text


def read_all(client: Client, post_import: PostImport) -> str:
    """Open its page until it no longer continues on its own."""
    page = REFRESH
    for _ in range(20):
        page = visit(client, post_import)
        if REFRESH not in page:
            return page
    raise AssertionError(page)


def confirm(client: Client, post_import: PostImport, **said: Any) -> str:
    """Say yes, and return the report."""
    assert client.post(address(post_import), said).status_code == 302
    return read_all(client, post_import)


def kept_files() -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / ".imports").rglob("*"))
