"""Posts from files: read whole, or refused with the line and the reason."""

from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from articles import rendering
from articles.content import Content
from articles.editing import publishing, writing
from articles.images import files, storage
from articles.library import images as library_pictures
from articles.models import Article, Category, Image, Reference
from articles.posts import MalformedPost, Post, PostImage, read_post, write_markdown
from articles.posts.importer import export_post, import_post
from articles.posts.plain_post import _escape_markdown
from articles.rendering.library_snapshot import Source, StudyDesign
from articles.states import StepRefused
from articles.text_cleaning import clean_line
from portal.models import Role, User
from tests.factories import (
    make_article,
    make_content,
    make_image,
    make_photo,
    make_reference,
    make_staff,
)

# Of the shape, and with the faults, of what clinics have on their blogs: a bare percentage, a cure
# in the air, no harm mentioned, an invitation at the end. Written for this test.
POST = """\
Magnetic Slippers for Tired Ankles

Posted and filed under Ankles, Magnet Research, Slippers.

Tired ankles, or simply “heavy feet”, trouble many people.   Some notice it
in the evening.

Doctors usually advise rest [and *patience*]. In a study, 62.5% of wearers felt better, amazingly!

1. Nobody asked for how long.


Reference: Sole A et al. (2013). Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.

Speak with one of our friendly
Care Coordinators today!
"""

MARKDOWN = """\
---
title: "Magnets: what is known"
slug: magnets
summary: What a compass shows about the ankle.
key_points:
  - A compass shows where north is. [@sole-2013]
stage: none
condition: Tired ankles
condition_code: M25.57
categories: [Ankles, Magnet Research]
references:
  - {key: sole-2013, authors: Sole A, title: Slippers and magnets, year: 2013, design: uncontrolled}
  - Heel B (2015). Slippers again. Journal of Footwear. 2015;3(1):5-6.
---
## What was asked

Whether *magnets* point north. [@sole-2013]
"""


@pytest.fixture
def post(tmp_path: Path) -> Path:
    path = tmp_path / "slippers.txt"
    path.write_text(POST, encoding="utf-8")
    return path


@pytest.fixture
def markdown(tmp_path: Path) -> Path:
    path = tmp_path / "magnets.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    return path


# --- Reading --------------------------------------------------------------------------------------


def test_a_plain_post_is_read_whole() -> None:
    post = read_post(POST.encode())
    assert post.content.title == "Magnetic Slippers for Tired Ankles"
    assert post.categories == ("Ankles", "Magnet Research", "Slippers")
    assert [(each.key, each.title, each.year) for each in post.sources] == [
        ("sole-2013", "Slippers and magnets", 2013)
    ]
    body, _, sources = post.content.body.rpartition("\n\n")
    assert sources == "Sources: [@sole-2013]", "which sentence rests on it, the post does not say"
    assert rendering.to_html(body) == (
        "<p>Tired ankles, or simply “heavy feet”, trouble many people. Some notice it in the "
        "evening.</p>\n"
        "<p>Doctors usually advise rest [and *patience*]. In a study, 62.5% of wearers felt "
        "better, amazingly!</p>\n"
        "<p>1. Nobody asked for how long.</p>\n"
    )


def test_the_posts_own_call_to_action_is_left_out() -> None:
    assert "Care Coordinators" not in read_post(POST.encode()).content.body


