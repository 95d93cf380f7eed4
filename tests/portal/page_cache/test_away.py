"""While the database is down, readers get what was last known to be true, and are told so."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.db import OperationalError

from articles.editing import publishing
from inquiries.circuit_breaker import DATABASE_BREAKER
from inquiries.deadlines import service_levels
from portal.models import CachedPage, Role
from portal.page_cache.versions import CARE_ONLY_AFTER, TOLD_AFTER
from tests.factories import make_article, make_staff
from tests.portal.page_cache.reader import Reader, forget_all, pass_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a function that breaks the database and returns the list of queries since."""

    def break_it(seconds: float = TOLD_AFTER + 1) -> list[str]:
        asked: list[str] = []

        def down(compiler: Any, *args: Any, **kwargs: Any) -> None:
            asked.append(str(compiler.query.model))
            raise OperationalError("gone")

        monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", down)
        pass_by(seconds)
        return asked

    return break_it


@pytest.mark.parametrize(
    "address", ["/", "/es/", "/articles/", "/categories/", "/feed/", "/privacy/", "{article}"]
)
def test_a_page_that_was_read_before_is_still_served(
    reader: Reader, no_database: Any, address: str
) -> None:
    article = make_article()
    address = address.format(article=article.get_absolute_url())
    before = reader.get(address)
    assert "Cache-Status" not in before.headers
    no_database()
    after = reader.get(address)
    assert (after.status, after.body) == (200, before.body)
    assert after.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in after.headers
    assert after.headers["Cache-Status"].startswith("portal; hit; ttl=-")
    assert reader.get(address, "HEAD").status == 200
    etag = after.headers["ETag"]
    assert reader.get(address, HTTP_IF_NONE_MATCH=etag).status == 304
    assert reader.asked == 1


def test_an_outage_goes_unannounced_for_five_seconds(reader: Reader, no_database: Any) -> None:
    before = reader.get("/")
    no_database(TOLD_AFTER / 2)
    after = reader.get("/")
    assert after.body == before.body
    assert "Cache-Status" not in after.headers


def test_a_process_started_during_the_outage_has_the_page_too(
    reader: Reader, no_database: Any
) -> None:
    article = make_article()
    before = reader.get(article.get_absolute_url())
    no_database()
    forget_all()
    assert reader.get(article.get_absolute_url()).body == before.body


def test_a_page_nobody_has_read_yet_is_unavailable(reader: Reader, no_database: Any) -> None:
    article = make_article()
    reader.get("/")
    no_database()
    assert reader.get(article.get_absolute_url()).status == 503


def test_a_retired_article_does_not_come_back(reader: Reader, no_database: Any) -> None:
    article = make_article()
    assert reader.get(article.get_absolute_url()).status == 200
    by = make_staff(Role.REVIEWER)
    publishing.retire(article, because="Wrong.", version=article.version, by=by)
    pass_by(1)
    assert reader.get("/").status == 200  # any page: the process learns of the change
    no_database()
    assert reader.get(article.get_absolute_url()).status == 503
    forget_all()
    assert reader.get(article.get_absolute_url()).status == 503


def test_an_idle_process_learns_of_withdrawals_from_the_others(
    reader: Reader, no_database: Any
) -> None:
    article = make_article()
    assert reader.get(article.get_absolute_url()).status == 200
    no_database(3600)
    # Another process of this machine has read a number since then.
    caches["pages"].set("reader-version", (1, time.time()), None)
    assert reader.get(article.get_absolute_url()).status == 503


def test_a_promise_that_could_not_be_looked_up_is_not_cached(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(service_levels, "_load_levels", down)
        for asked in (1, 2):
            assert reader.get("/care-coordinator/").status == 200
            assert reader.asked == asked
    assert not CachedPage.objects.exists()
    reader.get("/care-coordinator/")
    reader.get("/care-coordinator/")
    assert reader.asked == 3


def test_hours_into_an_outage_only_pages_on_getting_help_are_shown(
    reader: Reader, no_database: Any
) -> None:
    article = make_article()
    for address in ("/", article.get_absolute_url()):
        assert reader.get(address).status == 200
    no_database(CARE_ONLY_AFTER + 1)
    assert reader.get("/").status == 200
    assert reader.get(article.get_absolute_url()).status == 503


def test_copies_are_not_used_without_a_known_version_number(
    reader: Reader, no_database: Any
) -> None:
    reader.get("/")
    caches["pages"].delete("reader-version")
    no_database()
    forget_all()
    assert reader.get("/").status == 503


def test_what_readers_search_for_is_stored_nowhere(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    kept: list[str] = []
    monkeypatch.setattr(caches["pages"], "set", lambda key, *args: kept.append(str(key)))
    addresses = ("/search/?q=dialysis", "/care-coordinator/ask/", "/care-coordinator/sent/")
    for address in (*addresses, "/articles/?page=0", "/articles/?page=%31"):
        reader.get(address)
    assert not [key for key in kept if key.startswith("page:")]
    reader.get("/articles/?page=1")
    assert [key for key in kept if key.startswith("page:")]


def test_pages_are_still_served_while_the_cache_is_down(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(FileBasedCache, "set", broken)
    monkeypatch.setattr(FileBasedCache, "get", broken)
    assert reader.get("/").status == 200
    assert reader.get("/").status == 200
    assert reader.asked == 1


def test_after_a_failure_nobody_waits_for_the_database(reader: Reader, no_database: Any) -> None:
    article = make_article()
    reader.get(article.get_absolute_url())
    asked = no_database()
    for _ in range(4):
        assert reader.get(article.get_absolute_url()).status == 200
        pass_by(1)
    assert len(asked) == 1


def test_the_outage_header_is_gone_after_recovery(reader: Reader, monkeypatch: Any) -> None:
    before = reader.get("/")
    with monkeypatch.context() as broken:
        broken.setattr(
            "django.db.models.sql.compiler.SQLCompiler.execute_sql",
            lambda *args, **kwargs: (_ for _ in ()).throw(OperationalError("gone")),
        )
        pass_by(TOLD_AFTER + 1)
        assert "Cache-Status" in reader.get("/").headers
    DATABASE_BREAKER.reset()
    pass_by(1)
    after = reader.get("/")
    assert after.body == before.body
    assert "Cache-Status" not in after.headers
