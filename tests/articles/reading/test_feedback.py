"""“Was this clear?” is counted by revision and day, and stores nothing else."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Feedback
from portal.http.limits import LIMITS, Limit
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db

ANSWERED = {"revision": "1", "answer": "too_long"}


@pytest.fixture
def article() -> Article:
    return make_article()


def send(article: Article, given: dict[str, str], **headers: str) -> Any:
    """Send as a browser without cookies does, with the CSRF check of production."""
    strict = Client(enforce_csrf_checks=True)
    return strict.post(f"{article.get_absolute_url()}clear/", given, headers=headers)


def counts() -> list[tuple[int, str, int]]:
    rows = Feedback.objects.filter(day=timezone.localdate()).order_by("answer")
    return list(rows.values_list("revision__number", "answer", "count"))


def test_an_answer_is_counted_for_the_revision_that_was_read(
    client: Client, article: Article
) -> None:
    page = client.get(article.get_absolute_url()).text
    offered = re.findall(r'name="answer" value="(\w+)"', page)
    assert offered == Feedback.Answer.values
    assert 'name="revision" value="1"' in page
    send(article, ANSWERED)
    response = send(article, ANSWERED)
    assert response["Location"] == f"{article.get_absolute_url()}thanks/"
    assert not response.cookies
    assert counts() == [(1, "too_long", 2)]
    thanks = client.get(response["Location"])
    assert "don’t keep anything about you" in thanks.text
    assert not thanks.cookies


def test_nothing_about_a_reader_can_be_stored() -> None:
    assert {field.name for field in Feedback._meta.get_fields()} == {
        *("id", "revision", "answer", "day", "count")
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"revision": "1"},
        {"revision": "1", "answer": "ana@example.org"},
        {"revision": "2", "answer": "yes"},
        {"revision": "٣", "answer": "yes"},
        {"revision": "9" * 40, "answer": "yes"},
        {"revision": "1\x00", "answer": "yes"},
    ],
)
def test_invalid_answers_are_not_counted(article: Article, given: dict[str, str]) -> None:
    assert send(article, given).status_code == 302
    assert counts() == []


def test_at_most_a_thousand_answers_of_one_kind_are_counted_a_day(article: Article) -> None:
    send(article, ANSWERED)
    Feedback.objects.update(count=999)
    for _ in range(2):
        assert send(article, ANSWERED).status_code == 302
    assert counts() == [(1, "too_long", 1000)]


def test_only_live_articles_accept_feedback() -> None:
    assert send(make_draft(), ANSWERED).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_feedback_from_another_site_is_refused(
    article: Article, headers: dict[str, str], status: int
) -> None:
    assert send(article, ANSWERED, **headers).status_code == status
    assert bool(counts()) is (status == 302)


def test_answers_from_one_address_are_limited(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "articles:clear", Limit(2, 600, "address"))
    answers = [send(article, ANSWERED).status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert counts() == [(1, "too_long", 2)]