def test_markdown_with_front_matter_is_read_whole() -> None:
    post = read_post(MARKDOWN.encode())
    assert post.content == Content(
        title="Magnets: what is known",
        summary="What a compass shows about the ankle.",
        key_points="A compass shows where north is. [@sole-2013]",
        body="## What was asked\n\nWhether *magnets* point north. [@sole-2013]"
        "\n\nSources: [@heel-2015]",
        stage="none",
        condition="Tired ankles",
        condition_code="M25.57",
    )
    assert post.slug == "magnets"
    assert post.sources[0] == Source(
        key="sole-2013",
        authors="Sole A",
        title="Slippers and magnets",
        year=2013,
        design=StudyDesign.UNCONTROLLED,
    )
    assert post.categories == ("Ankles", "Magnet Research")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_the_line_endings_of_any_system_will_do(ending: str) -> None:
    assert read_post(POST.replace("\n", ending).encode()) == read_post(POST.encode())
    assert read_post(b"\xef\xbb\xbf" + POST.encode()) == read_post(POST.encode())


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"\n \n", 1, "the file is empty"),
        (b"Title", 1, "nothing follows the title"),
        (b"\nTitle\nsecond line\n\nText", 3, "the title has to be one line"),
        (b"Title\n\nText without categories.", 3, "expected “Posted and filed under”"),
        (b"Title\n\nPosted and filed under A.\n\n", 3, "no paragraph follows"),
        (b"Title\n\nPosted and filed under A, , B.\n\nText", 3, "has no letter or digit"),
        (b"T" * 201 + b"\n\nPosted and filed under A.\n\nText", 1, "longer than 200 characters"),
        (b"T\n\nPosted and filed under " + b"A" * 81 + b".\n\nText", 3, "longer than 80"),
        (b"Title\n\nPosted and filed under A.\n\nCaf\xe9", 5, "not UTF-8 text"),
        (b"Title\n\nPosted and filed under A.\n\nText\x00", 5, "a control character"),
        (b"T" * 1_000_001, 1, "larger than 1,000,000 bytes"),
        (b"---\ntitle: A\n", 1, "no closing line"),
        (b"---\ntitle: [A\nb: c\n---\nText", 3, "not YAML"),
        (b"---\ntitle: 2026-99-99\n---\nText", 1, "not YAML"),
        (b"---\njust words\n---\nText", 1, "key: value"),
        (b"---\ntitle: A\ncategories: [B]\n---\n\n", 4, "no text follows"),
        (b"---\ncategories: [B]\n---\nText", 1, "no title"),
        (b"---\ntitle: 7\n---\nText", 1, "title in the front matter has to be text"),
        (b"---\ntitle: A\ncategories: B\n---\nText", 1, "has to be a list of texts"),
        (b"---\ntitle: A\n---\nText", 1, "filed under no category"),
        (b"---\ntitle: A\nslug: No Slug\ncategories: [B]\n---\nText", 1, "small letters"),
        (b"---\ntitle: A\nstage: sure\ncategories: [B]\n---\nText", 1, "is none of established"),
        (b"---\ntitle: A\ncondition_code: x\n---\nText", 1, "no ICD-10-CM code"),
        (b"---\ntitle: A\njustified: [x]\n---\nText", 1, "words with a reason each"),
        (b"---\ntitle: A\nreferences: x\n---\nText", 1, "references in the front matter has"),
        (b"---\ntitle: A\nreferences: [7]\n---\nText", 1, "neither a line nor fields"),
        (b"---\ntitle: A\nreferences: [{key: a}]\n---\nText", 1, "needs a key and a title"),
        (b"---\ntitle: A\nreferences: [{x: a}]\n---\nText", 1, "unknown here: x"),
        (b"---\ntitle: A\nreferences: [{key: a, title: [b]}]\n---\nT", 1, "has to be text"),
        (b"---\ntitle: A\nreferences: [{key: a, title: b, year: x}]\n---\nT", 1, "is no year"),
        (
            b"---\ntitle: A\nreferences: [{key: a, title: b}, {key: a, title: c}]\n---\nT",
            1,
            "have the same key",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_reason(
    raw: bytes, line: int, reason: str
) -> None:
    with pytest.raises(MalformedPost) as fault:
        read_post(raw)
    assert fault.value.line == line
    assert reason in fault.value.reason


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_post_or_malformed_and_never_an_error(raw: bytes) -> None:
    for start in (b"", b"---\n", b"Title\n\nPosted and filed under A.\n\n"):
        with suppress(MalformedPost):
            assert read_post(start + raw).categories


_plain_words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co"]),
    min_size=1,
    max_size=30,
)


@given(st.lists(_plain_words | st.sampled_from("#*_[]<>&|`~=+-1.)!\\"), min_size=1, max_size=12))
def test_plain_words_mean_themselves_in_markdown(words: list[str]) -> None:
    text = " ".join(words)
    assert rendering.to_text(rendering.to_html(_escape_markdown(text))) == " ".join(text.split())


