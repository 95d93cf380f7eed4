"""The search page: for any query, without script, and help first if words tell of danger."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles import process_cache
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def _library() -> None:
    topic = make_category("Lupus")
    make_article(title="Kidney tests", summary="Urine.", body="Urine.", categories=[topic])
    for number in range(12):
        make_article(title=f"Rest {number}", summary="Rest.", body="Rest.", categories=[topic])
    process_cache.expire_all()


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Type"),
        ("kidney", "<mark>Kidney</mark> tests"),
        ("gout", "No results for “gout”"),
        ("\0", ""),
        ("x" * 5000, "x" * 200),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("kidny", "Showing results for <strong>kidney</strong>"),
    ],
)
def test_any_query_is_answered_in_a_page(client: Client, query: str, words: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert words in response.text
    assert "<script>" not in response.text
    assert not response.cookies


@pytest.mark.usefixtures("_library")
def test_a_correction_can_be_taken_back(client: Client) -> None:
    page = client.get("/search/?q=kidny").text
    assert '<a href="?q=kidny&amp;exactly=1">' in page
    page = client.get("/search/?q=kidny&exactly=1").text
    assert "No results for “kidny”" in page


@pytest.mark.usefixtures("_library")
def test_results_go_on_on_the_next_page(client: Client) -> None:
    first = client.get("/search/?q=rest").text
    assert first.count("<h3>") == 10
    assert 'href="?q=rest&amp;page=2" rel="next"' in first
    second = client.get("/search/?q=rest&page=2").text
    assert second.count("<h3>") == 2
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    for odd in ("0", "-1", "x", "99999999999", "²"):
        assert client.get("/search/", {"q": "rest", "page": odd}).status_code == 200


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize("topic", ["lupus", "none-such", "\0", "'"])
def test_a_topic_that_there_is_narrows_the_results(client: Client, topic: str) -> None:
    page = client.get("/search/", {"q": "kidney", "topic": topic})
    assert page.status_code == 200
    assert "<mark>Kidney</mark> tests" in page.text
    assert ('aria-current="true"' in page.text and "q=kidney" in page.text) or topic != "lupus"


@pytest.mark.parametrize("language", ["", "/es"])
def test_words_of_danger_put_the_emergency_card_first(client: Client, language: str) -> None:
    page = client.get(f"{language}/search/", {"q": "I want to kill myself"}).text
    assert page.index('class="emergency') < page.index("<h2>")
    assert 'href="tel:911"' in page
    assert 'href="tel:988"' in page
    assert 'href="tel:"' not in page
    assert 'class="emergency' not in client.get(f"{language}/search/?q=kidney").text


def test_what_others_typed_is_on_nobodys_page(client: Client) -> None:
    client.get("/search/?q=my+secret+illness")
    page = client.get("/search/?q=kidney").text
    assert "secret" not in page
    assert "kidney" in page


def test_the_other_language_is_asked_the_same(client: Client) -> None:
    typed = "riñón & más"
    page = client.get("/search/", {"q": typed}).text
    assert f'href="/es/search/?q={quote(typed, safe="")}"' in page


@pytest.mark.usefixtures("_library")
def test_a_search_takes_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/search/?q=kidney")
    with django_assert_num_queries(2):
        client.get("/search/?q=rest")
    with django_assert_num_queries(2):
        client.get("/search/", {"q": "kidney rest urine tests " * 50})


@pytest.mark.usefixtures("_library")
def test_a_search_without_results_takes_one_round_trip_to_be_counted(
    client: Client, django_assert_num_queries: Any
) -> None:
    client.get("/search/?q=kidney")
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 5):
        client.get("/search/?q=gout")


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize("typed", ["kid\u00adney", "ki\u0301dney", "kidney\u200b", "kidney`s"])
def test_a_query_of_the_command_is_read_as_on_the_page(
    client: Client, capsys: pytest.CaptureFixture[str], tmp_path: Path, typed: str
) -> None:
    (tmp_path / "queries.txt").write_text(f"{typed}\n", "utf-8")
    call_command("try_search", str(tmp_path / "queries.txt"))
    told = json.loads(capsys.readouterr().out)
    assert (told["query"], [each["title"] for each in told["results"]]) == (typed, ["Kidney tests"])
    assert "<mark>Kidney</mark> tests" in client.get("/search/", {"q": typed}).text
