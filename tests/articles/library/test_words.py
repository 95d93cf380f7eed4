"""The library's messages are whole sentences, whatever is filled in."""

import pytest

from articles.library import words
from articles.models import Article
from articles.rendering.library_snapshot import Standing


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "“1”"),
        (5, "“1”, “2”, “3”, “4”, “5”"),
        (6, "“1”, “2”, “3”, “4”, “5”, and 1 more article"),
        (7, "“1”, “2”, “3”, “4”, “5”, and 2 more articles"),
    ],
)
def test_the_first_few_of_many_articles_are_named(count: int, named: str) -> None:
    articles = [Article(title=str(number)) for number in range(1, count + 1)]
    assert words.name_articles(articles) == named


@pytest.mark.parametrize(
    ("standing", "reason", "said"),
    [
        (Standing.DISPUTED, "It is small.", "[@gu-2014] is now marked as disputed: It is small."),
        (Standing.CURRENT, "", "[@gu-2014] is now marked as current."),
    ],
)
def test_a_history_says_how_a_sources_standing_changed(
    standing: Standing, reason: str, said: str
) -> None:
    assert words.describe_standing("gu-2014", standing, reason) == said
