"""Exports imported as drafts: once, a line each, and found again at their old addresses."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError
from django.test import Client

from articles.editing import publishing, writing
from articles.models import Article, Category, Event, Image, OldPath
from portal.models import Role
from tests.articles.posts.exports import write_export, write_item
from tests.articles.posts.samples import import_posts
from tests.factories import make_article, make_category, make_content, make_photo, make_staff

pytestmark = pytest.mark.django_db


def _save(folder: Path, *items: str) -> Path:
    path = folder / "export.xml"
    path.write_bytes(write_export(*items))
    return path


def test_an_export_is_imported_with_a_line_for_each_post(tmp_path: Path) -> None:
    path = _save(
        tmp_path,
        write_item(number=1, slug="one"),
        write_item("[gallery]", number=2, slug="two", title="Empty"),
        write_item(number=3, slug="three", title="Secret", status="private"),
        write_item(number=4, slug="four", title="Kept"),
        write_item(kind="nav_menu_item", number=5),
    )
    status, out, err = import_posts(path)
    assert status == 1, "one of them could not be read"
    assert out == (
        f"created: Foot baths ({path})\ncreated: Kept ({path})\n"
        "4 posts: 2 created, 1 faulty, 1 left out\n"
    )
    assert f"{path}: Empty: it has no text" in err
    assert f"{path}: Secret: left out: it was private there" in err
    assert set(Article.objects.values_list("slug", flat=True)) == {"one", "four"}


def test_the_same_export_twice_changes_nothing(tmp_path: Path) -> None:
    path = _save(tmp_path, write_item(number=1), write_item("Other", number=2))
    import_posts(path)
    before = list(Article.objects.order_by("slug").values())
    events = Event.objects.count()
    moved = _save(
        tmp_path / ".." / tmp_path.name, write_item(number=1), write_item("Other", number=2)
    )
    status, out, _ = import_posts(moved)
    assert (status, out.splitlines()[-1]) == (0, "2 posts: 2 unchanged")
    assert list(Article.objects.order_by("slug").values()) == before
    assert Event.objects.count() == events


def test_two_posts_with_one_slug_get_two_addresses(tmp_path: Path) -> None:
    make_article(slug="foot-baths-3")
    import_posts(_save(tmp_path, write_item(number=1), write_item(number=2), write_item(number=3)))
    slugs = Article.objects.filter(source__isnull=False).values_list("slug", flat=True)
    assert set(slugs) == {"foot-baths", "foot-baths-2", "foot-baths-4"}


def test_a_changed_post_updates_its_draft_unless_somebody_edited_it_here(tmp_path: Path) -> None:
    import_posts(_save(tmp_path, write_item(number=1), write_item(number=2, slug="two")))
    edited = Article.objects.get(slug="two")
    writing.save_revision(
        edited, make_content(title="Ours"), version=edited.version, by=make_staff(Role.EDITOR)
    )
    new = (write_item("New", number=1, slug="renamed"), write_item("New", number=2, slug="two"))
    status, out, err = import_posts(_save(tmp_path, *new))
    assert (status, out.splitlines()[-1]) == (1, "2 posts: 1 refused, 1 updated")
    assert "so did the article since it was imported" in err
    assert Article.objects.get(slug="foot-baths").head.body == "New", "known by its number"
    assert Article.objects.get(slug="two").head.title == "Ours"


def test_the_name_of_its_author_there_is_a_note_and_an_account_only_if_somebody_says_so(
    tmp_path: Path,
) -> None:
    importer, writer = make_staff(Role.EDITOR), make_staff(Role.EDITOR)
    import_posts(_save(tmp_path, write_item(number=1)), "--author", importer.username)
    first = Article.objects.get()
    assert [each.author for each in first.head.authorships.all()] == [importer]
    said = first.events.get(kind=Event.Kind.DRAFTED).words
    assert said == "On the site it was imported from: by Jane Writer, March 2, 2019."
    chosen = f"Jane Writer={writer.username}"
    import_posts(_save(tmp_path, write_item(number=2, slug="b")), "--wrote", chosen)
    second = Article.objects.get(slug="b")
    assert [each.author for each in second.head.authorships.all()] == [writer]


def test_an_author_there_has_to_be_an_account_here(tmp_path: Path) -> None:
    path = _save(tmp_path, write_item())
    for pair, said in (
        ("Jane=nobody-here", "no account"),
        ("Jane", "no account"),
        ("=", "--wrote needs"),
    ):
        with pytest.raises(CommandError, match=said):
            import_posts(path, "--wrote", pair)


def test_tags_file_a_post_only_under_what_exists(tmp_path: Path) -> None:
    make_category("Water")
    terms = "".join(
        f'<category domain="post_tag" nicename="{name}"><![CDATA[{name}]]></category>'
        for name in ("Water", "Towels")
    )
    import_posts(_save(tmp_path, write_item(terms=terms)))
    assert [each.name for each in Article.objects.get().categories.all()] == ["Water"]
    assert not Category.objects.filter(name="Towels").exists()


def test_what_was_a_draft_there_is_not_published(tmp_path: Path) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    people = ("--author", author.username, "--reviewer", reviewer.username)
    status, _, err = import_posts(_save(tmp_path, write_item(status="draft")), "--publish", *people)
    assert status == 1
    assert "stays a draft: it was a draft there" in err
    assert not Article.objects.published().exists()


def _zip(folder: Path) -> Path:
    path = folder / "uploads.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("uploads/2019/03/foot-300x200.png", make_photo(kind="PNG"))
        archive.writestr("uploads/2019/04/foot.png", b"another picture")
    return path


def _folder(folder: Path) -> Path:
    (folder / "uploads/2019/03").mkdir(parents=True)
    (folder / "uploads/2019/03/foot.png").write_bytes(make_photo(kind="PNG"))
    return folder / "uploads"


@pytest.mark.parametrize("make", [_zip, _folder])
def test_pictures_come_from_a_folder_or_an_archive(tmp_path: Path, make: object) -> None:
    place = make(tmp_path)  # type: ignore[operator]
    picture = '<img src="/wp-content/uploads/2019/03/foot-150x150.png" alt="A foot">'
    gone = '<img src="https://clinic.example/gone.png" alt="B">'
    status, out, err = import_posts(
        _save(tmp_path, write_item(picture + gone)), "--pictures", place
    )
    assert status == 0
    assert "added: " in out
    assert (Image.objects.get().name, Image.objects.get().alt) == ("foot-2019-03", "A foot")
    assert "gone.png" not in out
    assert "gone.jpg” is missing" in err


def test_a_dry_run_shows_what_each_post_becomes_and_what_it_lacks(tmp_path: Path) -> None:
    make_category("Water")
    terms = (
        '<category domain="category" nicename="feet"><![CDATA[Feet]]></category>'
        '<category domain="category" nicename="water"><![CDATA[Water]]></category>'
    )
    path = _save(tmp_path, write_item("It cures 90% of people!", status="draft", terms=terms))
    status, out, err = import_posts(path, "--dry-run")
    assert (status, out.splitlines()[-1]) == (0, "1 file: 1 created (dry run: nothing was changed)")
    for said in (
        "address foot-baths, language en",
        "written there by Jane Writer, March 2, 2019",
        "filed under Water",
        "categories that don’t exist yet: Feet",
        "never published by the import: it was a draft there",
        "checks that fail: ",
    ):
        assert f"{path}: Foot baths: {said}" in err
    assert not Article.objects.exists()
    assert not OldPath.objects.exists()


def test_an_archive_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "uploads.zip"
    bad.write_bytes(b"no archive")
    path = _save(tmp_path, write_item('<img src="a.png">'))
    status, _, err = import_posts(path, "--pictures", bad)
    assert status == 1
    assert "not a zip file" in err


def test_an_old_address_leads_to_its_article_once_that_is_published(
    tmp_path: Path, client: Client
) -> None:
    article = make_article(slug="ours")
    draft_of = _save(tmp_path, write_item(number=7, slug="draft"))
    import_posts(draft_of)
    for path in ("/2019/03/ours/", "/2019/03/ours", "/caf%C3%A9/x/"):
        assert client.get(path).status_code == 404
    for path in ("/2019/03/ours", "/café/x", "/?p=9", "/es?p=10"):
        OldPath.objects.create(path=path, article=article)
    for path in ("/2019/03/ours/", "/2019/03/ours", "/caf%C3%A9/x/", "/?p=9", "/?utm=1&p=9"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/articles/ours/"), path
    assert client.get("/es/?p=10").status_code == 301
    for path in ("/2019/03/draft/", "/?p=7", "/?p=8", "/2019/03/ours/more/"):
        assert client.get(path).status_code == 404, path
    assert client.post("/2019/03/ours/").status_code == 404
    assert client.get("/?p=words").status_code == 200, "a page of ours, with a parameter it ignores"
    publishing.retire(
        article, because="Old.", instead=None, version=article.version, by=make_staff(Role.REVIEWER)
    )
    assert client.get("/2019/03/ours/").headers["Location"] == "/articles/ours/", "it says so"


def test_an_old_address_of_one_article_is_never_given_to_another(tmp_path: Path) -> None:
    import_posts(_save(tmp_path, write_item(number=1), write_item(number=2)))
    first = OldPath.objects.get(path="/2019/03/foot-baths").article
    assert first.slug == "foot-baths"
    assert set(OldPath.objects.values_list("path", flat=True)) == {
        *("/2019/03/foot-baths", "/?p=1", "/?p=2"),
    }


@pytest.mark.once
def test_three_hundred_posts_have_three_hundred_lines(tmp_path: Path) -> None:
    def export(count: int, start: int) -> Path:
        numbers = range(start, start + count)
        text = "<p>Some <b>words</b> about feet.</p>\n\n" * 40
        return _save(tmp_path, *(write_item(text, number=n, slug=f"p-{n}") for n in numbers))

    status, out, _ = import_posts(export(300, 1))
    assert (status, out.count("created: ")) == (0, 300)
    assert out.endswith("300 posts: 300 created\n")
