"""What people look for and don't find: counted without anybody's words or address."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from articles.models import MissedNetwork, MissedSearch
from articles.search import missed
from inquiries.worker import jobs
from portal.models import Role
from tests.factories import make_article, make_staff

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 4)  # a Wednesday


def look_for(typed: str, networks: int, *, on: date = DAY, first: int = 0) -> None:
    for number in range(first, first + networks):
        missed.note(typed, language="en", network=f"192.0.2.{number}", on=on)


def shown() -> list[tuple[str, int]]:
    rows = MissedSearch.objects.exclude(words="")
    return list(rows.values_list("words", "networks"))


def test_words_are_kept_only_when_more_than_five_networks_typed_them() -> None:
    look_for("Gout diet", 5)
    look_for("gout  diet!", 5)
    assert shown() == []
    assert "gout" not in str(list(MissedSearch.objects.values_list()))
    look_for("gout diet", 1, first=5)
    assert shown() == [("gout diet", 6)]
    look_for("gout diet", 7)
    assert shown() == [("gout diet", 7)]


def test_a_week_is_counted_by_itself() -> None:
    look_for("gout diet", 5)
    look_for("gout diet", 5, on=DAY + timedelta(days=7))
    assert shown() == []
    assert {row.week for row in MissedSearch.objects.all()} == {date(2026, 3, 2), date(2026, 3, 9)}


@pytest.mark.parametrize(
    "typed",
    [
        "John Smith",
        "john smith",
        "garcia",
        "Dr Okonkwo Adeyemi",
        "dra okonkwo",
        "lupus nurse maria",
        "555 010 1234",
        "mrn 12345",
        "born 1975",
        "pat@example.org",
        "www.example.org",
        "example.org",
        "maple street",
        "calle ocho",
        "Adaeze Okonkwo",
        "my parents have not left their bed since the summer",
        "x" * 60,
        "?",
        "",
    ],
)
def test_what_may_be_a_name_a_number_or_an_address_is_not_even_counted(typed: str) -> None:
    look_for(typed, 7)
    assert not MissedSearch.objects.exists()


@pytest.mark.parametrize("typed", ["gout diet", "Gout", "dolores de cabeza", "ana test", "vegan"])
def test_words_about_health_are(typed: str) -> None:
    look_for(typed, 6)
    assert len(shown()) == 1


def test_it_is_counted_in_one_round_trip(django_assert_num_queries: Any) -> None:
    """SQLite takes one statement at a time, here between those of a savepoint."""
    statements = 1 if connection.vendor == "postgresql" else 5
    for number in range(missed.FEWEST_NETWORKS + 1):
        with django_assert_num_queries(statements):
            look_for("gout diet", 1, first=number)
    assert shown() == [("gout diet", missed.FEWEST_NETWORKS + 1)]


def test_the_same_network_has_another_mark_for_each_search_and_week() -> None:
    look_for("gout diet", 1)
    look_for("vegan", 1)
    look_for("vegan", 1, on=DAY + timedelta(days=7))
    assert len({bytes(row.mark) for row in MissedNetwork.objects.all()}) == 3


def test_without_an_address_nothing_is_counted() -> None:
    missed.note("gout", language="en", network="", on=DAY)
    assert not MissedSearch.objects.exists()


def test_a_machine_does_not_fill_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "MOST_PER_WEEK", 2)
    for word in ("one", "two", "three"):
        look_for(word, 1)
    assert MissedSearch.objects.count() == 2


def test_networks_are_forgotten_with_their_week_and_words_after_a_season() -> None:
    look_for("gout diet", 6)
    look_for("vegan", 2)
    missed.forget_old(DAY)
    assert MissedNetwork.objects.count() == 8
    missed.forget_old(DAY + timedelta(days=7))
    assert MissedNetwork.objects.count() == 0
    assert MissedSearch.objects.count() == 1
    missed.forget_old(DAY + timedelta(days=100))
    assert not MissedSearch.objects.exists()


def test_the_worker_forgets() -> None:
    look_for("gout diet", 6)
    jobs.JOBS["tidy"].do()
    assert not MissedSearch.objects.exists()


# --- On the page ----------------------------------------------------------------------------------


def test_a_search_without_results_is_counted_once_for_each_network() -> None:
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        Client(REMOTE_ADDR=address).get("/search/?q=gout")
    assert MissedSearch.objects.get().networks == 2


def test_what_is_found_or_tells_of_danger_is_not_counted(client: Client) -> None:
    make_article(title="Kidney tests")
    for query in ("kidney", "kill myself", "", "gout&topic=lupus"):
        client.get(f"/search/?q={query}")
    assert [row.networks for row in MissedSearch.objects.all()] in ([], [1])


def test_a_reader_gets_the_page_even_if_nothing_can_be_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("out of order")

    monkeypatch.setattr(missed, "note", fail)
    page = client.get("/search/?q=gout")
    assert page.status_code == 200
    assert "No results" in page.text


# --- What editors see -----------------------------------------------------------------------------


def test_editors_see_what_is_missing_and_can_mend_it(client: Client) -> None:
    look_for("gout diet", 6)
    look_for("secret", 2)
    client.force_login(make_staff(Role.EDITOR))
    page = client.get(reverse("admin:articles_missedsearch_changelist")).text
    assert "gout diet" in page
    assert "secret" not in page
    assert "Searches without results" in client.get(reverse("admin:index")).text

    write = f"{reverse('admin:articles_article_add')}?title=Gout+diet"
    assert write in page
    assert 'value="Gout diet"' in client.get(write).text

    add = f"{reverse('admin:articles_synonym_add')}?phrase=gout+diet&amp;phrase_language=en"
    assert add in page
    assert 'value="gout diet"' in client.get(add.replace("&amp;", "&")).text


def test_only_editors_see_it(client: Client) -> None:
    client.force_login(make_staff(Role.COORDINATOR))
    assert client.get(reverse("admin:articles_missedsearch_changelist")).status_code == 403
