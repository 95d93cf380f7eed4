"""The form's topics, with the database and without it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from articles.process_cache import ProcessCache
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.forms import InquiryForm
from inquiries.intake import topics
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db

ASK = "/care-coordinator/ask/"
Queries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    topics.clear_cache()
    yield
    topics.clear_cache()


@pytest.fixture
def lupus() -> str:
    """The slug of a topic that is in use."""
    category = make_category("Lupus")
    make_article(categories=[category])
    return category.slug


@contextmanager
def database_down() -> Iterator[list[object]]:
    """Make every query fail, and yield the list of those that were tried."""
    asked: list[object] = []

    def refuse(execute: object, sql: object, *arguments: object) -> None:
        asked.append(sql)
        raise OperationalError("the server went away")

    with connection.execute_wrapper(refuse):
        yield asked


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "full_name": "Ana Example",
        "phone": "202-555-0100",
        "message": "May I talk to someone?",
        "consent": "on",
        **fields,
    }


def test_the_list_is_read_once_a_minute(
    lupus: str, django_assert_num_queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_assert_num_queries(2):
        assert topics.known_topics() == topics.known_topics() == [(lupus, "Lupus")]
    monkeypatch.setattr(topics._topics, "_seconds", -1)
    with django_assert_num_queries(2):
        topics.known_topics()


def test_new_sites_accept_topics_without_an_article(client: Client) -> None:
    empty = make_category("Empty").slug
    assert topics.known_topics() == [(empty, "Empty")]
    assert f'<option value="{empty}">Empty</option>' in client.get(ASK).text
    assert InquiryForm(filled(topic=empty)).is_valid()


def test_the_form_works_without_topics_on_a_new_site(client: Client) -> None:
    page = client.get(ASK).text
    assert "Not sure, or something else" not in page
    assert "So that the right coordinator answers" not in page
    assert client.post(ASK, filled(topic="")).status_code == 302
    assert client.post(ASK, filled(message="", topic="")).status_code == 422


def test_a_new_topic_can_be_chosen_at_once(client: Client) -> None:
    assert topics.known_topics() == []
    category = make_category("Lupus")
    make_article(categories=[category])
    form = InquiryForm(filled(topic=category.slug))
    assert form.is_valid()
    assert form.cleaned_data["topic"] == category.slug
    assert form.submission().topic == "Lupus"


@pytest.mark.parametrize("slug", ["no-such", "x" * 3000, "a b", "../admin", "\u0661"])
def test_a_nonexistent_topic_is_rejected(slug: str) -> None:
    assert "topic" in InquiryForm(filled(topic=slug)).errors


def test_a_known_topic_can_be_chosen(lupus: str, django_assert_num_queries: Queries) -> None:
    topics.known_topics()
    with django_assert_num_queries(0):
        assert topics.is_choosable(lupus)


def test_an_impossible_topic_slug_is_not_looked_up(django_assert_num_queries: Queries) -> None:
    topics.known_topics()
    with django_assert_num_queries(0):
        assert not topics.is_choosable("no topic")


def test_the_last_list_is_kept_while_the_database_is_down(
    lupus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics.known_topics()
    monkeypatch.setattr(topics._topics, "_seconds", -1)
    with database_down():
        assert topics.known_topics() == [(lupus, "Lupus")]
        assert topics.topic_name(lupus) == "Lupus"


def test_a_slow_older_read_does_not_overwrite_a_newer_one() -> None:
    def read_slowly() -> str:
        answers.append("asked")
        if len(answers) == 1:  # meanwhile another thread asks, and is answered first
            assert kept.refresh()
            return "old"
        return "new"

    answers: list[str] = []
    kept = ProcessCache(read_slowly, "")
    assert kept.get() == "new"
    assert kept.get() == "new"
    assert len(answers) == 2


def test_the_form_accepts_any_possible_topic_if_the_list_was_never_read() -> None:
    with database_down():
        assert topics.known_topics() == []
        form = InquiryForm(filled(topic="lupus"))
        assert form.is_valid()
        assert form.submission().topic == form.cleaned_data["topic"] == "lupus"
        for slug in ("no topic", "../admin", "x" * 3000):
            assert "topic" in InquiryForm(filled(topic=slug)).errors


def test_not_every_form_queries_a_database_that_is_down(
    lupus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_down() as asked:
        for _ in range(3):
            assert InquiryForm(filled(topic="kidneys")).is_valid()
        assert len(asked) == 1
    assert topics.known_topics() == []
    DATABASE_BREAKER.reset()
    assert topics.known_topics() == [(lupus, "Lupus")]


def test_the_form_is_built_validated_and_shown_without_the_database() -> None:
    with database_down():
        form = InquiryForm(filled(topic="lupus", article="kidney-tests", message=""))
        assert set(form.errors) == {"message"}
        request = RequestFactory().get(ASK)
        page = render_to_string("inquiries/inquiry_form/page.html", {"form": form}, request)
    assert '<option value="lupus" selected>lupus</option>' in page, "their choice comes back"
    assert "Tell us in a few words" in page


def test_the_page_opens_and_shows_errors_without_the_database(client: Client, lupus: str) -> None:
    assert "Lupus" in client.get(ASK).text
    with database_down():
        for response in (client.get(ASK, {"article": "kidney-tests"}), client.post(ASK, {})):
            assert response.status_code in {200, 422}
            assert "Lupus" in response.text


def test_validating_and_reading_a_form_makes_no_queries(
    lupus: str, django_assert_num_queries: Queries
) -> None:
    topics.known_topics()
    with django_assert_num_queries(0):
        form = InquiryForm(filled(topic=lupus, article="kidney-tests"))
        assert form.is_valid()
        assert form.submission().topic == "Lupus"
        assert form.cleaned_data["article"] == "kidney-tests"
