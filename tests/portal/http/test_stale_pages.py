"""While the database is down, what was read lately stays readable."""

from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import OperationalError
from django.test import Client

from articles.editing import publishing
from portal.models import Role
from tests.factories import make_article, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_copies() -> None:
    caches["pages"].clear()


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Any:
    def break_it() -> None:
        def down(*args: Any, **kwargs: Any) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", down)

    return break_it


@pytest.mark.parametrize("address", ["/", "/articles/", "/categories/", "{article}"])
def test_a_page_that_was_read_is_there(client: Client, no_database: Any, address: str) -> None:
    article = make_article()
    address = address.format(article=article.get_absolute_url())
    before = client.get(address)
    no_database()
    after = client.get(address)
    assert after.status_code == 200
    assert after.content == before.content
    assert after["Cache-Control"] == "public, max-age=60"
    assert not after.cookies
    assert client.head(address).status_code == 200
    etag = after["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_each_language_has_a_copy_of_its_own(client: Client, no_database: Any) -> None:
    before = {address: client.get(address).content for address in ("/", "/es/")}
    assert before["/"] != before["/es/"]
    no_database()
    assert {address: client.get(address).content for address in before} == before


def test_other_visitors_have_it_too(no_database: Any) -> None:
    article = make_article()
    Client().get(article.get_absolute_url())
    no_database()
    assert Client().get(article.get_absolute_url()).status_code == 200


def test_what_nobody_has_read_yet_is_not_there(no_database: Any) -> None:
    article = make_article()
    no_database()
    client = Client(raise_request_exception=False)
    assert client.get(article.get_absolute_url()).status_code == 503


def test_a_retired_article_does_not_come_back(no_database: Any) -> None:
    article = make_article()
    Client().get(article.get_absolute_url())
    publishing.retire(
        article, because="Wrong.", version=article.version, by=make_staff(Role.REVIEWER)
    )
    no_database()
    client = Client(raise_request_exception=False)
    assert client.get(article.get_absolute_url()).status_code == 503


def test_without_a_mark_of_the_last_change_no_copy_counts(no_database: Any) -> None:
    article = make_article()
    Client().get(article.get_absolute_url())
    caches["pages"].delete("lately:changed_at")
    no_database()
    client = Client(raise_request_exception=False)
    assert client.get(article.get_absolute_url()).status_code == 503


def test_what_readers_look_for_is_kept_nowhere(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    kept: list[object] = []
    monkeypatch.setattr(caches["pages"], "set", lambda key, *args: kept.append(key))
    client.get("/search/?q=dialysis")
    for query in ("?page=1&who=ana", "?page=0", "?page=1000"):
        client.get(f"/articles/{query}")
    client.get("/privacy/?page=7")
    client.get("/care-coordinator/")
    client.get("/care-coordinator/ask/")
    client.get("/care-coordinator/sent/")
    assert not [key for key in kept if str(key).startswith("lately:")]
    client.get("/articles/?page=1")
    assert [key for key in kept if str(key).startswith("lately:")]


def test_a_cache_that_is_down_takes_no_page_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(FileBasedCache, "set", broken)
    monkeypatch.setattr(FileBasedCache, "get", broken)
    assert client.get("/").status_code == 200


def test_after_a_failure_nobody_waits_for_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    client.get(article.get_absolute_url())
    asked = []

    def down(*args: Any, **kwargs: Any) -> None:
        asked.append(1)
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", down)
    for _ in range(4):
        assert client.get(article.get_absolute_url()).status_code == 200
    assert len(asked) == 1