# --- Storing --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_import_is_a_draft_filed_under_its_categories() -> None:
    Category.objects.create(name="ankles", slug="ankles")
    article, outcome = import_post(POST.encode(), source="slippers.txt", by=None)
    assert outcome == "created"
    assert not article.is_live
    assert article.slug == "magnetic-slippers-for-tired-ankles"
    names = [category.name for category in article.categories.order_by("slug")]
    assert names == ["ankles", "Magnet Research", "Slippers"], "known ones are found again"


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing_whatever_its_slug_became(editor: User) -> None:
    article, _ = import_post(POST.encode(), source="slippers.txt", by=None)
    writing.change_slug(article, slug="renamed", version=article.version, by=editor)
    again, outcome = import_post(POST.encode(), source="slippers.txt", by=None)
    assert (again.pk, again.slug, outcome) == (article.pk, "renamed", "unchanged")
    moved, outcome = import_post(POST.encode(), source="moved/slippers.txt", by=None)
    assert outcome == "unchanged"
    assert Article.objects.count() == 1
    moved.refresh_from_db()
    assert moved.source == "moved/slippers.txt", "there its next change is looked for"


@pytest.mark.django_db
def test_a_file_with_new_words_changes_its_untouched_draft(editor: User) -> None:
    article, _ = import_post(POST.encode(), source="slippers.txt", by=None)
    raw = POST.replace("Tired Ankles", "Calm Ankles").encode()
    changed, outcome = import_post(raw, source="slippers.txt", by=editor)
    assert (changed.pk, changed.title, outcome) == (
        article.pk,
        "Magnetic Slippers for Calm Ankles",
        "updated",
    )
    writing.save_revision(changed, make_content(), version=changed.version, by=editor)
    with pytest.raises(StepRefused, match="by hand"):
        import_post(POST.encode(), source="slippers.txt", by=None)


@pytest.mark.django_db
def test_sources_join_the_library_and_known_ones_are_cited_as_it_has_them() -> None:
    known = make_reference(key="slippers", title="As we have it", doi="10.1000/slippers")
    raw = MARKDOWN.replace("year: 2013,", "year: 2013, doi: 10.1000/SLIPPERS,").encode()
    article, _ = import_post(raw, source="magnets.md", by=None)
    assert set(Reference.objects.values_list("key", "title")) == {
        ("slippers", known.title),
        ("heel-2015", "Slippers again"),
    }
    assert "[@slippers]" in article.head.body
    assert "[@slippers]" in article.head.key_points


@pytest.mark.django_db
def test_another_source_under_a_known_key_is_refused() -> None:
    make_reference(key="sole-2013", doi="10.1000/other")
    raw = MARKDOWN.replace("year: 2013,", "year: 2013, doi: 10.1000/slippers,").encode()
    with pytest.raises(StepRefused, match=r"another source as \[@sole-2013\]"):
        import_post(raw, source="magnets.md", by=None)
    assert not Article.objects.exists()


# --- Out and in again -----------------------------------------------------------------------------

_line = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
# What nobody sees is dropped before an article is written.
_word = _line.map(clean_line).filter(bool)


@given(
    content=st.builds(
        Content,
        title=_word.map(lambda text: text[:200]),
        summary=st.just("") | _word,
        key_points=st.lists(_word, max_size=3).map("\n".join),
        body=st.lists(_word | st.sampled_from(["---", "- one", "[@a-1]"]), min_size=1).map(
            "\n".join
        ),
        stage=st.sampled_from(["", "early", "not_proven", "none"]),
        justified=st.dictionaries(_word.map(str.lower), _word, max_size=2),
        correction=st.just("") | _word,
    ).map(Content.cleaned)
)
def test_what_is_written_reads_the_same(content: Content) -> None:
    sources = (Source(key="a-1", title="A: b # c", year=1999, design=StudyDesign.REVIEW),)
    content = Content(**{**vars(content), "body": f"{content.body}\n\n[@a-1]"})
    post = Post(content=content, slug="a", categories=("B: c",), sources=sources)
    assert read_post(write_markdown(post).encode()) == post


