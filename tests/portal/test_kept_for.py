"""Retention and expiry times: pages state what the code does, in each language."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.reading import feedback
from inquiries import privacy
from inquiries.views import confirmation
from inquiries.views.private_page import quick_exit, visits
from tests.factories import make_article

pytestmark = pytest.mark.django_db

in_each_language = pytest.mark.parametrize(
    ("prefix", "days", "years"),
    [
        ("", "after {} days", "within {} years"),
        ("/es", "después de {} días", "a más tardar {} años"),
    ],
)


def words_of(client: Client, address: str) -> str:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return " ".join(page.get_text(" ").split())


@in_each_language
def test_pages_state_how_long_comments_are_actually_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, prefix: str, days: str, years: str
) -> None:
    thanks = f"{prefix}{make_article().get_absolute_url()}thanks/"
    privacy_page = f"{prefix}/privacy/"
    now = feedback.COMMENTS_KEPT_FOR.days
    for address in (privacy_page, thanks):
        assert days.format(now) in words_of(client, address), address
    monkeypatch.setattr(feedback, "COMMENTS_KEPT_FOR", timedelta(days=45))
    for address in (privacy_page, thanks):
        assert days.format(45) in words_of(client, address), address
        assert str(now) not in words_of(client, address), address


@in_each_language
def test_the_stated_retention_of_requests_is_the_operators(
    client: Client, settings: Any, prefix: str, days: str, years: str
) -> None:
    said = words_of(client, f"{prefix}/privacy/")
    assert years.format(privacy.kept_years()) in said
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"answered": 365 * 10}
    assert years.format(10) in words_of(client, f"{prefix}/privacy/")


@pytest.mark.parametrize(
    ("prefix", "idle", "longest", "one_hour"),
    [
        ("", "after {} minutes", "after {} hours", "for one hour"),
        ("/es", "{} minutos", "{} horas", "una hora"),
    ],
)
def test_the_privacy_page_states_how_long_cookies_actually_work(
    client: Client, prefix: str, idle: str, longest: str, one_hour: str
) -> None:
    said = words_of(client, f"{prefix}/privacy/")
    assert idle.format(visits.IDLE_SECONDS // 60) in said
    assert longest.format(visits.MAX_SECONDS // 3600) in said
    assert said.count(one_hour) == 2
    assert confirmation._SECONDS == quick_exit.EXIT_COOKIE_SECONDS == 60 * 60
