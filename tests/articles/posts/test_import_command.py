"""The command that imports posts."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from articles.editing import publishing, writing
from articles.models import Article, Category
from portal.models import Role, User
from tests.articles.posts.samples import POST, import_posts
from tests.factories import make_content, make_staff


@pytest.mark.django_db
def test_the_command_prints_a_line_per_post_and_a_summary(post: Path) -> None:
    status, out, err = import_posts(post)
    assert (status, err) == (0, "")
    assert out == (f"created: Magnetic Slippers for Tired Ankles ({post})\n1 file: 1 created\n")
    assert import_posts(post)[1].endswith("1 file: 1 unchanged\n")


@pytest.mark.django_db
def test_a_bad_file_is_named_and_skipped_and_leaves_nothing_behind(
    post: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("Title\n\nPosted and filed under Gout.\n", encoding="utf-8")
    gone = tmp_path / "gone.txt"
    status, out, err = import_posts(bad, post, gone)
    assert status == 1
    assert f"{bad}:3: there is no paragraph after the categories" in err
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
def test_publishing_goes_through_review(markdown: Path) -> None:
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
def test_an_import_declares_no_interests_for_anyone(markdown: Path, drafted_before: bool) -> None:
    author, reviewer = make_staff(Role.EDITOR), make_staff(Role.REVIEWER)
    people = ("--author", author.username, "--reviewer", reviewer.username)
    if drafted_before:
        import_posts(markdown, "--author", author.username)
        assert Article.objects.get().head.authorships.get().interests == "", "they are asked later"
    own = ("--author-interests", "Sells  magnets")
    _, _, err = import_posts(markdown, "--publish", *people, *own)
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
def test_a_post_refused_in_review_stays_a_draft_and_reasons_are_shown(
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
def test_a_file_does_not_restore_a_retired_article(markdown: Path, revised: bool) -> None:
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
    assert "someone has edited it here since" in err
    assert not Article.objects.published().exists()


@pytest.mark.django_db
def test_a_changed_file_is_refused_if_its_article_was_edited(post: Path, editor: User) -> None:
    import_posts(post)
    article = Article.objects.get()
    writing.save_revision(article, make_content(), version=article.version, by=editor)
    post.write_text(POST.replace("Tired", "Calm"), encoding="utf-8")
    status, _, err = import_posts(post)
    assert status == 1
    assert "Make the change by hand." in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--publish"], "--publish needs --author and --reviewer"),
        (["--author", "nobody"], "There is no account named 'nobody'"),
    ],
)
def test_people_must_be_named_and_known(post: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        import_posts(post, *arguments)