@pytest.mark.django_db
def test_what_readers_see_is_exported_and_a_changed_draft_where_asked(
    tmp_path: Path, editor: User
) -> None:
    article = make_article(slug="seen", title="Seen")
    writing.save_revision(article, make_content(title="Draft"), version=article.version, by=editor)
    call_command("export_articles", tmp_path / "live", stdout=StringIO())
    call_command("export_articles", tmp_path / "drafts", "--drafts", stdout=StringIO())
    live = read_post((tmp_path / "live/seen.md").read_bytes())
    draft = read_post((tmp_path / "drafts/seen.md").read_bytes())
    assert (live.content.title, draft.content.title) == ("Seen", "Draft")
    article.refresh_from_db()
    assert live == export_post(article, is_live=True)
    again, _ = import_post(
        write_markdown(live).replace("seen", "new").encode(), source="x", by=None
    )
    assert again.head.digest == live.content.digest()


@pytest.mark.django_db
def test_pictures_go_out_with_an_article_and_come_in_where_they_are_not_known(
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
        (None, "is not there"),
        (b"no picture", "is not a JPEG, PNG or WebP picture"),
        (b"x" * (files.MAX_BYTES + 1), "10 MB are the most"),
    ],
)
@pytest.mark.django_db
def test_a_picture_that_cannot_be_taken_is_named(
    markdown: Path, picture: bytes | None, said: str
) -> None:
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
def test_a_known_picture_may_come_again_as_it_was_first_sent(markdown: Path) -> None:
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    (markdown.parent / "pictures").mkdir()
    (markdown.parent / "pictures/shoe.png").write_bytes(make_photo(kind="PNG"))
    assert "added: " in import_posts(markdown)[1]
    status, said, err = import_posts(markdown)
    assert (status, err) == (0, "")
    assert "added: " not in said
    assert Image.objects.count() == 1


@pytest.mark.django_db
def test_another_picture_under_a_known_name_is_refused(markdown: Path) -> None:
    known = make_image("shoe", alt="Ours")
    markdown.write_text(MARKDOWN.replace("---\n", "---\npictures: [{name: shoe}]\n", 1))
    (markdown.parent / "pictures").mkdir()
    (markdown.parent / "pictures/shoe.png").write_bytes(make_photo(kind="PNG"))
    status, out, err = import_posts(markdown)
    assert status == 1
    assert "Another picture has the name “shoe”." in err
    assert "1 refused" in out
    assert Image.objects.get() == known
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pictures: shoe", "has to be a list of fields"),
        ("pictures: [shoe]", "has to be a list of fields"),
        ("pictures: [{alt: A shoe}]", "needs a name"),
        ("pictures: [{name: ../../etc/passwd}]", "small letters, digits and hyphens"),
        ("pictures: [{name: shoe, file: /etc/passwd}]", "unknown here: file"),
        (f"pictures: [{{name: shoe, alt: {'x' * 301}}}]", "longer than 300"),
        ("pictures: [{name: 7}]", "has to be text"),
    ],
)
def test_pictures_that_are_not_said_well_are_refused(line: str, reason: str) -> None:
    with pytest.raises(MalformedPost, match=reason):
        read_post(MARKDOWN.replace("---\n", f"---\n{line}\n", 1).encode())


# --- The command ----------------------------------------------------------------------------------


def import_posts(*arguments: Any) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_posts", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_command_prints_a_line_a_post_and_a_summary(post: Path) -> None:
    status, out, err = import_posts(post)
    assert (status, err) == (0, "")
    assert out == (f"created: Magnetic Slippers for Tired Ankles ({post})\n1 files: 1 created\n")
    assert import_posts(post)[1].endswith("1 files: 1 unchanged\n")


