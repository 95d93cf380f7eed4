"""Ratings of evidence cards in front matter: read, written, and counted only when published."""

import pytest

from articles.content import Content
from articles.models import Article
from articles.posts import MalformedPost, Post, read_post, write_markdown
from articles.posts.importer import export_post, import_post
from articles.rendering.certainty import Certainty, Ground, Rating
from portal.demo.content import FOLDER, load
from portal.models import User
from tests.factories import make_category

RATING = Rating(level=Certainty.VERY_LOW, grounds=(Ground.NO_COMPARISON, Ground.FEW_PEOPLE))


def _post(certainty: str) -> bytes:
    return f"---\ntitle: A\ncategories: [B]\ncertainty:\n{certainty}\n---\n\nText\n".encode()


def test_ratings_are_read_with_the_words_that_people_write() -> None:
    post = read_post(
        _post("  - card: 1\n    level: Very low\n    because: [no comparison, few_people]")
    )
    assert post.ratings == {1: RATING}
    assert not post.notes


def test_ratings_are_written_and_read_back_unchanged() -> None:
    ratings = {1: RATING, 3: Rating(level=Certainty.HIGH)}
    content = Content(title="A", body="Text")
    post = Post(content=content, slug="a", categories=("B",), ratings=ratings)
    assert read_post(write_markdown(post).encode()).ratings == ratings


@pytest.mark.parametrize(
    ("certainty", "why"),
    [
        ("  low", "has to be a list"),
        ("  - low", "has to be a list"),
        ("  - level: low", "has to be a list"),
        ("  - card: one\n    level: low", "has to be a list"),
        ("  - card: '²'\n    level: low", "has to be a list"),
        ("  - card: 1\n    level: low\n    who: me", "has to be a list"),
        ("  - {card: 1, level: low}\n  - {card: 1, level: high}", "has to be a list"),
        ("  - {card: 1, level: low, because: few people}", "has to be a list"),
        ("  - {card: 1, level: sure}", "the level of certainty “sure” isn’t one of high, "),
        ("  - {card: 1}", "the level of certainty “None” isn’t one of high, "),
        ("  - {card: 1, level: low, because: [luck]}", "the reasons for the certainty “luck”"),
    ],
)
def test_ratings_that_cannot_be_read_are_explained(certainty: str, why: str) -> None:
    with pytest.raises(MalformedPost) as refusal:
        read_post(_post(certainty))
    assert why in refusal.value.reason


@pytest.mark.django_db
def test_the_demo_is_exported_with_its_ratings_and_comes_back_the_same() -> None:
    load("a password for the demo")
    raw = (FOLDER / "stem-cells-for-lupus-nephritis.md").read_bytes()
    article = Article.objects.get(slug="stem-cells-for-lupus-nephritis")
    exported = export_post(article, is_live=True)
    assert exported.ratings == read_post(raw).ratings
    assert set(exported.ratings) == {1, 2}
    assert read_post(write_markdown(exported).encode()).ratings == exported.ratings


@pytest.mark.django_db
def test_a_draft_from_a_file_has_no_rating_until_a_reviewer_stands_for_it(
    editor: User, reviewer: User
) -> None:
    make_category("B")
    article, _ = import_post(_post("  - {card: 1, level: high}"), source="a", by=editor)
    assert not article.head.approvals.exists()
    assert export_post(article, is_live=False).ratings == {}
