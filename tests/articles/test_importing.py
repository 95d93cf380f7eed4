"""Posts from files: read whole, or refused with the line and the reason."""

from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from articles import publishing, rendering
from articles.importing import Malformed, _escape_markdown, import_post, read_post
from articles.models import Article, Category
from portal.models import Role, User
from tests.factories import make_content, make_staff

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
summary: Not proven. In one study 5 of 8 people felt better, and 1 of the 8 fell.
categories: [Ankles, Magnet Research]
references:
  - Sole A (2013). Slippers and magnets.
  - Heel B (2015). Slippers again.
---
## What was asked

Whether *magnets* help.
"""


@pytest.fixture
def post(tmp_path: Path) -> Path:
    path = tmp_path / "slippers.txt"
    path.write_text(POST, encoding="utf-8")
    return path


# --- Reading --------------------------------------------------------------------------------------


def test_a_plain_post_is_read_whole() -> None:
    post = read_post(POST.encode())
    assert post.content.title == "Magnetic Slippers for Tired Ankles"
    assert post.categories == ("Ankles", "Magnet Research", "Slippers")
    assert post.content.references == (
        "Sole A et al. (2013). Slippers and magnets. Journal of Footwear. 2013;1(2):3-4."
    )
    paragraphs = rendering.to_html(post.content.body)
    assert paragraphs == (
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
    assert post.content == publishing.Content(
        title="Magnets: what is known",
        slug="magnets",
        summary="Not proven. In one study 5 of 8 people felt better, and 1 of the 8 fell.",
        body="## What was asked\n\nWhether *magnets* help.",
        references="Sole A (2013). Slippers and magnets.\nHeel B (2015). Slippers again.",
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
    ],
)
def test_a_malformed_file_is_refused_with_line_and_reason(
    raw: bytes, line: int, reason: str
) -> None:
    with pytest.raises(Malformed) as fault:
        read_post(raw)
    assert fault.value.line == line
    assert reason in fault.value.reason


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_post_or_malformed_and_never_an_error(raw: bytes) -> None:
    for start in (b"", b"---\n", b"Title\n\nPosted and filed under A.\n\n"):
        with suppress(Malformed):
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
    assert not article.is_published
    assert article.slug == "magnetic-slippers-for-tired-ankles"
    names = [category.name for category in article.categories.order_by("slug")]
    assert names == ["ankles", "Magnet Research", "Slippers"], "known ones are found again"


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing_whatever_its_slug_became(editor: User) -> None:
    article, _ = import_post(POST.encode(), source="slippers.txt", by=None)
    publishing.revise(
        article, make_content(slug="renamed"), categories=[], version=article.version, by=editor
    )
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
    publishing.revise(changed, make_content(), categories=[], version=changed.version, by=editor)
    with pytest.raises(publishing.Refused, match="by hand"):
        import_post(POST.encode(), source="slippers.txt", by=None)


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
def test_publishing_goes_through_the_review(tmp_path: Path) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    path = tmp_path / "magnets.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    people = ("--author", author.username, "--reviewer", reviewer.username)
    status, out, _ = import_posts(path, "--publish", *people)
    assert status == 0
    assert "published: Magnets: what is known" in out
    article = Article.objects.published().get()
    assert (article.written_by, article.reviewed_by) == (author, reviewer)
    assert import_posts(path, "--publish", *people)[0] == 0, "again is no fault"


@pytest.mark.django_db
def test_what_the_review_refuses_stays_a_draft_and_the_reasons_show(
    post: Path, editor: User, reviewer: User
) -> None:
    status, out, err = import_posts(
        post, "--publish", "--author", editor.username, "--reviewer", reviewer.username
    )
    assert status == 1
    assert "stays a draft:\n  - It has no summary.\n" in err
    assert "1 refused" in out
    assert not Article.objects.get().is_published


@pytest.mark.django_db
@pytest.mark.parametrize("revised", [False, True])
def test_a_file_does_not_bring_back_what_was_withdrawn(tmp_path: Path, revised: bool) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    path = tmp_path / "magnets.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    people = ("--author", author.username, "--reviewer", reviewer.username)
    import_posts(path, "--publish", *people)
    article = Article.objects.get()
    article = publishing.withdraw(article, version=article.version, by=reviewer)
    if revised:
        publishing.revise(
            article, make_content(), categories=[], version=article.version, by=author
        )
    status, out, err = import_posts(path, "--publish", *people)
    assert status == 1
    assert "unchanged" in out
    assert "somebody worked on it here since" in err
    assert not Article.objects.published().exists()


@pytest.mark.django_db
def test_new_words_without_an_author_are_nobodys_until_an_editor_reads_them(editor: User) -> None:
    import_post(POST.encode(), source="slippers.txt", by=editor)
    raw = POST.replace("Tired", "Calm").encode()
    article, _ = import_post(raw, source="slippers.txt", by=None)
    assert article.written_by is None


@pytest.mark.django_db
def test_a_changed_file_whose_article_was_worked_on_is_refused(post: Path, editor: User) -> None:
    import_posts(post)
    article = Article.objects.get()
    publishing.revise(article, make_content(), categories=[], version=article.version, by=editor)
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
