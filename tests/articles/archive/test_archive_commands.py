"""The commands that write a site to a file, and bring one in."""

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from articles.archive import People
from articles.images import storage
from articles.models import Article
from tests.articles.archive.archiving import archived, changed
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db


def run(*words: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_site_is_written_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    make_article()
    path = tmp_path / "site.zip"
    out, _ = run("export_site", path)
    assert "1 articles" in out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.glob("*.part")] == []
    with pytest.raises(CommandError, match="exists already"):
        run("export_site", path)
    with pytest.raises(CommandError, match="No such file or directory"):
        run("export_site", tmp_path / "nowhere" / "site.zip")


def test_a_picture_without_a_file_is_told(tmp_path: Path) -> None:
    storage.delete_files([make_image("gone").largest])
    with pytest.raises(CommandError, match="The files of 1 pictures are missing"):
        run("export_site", tmp_path / "site.zip")
    with ZipFile(tmp_path / "site.zip") as archive:
        assert json.loads(archive.read("pictures.json")) == []


def test_a_site_is_brought_in_by_two_people_with_accounts(tmp_path: Path, people: People) -> None:
    path = tmp_path / "site.zip"
    raw = archived(lambda: make_article(slug="seen"))
    path.write_bytes(raw)
    author, reviewer = people.author.username, people.reviewer.username
    with pytest.raises(CommandError, match="two different people"):
        run("import_site", path, "--author", author, "--reviewer", author)
    with pytest.raises(CommandError, match="no account named 'nobody'"):
        run("import_site", path, "--author", "nobody", "--reviewer", reviewer)
    with pytest.raises(CommandError, match="No such file or directory"):
        run("import_site", tmp_path / "no.zip", "--author", author, "--reviewer", reviewer)
    assert not Article.objects.exists()
    words = ("import_site", path, "--author", author, "--reviewer", reviewer)
    assert run(*words) == ("Everything is here.\n", "")
    assert Article.objects.get().live_id
    path.write_bytes(changed(raw, contents={"format": 1, "articles": ["missing"]}))
    with pytest.raises(CommandError, match="1 parts were refused"):
        run(*words)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It isn’t a zip file."),
        ({}, "contents.json is missing."),
        ({"contents.json": b"{"}, "contents.json can’t be read."),
        ({"contents.json": b"[" * 100_000}, "contents.json can’t be read."),
        ({"contents.json": b'{"format": 1, "articles": ["a\\u0000"]}'}, "has a null character."),
        ({"contents.json": b'{"format": 2}'}, "doesn’t say that it has format 1"),
        ({"contents.json": b'{"format": 1, "articles": {}}'}, "a list of articles that can’t be"),
        ({"contents.json": b'{"format": 1, "old_paths": []}'}, "old addresses that can’t be read"),
        (
            {"contents.json": b'{"format": 1}', "glossary.json": b"[1]"},
            "glossary.json isn’t a list of rows.",
        ),
        ({"contents.json": b" " * 10_000_001}, "larger than 10,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_archive_is_refused_by_name(
    content: Any, why: str, tmp_path: Path, people: People
) -> None:
    path = tmp_path / "site.zip"
    path.touch()
    if isinstance(content, dict):
        with ZipFile(path, "w") as archive:
            for name, part in content.items():
                archive.writestr(name, part)
    words = ("--author", people.author.username, "--reviewer", people.reviewer.username)
    with pytest.raises(CommandError) as refusal:
        run("import_site", path, *words)
    assert str(refusal.value).startswith(f"{path}: ")
    assert why in str(refusal.value)
    assert not Article.objects.exists()
