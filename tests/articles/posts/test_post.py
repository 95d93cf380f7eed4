"""A post file is read in full, or refused with the line and the reason."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import rendering
from articles.content import Content
from articles.posts import MalformedPost, read_post
from articles.posts.plain_post import _escape_markdown
from articles.rendering.library_snapshot import Source, StudyDesign
from tests.articles.posts.samples import MARKDOWN, POST


def test_a_plain_post_is_read_completely() -> None:
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


def test_a_posts_own_call_to_action_is_left_out() -> None:
    assert "Care Coordinators" not in read_post(POST.encode()).content.body


def test_markdown_with_front_matter_is_read_completely() -> None:
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
def test_line_endings_of_any_system_are_accepted(ending: str) -> None:
    assert read_post(POST.replace("\n", ending).encode()) == read_post(POST.encode())
    assert read_post(b"\xef\xbb\xbf" + POST.encode()) == read_post(POST.encode())


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"\n \n", 1, "the file is empty"),
        (b"Title", 1, "there is nothing after the title"),
        (b"\nTitle\nsecond line\n\nText", 3, "the title has to be one line"),
        (b"Title\n\nText without categories.", 3, "“Posted and filed under”"),
        (b"Title\n\nPosted and filed under A.\n\n", 3, "there is no paragraph after"),
        (b"Title\n\nPosted and filed under A, , B.\n\nText", 3, "has no letter or digit"),
        (b"T" * 201 + b"\n\nPosted and filed under A.\n\nText", 1, "longer than 200 characters"),
        (b"T\n\nPosted and filed under " + b"A" * 81 + b".\n\nText", 3, "longer than 80"),
        (b"Title\n\nPosted and filed under A.\n\nCaf\xe9", 5, "isn’t UTF-8 text"),
        (b"Title\n\nPosted and filed under A.\n\nText\x00", 5, "a control character"),
        (b"T" * 1_000_001, 1, "larger than 1,000,000 bytes"),
        (b"---\ntitle: A\n", 1, "no closing line"),
        (b"---\ntitle: [A\nb: c\n---\nText", 3, "can’t be read"),
        (b"---\njust words\n---\nText", 1, "key: value"),
        (b"---\ntitle: A\ncategories: [B]\n---\n\n", 4, "there is no text after"),
        (b"---\ncategories: [B]\n---\nText", 1, "no title"),
        (b"---\ntitle: [7]\n---\nText", 1, "“title” in the front matter has to be text"),
        (b"---\ntitle: A\ntitle: B\n---\nText", 3, "appears twice"),
        (b"---\ntitle: A #1 choice\n---\nText", 2, "hides what follows it"),
        (b"---\ntitle: A\ncategories: B\n---\nText", 1, "has to be a list of texts"),
        (b"---\ntitle: A\n---\nText", 1, "has no category"),
        (b"---\ntitle: A\nslug: No Slug\ncategories: [B]\n---\nText", 1, "lowercase letters"),
        (b"---\ntitle: A\nstage: sure\ncategories: [B]\n---\nText", 1, "isn’t one of established"),
        (b"---\ntitle: A\ncondition_code: x\n---\nText", 1, "isn’t an ICD-10-CM code"),
        (b"---\ntitle: A\njustified: [x]\n---\nText", 1, "words, each with a reason"),
        (b"---\ntitle: A\nreferences: x\n---\nText", 1, "“references” in the front matter has"),
        (b"---\ntitle: A\nreferences: [[7]]\n---\nText", 1, "has to be a line of text or fields"),
        (b"---\ntitle: A\nreferences: [{key: a}]\n---\nText", 1, "needs a key and a title"),
        (b"---\ntitle: A\nreferences: [{x: a}]\n---\nText", 1, "unknown fields: x"),
        (b"---\ntitle: A\nreferences: [{key: a, title: [b]}]\n---\nT", 1, "has to be text"),
        (b"---\ntitle: A\nreferences: [{key: a, title: b, year: x}]\n---\nT", 1, "isn’t a year"),
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
def test_plain_text_survives_escaping_for_markdown(words: list[str]) -> None:
    text = " ".join(words)
    assert rendering.to_text(rendering.to_html(_escape_markdown(text))) == " ".join(text.split())
