"""Searching for articles with the words that people type."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.search import search_articles
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def _library() -> None:
    make_article(title="Kidney tests", summary="Urine.", body="Protein in the urine.")
    make_article(title="Living with lupus", summary="Days.", body="Kidneys, José, and rest.")
    make_article(title="Donor cells", summary="Not proven.", body="One study of mesenchymal cells.")


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kidney", ["Kidney tests", "Living with lupus"]),
        ("KIDNEYS", ["Kidney tests", "Living with lupus"]),
        ("mesen", ["Donor cells"]),
        ("lupus rest", ["Living with lupus"]),
        ("cell studies", ["Donor cells"]),
        ("lupus mesenchymal", ["Donor cells", "Living with lupus"]),
        ("gout", []),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_found_by_stem_and_prefix_titles_first(query: str, found: list[str]) -> None:
    assert sorted(article.title for article in search_articles(query)) == sorted(found)
    if found and query.lower().startswith("kidney"):
        assert search_articles(query)[0].title == "Kidney tests"


def test_drafts_are_not_found() -> None:
    make_draft(title="Kidney draft")
    assert search_articles("kidney") == []


@pytest.mark.usefixtures("_library")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.text(max_size=60) | st.sampled_from(['"', "'", "a'b", "* OR *", "NEAR(", "a:*", "\\", "-"])
)
def test_any_typed_text_is_a_search_and_never_an_error(query: str) -> None:
    assert len(search_articles(query)) <= 20


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Type"),
        ("kidney", "Kidney tests"),
        ("gout", "gout"),
        ("%00", ""),
        ("x" * 5000, ""),
        ("%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;"),
    ],
)
def test_the_search_page_answers_any_query(client: Client, query: str, words: str) -> None:
    response = client.get(f"/search/?q={query}")
    assert response.status_code == 200
    assert words in response.text
    assert "<script>" not in response.text
