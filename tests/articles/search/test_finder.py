"""Finding what was published, in the words that people type."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import process_cache
from articles.editing import publishing
from articles.models import SearchWord, Synonym
from articles.search import (
    finder,
    glance,
    lookup,
    query,
    ranking,
    synonyms,
    vocabulary,
)
from articles.search.shown import show
from portal.models import Role
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_staff,
    make_term,
    make_translation,
)

pytestmark = pytest.mark.django_db


def titles(typed: str, *, language: str = "en", topic: str = "") -> list[str]:
    process_cache.expire_all()
    with translation.override(language):
        found = finder.find(typed, topic=topic)
        return [each.name for each in show(found.results, found.query) if each.kind == "article"]


@pytest.fixture
def _library() -> None:
    make_article(title="Kidney tests", summary="Urine.", body="Protein in the urine.")
    make_article(title="Living with lupus", summary="Days.", body="Kidneys, José, and rest.")
    make_article(title="Donor cells", summary="Not proven.", body="One study of mesenchymal cells.")


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kidney", ["Kidney tests", "Living with lupus"]),
        ("KIDNEYS", ["Kidney tests", "Living with lupus"]),
        *(
            (f"kidney{sign}s", ["Kidney tests", "Living with lupus"])
            for sign in "'’`\u00b4\u02bc\u2018\u2032\uff07"
        ),
        ("\uff4b\uff49\uff44ney", ["Kidney tests", "Living with lupus"]),
        ("mesen", ["Donor cells"]),
        ("lupus rest", ["Living with lupus"]),
        ("cell studies", ["Donor cells"]),
        ("jose", ["Living with lupus"]),
        ("José", ["Living with lupus"]),
        ("pee", ["Kidney tests"]),
        ("renal", ["Kidney tests", "Living with lupus"]),
        ("riñón", ["Kidney tests", "Living with lupus"]),
        ("kidny", ["Kidney tests", "Living with lupus"]),
        ("kidneytests", ["Kidney tests"]),
        ("what are the kidneys", ["Kidney tests", "Living with lupus"]),
        ("gout", []),
        ("rest of the diabetes diet", []),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_found_in_any_form_best_first(typed: str, found: list[str]) -> None:
    assert titles(typed)[: len(found) or None] == found


@pytest.mark.usefixtures("_library")
def test_a_right_word_is_never_read_as_another_one() -> None:
    make_article(title="About rest", summary="Rest.", body="Rest and the rest.")
    process_cache.expire_all()
    for word in ("gout", "vest", "nest", "best", "donut"):
        assert finder.find(word).read_as == ""
    assert finder.find("kidny").read_as == "kidney"
    assert finder.find("kidny", exactly=True).read_as == ""
    assert finder.find("kidny", exactly=True).results == []


@pytest.mark.usefixtures("_library")
def test_a_word_published_a_moment_ago_is_not_corrected() -> None:
    finder.find("kidney")  # this process knows the words of the site now
    make_article(title="Kidnee braces", summary="Braces.", body="A made-up word.")
    assert finder.find("kidnee").read_as == ""


def test_drafts_and_retired_articles_are_not_found() -> None:
    make_draft(title="Kidney draft")
    gone = make_article(title="Kidney stones", summary="Stones.", body="Stones.")
    assert titles("stones") == ["Kidney stones"]
    publishing.retire(
        gone, because="It was out of date.", version=gone.version, by=make_staff(Role.REVIEWER)
    )
    assert titles("stones") == []
    assert not SearchWord.objects.filter(word="stones", articles__gt=0).exists()


def test_words_are_counted_as_articles_change() -> None:
    make_article(title="Swelling", summary="Swelling.", body="Swelling and rest.")
    make_article(title="Rest", summary="Rest.", body="Rest.")
    counts = dict(SearchWord.objects.filter(language="en").values_list("word", "articles"))
    assert (counts["swelling"], counts["rest"]) == (1, 2)


def test_an_article_is_shown_in_the_language_of_the_page_whatever_was_typed() -> None:
    original = make_article(title="Kidney tests", summary="Tests.", body="Urine.")
    make_translation(original, title="Análisis de los riñones", summary="Análisis.", body="Orina.")
    assert titles("urine", language="es") == ["Análisis de los riñones"]
    assert titles("orina", language="en") == ["Kidney tests"]


def test_a_topic_narrows_what_is_found() -> None:
    lupus, cells = make_category("Lupus"), make_category("Cells")
    make_article(title="Kidney one", summary="Kidney.", body="Kidney.", categories=[lupus])
    make_article(title="Kidney two", summary="Kidney.", body="Kidney.", categories=[cells])
    assert titles("kidney", topic=cells.slug) == ["Kidney two"]
    assert len(titles("kidney")) == 2


def test_a_glossary_term_and_a_page_of_the_site_are_found() -> None:
    make_term(name="proteinuria", definition="Protein in the urine.")
    process_cache.expire_all()
    found = finder.find("proteinuria")
    assert [each.name for each in show(found.results, found.query)] == ["proteinuria"]
    found = finder.find("coordinator")
    assert show(found.results, found.query)[0].url == "/care-coordinator/"


def test_what_editors_add_is_found() -> None:
    make_article(title="Proteinuria", summary="Protein.", body="Protein.")
    assert titles("bubbly water") == []
    Synonym.objects.create(phrase="bubbly water", meaning="proteinuria")
    assert titles("bubbly water") == ["Proteinuria"]


@pytest.mark.parametrize("rare", [500, 0])
def test_a_common_word_is_found_like_a_rare_one(monkeypatch: pytest.MonkeyPatch, rare: int) -> None:
    """On PostgreSQL, a common word is looked for among the newest, in titles and in whole texts."""
    for name in ("_FEW", "_COMMON", "_COMMON_TITLES"):
        monkeypatch.setattr(lookup, name, rare)
    lupus, cells = make_category("Lupus"), make_category("Cells")
    make_article(title="Kidney one", summary="Rest.", body="Rest.", categories=[lupus])
    original = make_article(title="Two", summary="Kidney.", body="Rest.", categories=[cells])
    make_translation(original, title="Dos riñones", summary="Riñón.", body="Descanso.")
    assert titles("kidney") == ["Kidney one", "Two"]
    assert {*titles("kidney rest")} == {"Kidney one", "Two"}
    assert titles("kidney", topic=cells.slug) == ["Two"]
    assert titles("kidney", language="es") == ["Kidney one", "Dos riñones"]


def test_at_most_five_lists_are_looked_up_whatever_the_query() -> None:
    make_article(title="Kidney tests and rest", summary="Urine and skin.", body="Blood and sleep.")
    process_cache.expire_all()
    words = "kidney tests rest urine skin blood sleep " * 20
    rated = ranking.rate(query.read(words, "en").concepts, vocabulary.vocabulary.get())
    assert len(rated) == query.MAX_WORDS
    assert len([*lookup._lists(rated)]) == 5


def test_what_has_not_changed_is_not_indexed_again() -> None:
    make_term(name="proteinuria", definition="Protein in the urine.")
    process_cache.expire_all()
    kept, pages = synonyms.synonyms.get(), glance.in_language("en")
    process_cache.expire_all()
    assert synonyms.synonyms.get() is kept
    assert glance.in_language("en") is pages
    Synonym.objects.create(phrase="bubbly water", meaning="proteinuria")
    make_term(name="hematuria", definition="Blood in the urine.")
    process_cache.expire_all()
    assert synonyms.synonyms.get() is not kept
    assert len(glance.in_language("en").pages) == len(pages.pages) + 1


def test_one_lookup_whatever_the_query(django_assert_num_queries: Any) -> None:
    make_article(title="Kidney tests", summary="Urine.", body="Protein in the urine.")
    finder.find("kidney")
    with django_assert_num_queries(1):
        finder.find("kidney urine protein tests and what else")


@pytest.mark.usefixtures("_library")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.text(max_size=80)
    | st.sampled_from(
        ['"', "'", "a'b", "* OR *", "NEAR(", "a:*", "\\", "-", "kidney'", "'; DROP TABLE x; --"]
    )
)
def test_any_typed_text_is_a_search_and_never_an_error(typed: str) -> None:
    for language in ("en", "es"):
        with translation.override(language):
            found = finder.find(typed)
            show(found.results, found.query)
