"""A site that is written to an archive, lost, and brought in again by other people."""

import io
import json
import stat
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from articles import library
from articles.archive import Archive, People, import_archive, write_archive
from articles.editing import writing
from articles.models import Article, Category, Image, OldPath, Proposal, Reference, Term
from articles.rendering.library_snapshot import Standing
from portal.demo import content as demo
from portal.models import Role, User
from tests.factories import (
    approve_waiting,
    make_article,
    make_content,
    make_draft,
    make_image,
    make_oldaddress,
    make_reference,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def people(editor: User, reviewer: User) -> People:
    return People(author=editor, reviewer=reviewer)


def archived(make: Callable[[], Any]) -> bytes:
    """Return the archive of a site that `make` makes; nothing of it is left in the database."""
    place = transaction.savepoint()
    make()
    file = io.BytesIO()
    write_archive(file)
    transaction.savepoint_rollback(place)
    return file.getvalue()


def bring_in(raw: bytes, people: People) -> list[str]:
    return list(import_archive(Archive(io.BytesIO(raw)), people, interests=("None", "None")))


def files(raw: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(raw: bytes, **lists: Any) -> bytes:
    """Return the archive with other lists, by the name of their file."""
    parts = files(raw) | {f"{name}.json": json.dumps(rows).encode() for name, rows in lists.items()}
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def make_site() -> None:
    """The demo, and one of everything that it lacks."""
    demo.load("a password for the demo", articles=["what-is-lupus-nephritis.md"])
    newer = make_article(slug="has-a-newer-draft")
    writing.save_revision(
        newer, make_content(title="Newer"), version=newer.version, by=make_staff(Role.EDITOR)
    )
    make_draft(slug="never-seen")
    make_oldaddress()
    OldPath.objects.create(path="/2019/03/foot-baths", article=newer)
    make_image("filter", alt="A kidney: drawn", credit="Ana Example, CC BY 4.0")
    old, new = make_reference("old-2019", title="Old"), make_reference("new-2021", title="New")
    library.set_standing(
        old,
        standing=Standing.SUPERSEDED,
        note="A larger study was done.",
        by_source=new,
        version=1,
        by=make_staff(Role.EDITOR),
    )
    approve_waiting()


@pytest.mark.once
def test_an_empty_portal_becomes_the_same_site(people: People) -> None:
    raw = archived(make_site)
    assert not Article.objects.exists()
    assert bring_in(raw, people) == []
    again = io.BytesIO()
    write_archive(again)
    before, after = files(raw), files(again.getvalue())
    assert before.keys() == after.keys()
    for name in before.keys() - {"pictures/filter.jpg"}:  # it is compressed again
        assert after[name] == before[name], name
    assert not Proposal.objects.waiting().exists()


@pytest.mark.once
def test_bringing_it_in_again_changes_nothing(people: People) -> None:
    raw = archived(make_site)
    bring_in(raw, people)
    versions = dict(Article.objects.values_list("slug", "version"))
    assert bring_in(raw, people) == []
    assert dict(Article.objects.values_list("slug", "version")) == versions
    assert not Proposal.objects.waiting().exists()


def test_drafts_stay_drafts_and_the_reviewer_stands_behind_the_rest(people: People) -> None:
    def make() -> None:
        make_article(slug="seen")
        make_draft(slug="never-seen")

    assert bring_in(archived(make), people) == []
    seen = Article.objects.get(slug="seen")
    assert seen.live_id == seen.head_id
    assert seen.live is not None
    assert seen.live.approvals.get().by == people.reviewer
    assert Article.objects.get(slug="never-seen").live_id is None


def test_a_warning_about_a_source_comes_with_its_reason(people: People) -> None:
    def make() -> None:
        library.set_standing(
            make_reference("wrong-2020"),
            standing=Standing.RETRACTED,
            note="The numbers were made up.",
            version=1,
            by=people.author,
        )
        library.approve_proposal(Proposal.objects.waiting().get(), by=people.reviewer)

    assert bring_in(archived(make), people) == []
    source = Reference.objects.get(key="wrong-2020")
    assert (source.standing, source.standing_note) == ("retracted", "The numbers were made up.")


def test_what_is_here_stays_as_it_is(people: People) -> None:
    raw = archived(lambda: make_article(slug="feet", title="Theirs"))
    ours = make_article(slug="feet", title="Ours")
    (refusal,) = bring_in(raw, people)
    assert refusal.startswith("article feet: ")
    ours.refresh_from_db()
    assert ours.live is not None
    assert ours.live.title == "Ours"


def test_one_refusal_stops_nothing_else(people: People) -> None:
    def make() -> None:
        eyes = Category.objects.create(name="Eyes", slug="eyes")
        make_article(slug="good", categories=[eyes])
        make_image("broken")

    raw = changed(
        archived(make),
        contents={"format": 1, "articles": ["missing", "good"], "drafts": ["../../etc/passwd"]},
        categories=[
            *({"name": 1}, {"name": "Feet", "slug": "feet", "translations": "es"}),
            *({"name": "Hands", "slug": "admin"}, {"name": "Eyes", "slug": "eyes"}),
        ],
        glossary=[{"name": "gout", "forms": "gouts"}, {"name": "edema", "definition": "Swelling."}],
        references=[{"key": "a-1"}, {"key": "b-2020", "title": "B"}],
        pictures=[{"name": "missing"}, {"name": ["x"]}],
    )
    assert [line.partition(": ")[0] for line in bring_in(raw, people)] == [
        *("category “1”", "category “Feet”", "category “Hands”", "term “gout”", "source 1"),
        *("picture missing", "picture ['x']", "article missing", "draft ../../etc/passwd"),
    ]
    assert Article.objects.get().slug == "good"
    assert set(Category.objects.values_list("slug", flat=True)) >= {"eyes"}
    assert set(Term.objects.values_list("name", flat=True)) == {"edema"}
    assert Reference.objects.filter(key="b-2020").exists()
    assert not Image.objects.exists()


def test_an_old_address_never_shadows_our_own_pages(people: People) -> None:
    contents = {
        "format": 1,
        "articles": ["feet"],
        "drafts": [],
        "old_addresses": {"admin": "feet", "toes": "feet", "other": "not-in-the-archive"},
        "old_paths": {"/es/": "feet", "https://example.org/": "feet", "/?p=1": "feet"},
    }
    raw = changed(archived(lambda: make_article(slug="feet")), contents=contents)
    assert [line.partition(": ")[0] for line in bring_in(raw, people)] == [
        *("old address admin", "old path /es/", "old path https://example.org/"),
    ]
    feet = Article.objects.get()
    assert [each.slug for each in feet.old_addresses.all()] == ["toes"]
    assert [each.path for each in feet.old_paths.all()] == ["/?p=1"]


# --- The commands ---------------------------------------------------------------------------------


def run(*words: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_commands_write_and_read_a_file_for_its_owner_alone(
    tmp_path: Path, people: People
) -> None:
    make_article()
    path = tmp_path / "site.zip"
    out, _ = run("export_site", path)
    assert "1 articles" in out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []
    with pytest.raises(CommandError, match="exists already"):
        run("export_site", path)
    words = ("--author", people.author.username, "--reviewer", people.reviewer.username)
    Article.objects.filter().update(source="archive/" + Article.objects.get().slug)
    with pytest.raises(CommandError, match="two different people"):
        run("import_site", path, *words[:3], people.author.username)
    with pytest.raises(CommandError, match="no account named 'nobody'"):
        run("import_site", path, "--author", "nobody", *words[2:])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It isn’t a zip file."),
        ({}, "contents.json is missing."),
        ({"contents.json": b"{"}, "contents.json can’t be read."),
        ({"contents.json": b"[" * 100_000}, "contents.json can’t be read."),
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
