"""Pictures that are exported and imported with an article."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.images import files, storage
from articles.library import images as library_pictures
from articles.models import Article, Image
from articles.posts import MalformedPost, PostImage, read_post, write_markdown
from articles.posts.importer import export_post
from portal.models import Role
from tests.articles.posts.samples import MARKDOWN, import_posts
from tests.factories import (
    make_article,
    make_image,
    make_photo,
    make_staff,
)


@pytest.mark.django_db
def test_pictures_are_exported_with_an_article_and_imported_if_unknown(
    tmp_path: Path,
) -> None:
    image = make_image("filter", alt="A kidney: drawn", credit="Ana Example, CC BY 4.0")
    gone = make_image("face")
    make_article(slug="shown", body=f"{image.markdown}\n\n{gone.markdown}\n\nWords.")
    library_pictures.withdraw_image(gone, because="x", version=1, by=make_staff(Role.REVIEWER))
    out = StringIO()
    call_command("export_articles", tmp_path, stdout=out)
    assert "1 articles, 1 pictures" in out.getvalue()
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["filter.jpg"]
    file = tmp_path / "shown.md"
    post = read_post(file.read_bytes())
    assert post == export_post(Article.objects.get(), is_live=True)
    assert post.pictures == (
        PostImage(name="filter", alt="A kidney: drawn", credit="Ana Example, CC BY 4.0"),
    )
    file = tmp_path / "again.md"
    file.write_text(write_markdown(post).replace("slug: shown", "slug: again"))
    status, said, err = import_posts(file)
    assert (status, err) == (0, "")
    assert "added" not in said, "the library's own file comes back to it"
    assert Image.objects.not_withdrawn().get() == image
    file = tmp_path / "elsewhere.md"
    file.write_text(write_markdown(post).replace("slug: shown", "slug: elsewhere"))
    Image.objects.filter(pk=image.pk).delete()
    status, said, err = import_posts(file)
    assert (status, err) == (0, "")
    assert f"added: {tmp_path / 'pictures' / 'filter.jpg'}" in said
    there = Image.objects.get(name="filter")
    assert (there.alt, there.credit) == (image.alt, image.credit)
    assert storage.has_file(there.largest)
    assert "added" not in import_posts(file)[1], "the same file again is no second picture"


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (None, "is missing"),
        (b"no picture", "isn’t a JPEG, PNG, or WebP picture"),
        (b"x" * (files.MAX_BYTES + 1), "The limit is 10 MB"),
    ],
)
@pytest.mark.django_db
def test_an_unusable_picture_is_named(markdown: Path, picture: bytes | None, said: str) -> None:
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    (markdown.parent / "pictures").mkdir()
    if picture is not None:
        (markdown.parent / "pictures/shoe.png").write_bytes(picture)
    for options in (["--dry-run"], []):
        status, _, err = import_posts(markdown, *options)
        assert said in err
        assert "shoe" in err
        assert status == (picture is not None)
    assert not Image.objects.exists()


@pytest.mark.django_db
def test_a_known_picture_may_be_imported_again_unchanged(markdown: Path) -> None:
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    (markdown.parent / "pictures").mkdir()
    (markdown.parent / "pictures/shoe.png").write_bytes(make_photo(kind="PNG"))
    assert "added: " in import_posts(markdown)[1]
    status, said, err = import_posts(markdown)
    assert (status, err) == (0, "")
    assert "added: " not in said
    assert Image.objects.count() == 1


@pytest.mark.django_db
def test_a_picture_in_the_library_needs_no_file(markdown: Path) -> None:
    make_image("shoe")
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    status, said, err = import_posts(markdown)
    assert (status, err) == (0, "")
    assert "added: " not in said


@pytest.mark.django_db
def test_a_different_picture_under_a_known_name_is_refused(markdown: Path) -> None:
    known = make_image("shoe", alt="Ours")
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    (markdown.parent / "pictures").mkdir()
    (markdown.parent / "pictures/shoe.png").write_bytes(make_photo(kind="PNG"))
    status, out, err = import_posts(markdown)
    assert status == 1
    assert "Another picture already has the name “shoe”." in err
    assert "1 refused" in out
    assert Image.objects.get() == known
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pictures: shoe", "has to be a list of fields"),
        ("pictures: [shoe]", "has to be a list of fields"),
        ("pictures: [{alt: A shoe}]", "needs a name"),
        ("pictures: [{name: ../../etc/passwd}]", "lowercase letters, digits, and hyphens"),
        ("pictures: [{name: shoe, file: /etc/passwd}]", "unknown fields: file"),
        (f"pictures: [{{name: shoe, alt: {'x' * 301}}}]", "longer than 300"),
        ("pictures: [{name: [7]}]", "has to be text"),
    ],
)
def test_malformed_picture_lists_are_refused(line: str, reason: str) -> None:
    with pytest.raises(MalformedPost, match=reason):
        read_post(MARKDOWN.replace("---\n", f"---\n{line}\n", 1).encode())