@pytest.mark.django_db
def test_a_bad_file_is_named_and_skipped_and_leaves_nothing_behind(
    post: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("Title\n\nPosted and filed under Gout.\n", encoding="utf-8")
    gone = tmp_path / "gone.txt"
    status, out, err = import_posts(bad, post, gone)
    assert status == 1
    assert f"{bad}:3: no paragraph follows the categories" in err
    assert f"{gone}: No such file" in err
    assert out.endswith("3 files: 1 created, 2 faulty\n")
    assert Article.objects.count() == 1
    assert not Category.objects.filter(name="Gout").exists()


@pytest.mark.django_db
def test_a_dry_run_says_what_it_would_do_and_changes_nothing(post: Path) -> None:
    status, out, _ = import_posts(post, "--dry-run")
    assert status == 0
    assert "1 created (dry run" in out
    assert not Article.objects.exists()
    assert not Category.objects.exists()


@pytest.mark.django_db
def test_publishing_goes_through_the_review(markdown: Path) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    people = ("--author", author.username, "--reviewer", reviewer.username)
    status, out, _ = import_posts(markdown, "--publish", *people)
    assert status == 0
    assert "published: Magnets: what is known" in out
    article = Article.objects.published().get()
    assert article.live
    assert article.approval
    assert [each.author for each in article.live.authorships.all()] == [author]
    assert article.approval.by == reviewer
    assert import_posts(markdown, "--publish", *people)[0] == 0, "again is no fault"


@pytest.mark.django_db
@pytest.mark.parametrize("drafted_before", [False, True])
def test_an_import_declares_nothing_in_anybodys_name(markdown: Path, drafted_before: bool) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    people = ("--author", author.username, "--reviewer", reviewer.username)
    if drafted_before:
        import_posts(markdown, "--author", author.username)
        assert Article.objects.get().head.authorships.get().interests == "", "she is asked later"
    hers = ("--author-interests", "Sells  magnets")
    _, _, err = import_posts(markdown, "--publish", *people, *hers)
    assert "not asked for" in err
    assert "--reviewer-interests" in err
    assert "--author-interests" not in err
    article = Article.objects.published().get()
    assert article.live
    assert article.approval
    assert article.live.authorships.get().interests == "Sells magnets"
    assert article.approval.interests == "Not asked for when this article was imported"


@pytest.mark.parametrize("words", ["", " ", "x" * 401])
def test_interests_that_cannot_be_shown_are_refused_before_anything_is_read(words: str) -> None:
    with pytest.raises(CommandError, match="1 to 400 characters"):
        import_posts("no-such-file", "--author", "ana", "--author-interests", words)


@pytest.mark.django_db
def test_what_the_review_refuses_stays_a_draft_and_the_reasons_show(
    post: Path, editor: User, reviewer: User
) -> None:
    status, out, err = import_posts(
        post, "--publish", "--author", editor.username, "--reviewer", reviewer.username
    )
    assert status == 1
    assert "stays a draft:\n  - " in err
    for fault in ("62.5%", "amazingly", "harm"):
        assert fault in err
    assert "1 refused" in out
    assert not Article.objects.get().is_live


@pytest.mark.django_db
@pytest.mark.parametrize("revised", [False, True])
def test_a_file_does_not_bring_back_what_was_retired(markdown: Path, revised: bool) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    people = ("--author", author.username, "--reviewer", reviewer.username)
    import_posts(markdown, "--publish", *people)
    article = Article.objects.get()
    article = publishing.retire(article, because="Wrong.", version=article.version, by=reviewer)
    if revised:
        writing.save_revision(article, make_content(), version=article.version, by=author)
    status, out, err = import_posts(markdown, "--publish", *people)
    assert status == 1
    assert "unchanged" in out
    assert "somebody worked on it here since" in err
    assert not Article.objects.published().exists()


@pytest.mark.django_db
def test_a_changed_file_whose_article_was_worked_on_is_refused(post: Path, editor: User) -> None:
    import_posts(post)
    article = Article.objects.get()
    writing.save_revision(article, make_content(), version=article.version, by=editor)
    post.write_text(POST.replace("Tired", "Calm"), encoding="utf-8")
    status, _, err = import_posts(post)
    assert status == 1
    assert "Bring the change over by hand." in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--publish"], "--publish needs --author and --reviewer"),
        (["--author", "nobody"], "There is no account named 'nobody'"),
    ],
)
def test_people_have_to_be_named_and_known(post: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        import_posts(post, *arguments)
