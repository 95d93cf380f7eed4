"""Content of a post other than plain Markdown is reported, converted to Markdown, or refused."""

from pathlib import Path

import pytest

from articles import checking
from articles.models import Article, Category
from articles.posts import read_post
from articles.posts.html_tags import convert_html
from articles.rendering.html_tags import find_html
from articles.rendering.library_snapshot import LibrarySnapshot
from tests.articles.posts.samples import MARKDOWN, import_posts
from tests.factories import make_content

FRONT = '---\ntitle: "Magnets"\ncategories: [Ankles]\n{}---\n{}\n'

CONVERTED = {
    "<p>One <b>two</b> <em>three</em></p><p>four</p>": "One **two** *three*\n\nfour",
    '<h2>Head</h2>See <a href="https://e.org/?a=1&amp;b=2">this</a>.': (
        "## Head\n\nSee [this](https://e.org/?a=1&b=2)."
    ),
    "<ul><li>a</li><li>b</li></ul>": "- a\n- b",
    "<ol><li>a</li><li>b</li></ol>": "1. a\n2. b",
    "H<sub>2</sub>O and 10<sup>6</sup>": "H₂O and 10⁶",
    "<blockquote><p>Said.</p></blockquote>": "> Said.",
    "one<br/>two": "one\\\ntwo",
    "`<b>` stays\n\n```\n<i>x</i>\n```\n<i>y</i>": "`<b>` stays\n\n```\n<i>x</i>\n```\n*y*",
}


@pytest.mark.parametrize("written", CONVERTED)
def test_common_tags_are_converted_to_markdown_and_reported(written: str) -> None:
    text, notes = convert_html(written)
    assert text == CONVERTED[written]
    assert "changed to Markdown" in notes[0]


def test_tags_without_a_markdown_form_are_named_and_kept() -> None:
    text, notes = convert_html("<table><tr><td>1</td></tr></table>")
    assert "<td>1</td>" in text
    assert "readers would see it: <table>, <td>, <tr>" in " ".join(notes)
    assert convert_html("adults <30 years, <https://e.org>, `<b>`") == (
        "adults <30 years, <https://e.org>, `<b>`",
        [],
    )


def test_a_tag_is_reported_with_its_line() -> None:
    assert find_html("a\n<b>x</b>\n`<i>`") == [(2, "<b>"), (2, "</b>")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "is_named"),
    [("Some <b>bold</b> words.", True), ("adults <30 years, `<b>`, \\<b>", False)],
)
def test_html_that_readers_would_see_blocks_publishing(words: str, is_named: bool) -> None:
    answers = checking.run_checks(make_content(body=words), LibrarySnapshot())
    assert ("html" in {each.check.id for each in checking.blocking(answers)}) == is_named


@pytest.mark.parametrize(
    ("front", "body", "note"),
    [
        ("author: me\n", "Text", "“author” in the front matter was ignored"),
        ("", "# Magnets\n\nText", "the title is repeated"),
        ("", "Magnets\n=======\n\nText", "the title is repeated"),
        ("", "# Another\n\nText", "“# Another” is above the text"),
        ("", "<b>Text</b>", "changed to Markdown: <b>"),
    ],
)
def test_anything_read_differently_than_written_is_reported(
    front: str, body: str, note: str
) -> None:
    post = read_post(FRONT.format(front, body).encode())
    assert note in " ".join(post.notes)
    assert "Text" in post.content.body


@pytest.mark.django_db
def test_the_command_reports_it(markdown: Path) -> None:
    markdown.write_text(MARKDOWN.replace("slug: magnets", "slug: magnets\nlayout: post"))
    status, out, err = import_posts(markdown)
    assert status == 0
    assert "“layout” in the front matter was ignored" in err
    assert out.endswith("1 file: 1 created\n")


@pytest.mark.django_db
def test_a_new_category_is_never_created_without_consent(post: Path) -> None:
    Category.objects.create(name="Ankles", slug="ankles")
    status, out, err = import_posts(post, keeps_categories=True)
    assert status == 0
    assert "there is no category “Magnet Research”, so the draft was saved without it" in err
    assert "--create-categories" in err
    assert out.endswith("1 file: 1 created\n")
    assert list(Article.objects.get().categories.all()) == [*Category.objects.all()]
    assert Category.objects.count() == 1
    assert import_posts(post)[1].endswith("1 file: 1 updated\n")
    assert Article.objects.get().categories.count() == Category.objects.count() == 3
    assert import_posts(post)[1].endswith("1 file: 1 unchanged\n")


def test_text_stays_text_in_front_matter() -> None:
    front = (
        "references:\n  - {key: gu-2014, title: no, volume: 010, issue: 1:30, pages: 012,"
        " pmid: 0123456, year: 2014}\n"
    )
    [source] = read_post(FRONT.format(front, "Text").encode()).sources
    assert (source.title, source.volume, source.issue, source.pages) == ("no", "010", "1:30", "012")
    assert (source.pmid, source.year) == ("123456", 2014), "the number of the same article"
