"""After a change, the worker renders the most read pages again before readers ask for them."""

from typing import Any

import pytest

from articles.models import Article
from inquiries.worker.jobs import JOBS
from portal.models import CachedPage
from portal.page_cache import database, layer, making, remaking
from portal.page_cache.build import build
from portal.page_cache.keys import Key, find_key
from portal.page_cache.versions import versions
from tests.factories import make_article
from tests.portal.page_cache.reader import HOST, Reader, forget_all, staying_connected
from tests.portal.page_cache.test_gone import a_second_later

pytestmark = pytest.mark.django_db


def remake() -> bool:
    with staying_connected():
        return JOBS["pages"].do()


def test_readers_do_not_wait_for_pages_after_a_change(reader: Reader) -> None:
    article = make_article()
    asked = [article.get_absolute_url(), "/", "/es/", "/articles/?page=1", "/feed/"]
    for address in asked:
        assert reader.get(address).status == 200
    Article.objects.filter(pk=article.pk).update(title="Other words")
    a_second_later()
    assert remake()
    forget_all()
    made = reader.asked
    for address in asked:
        answer = reader.get(address, HTTP_ACCEPT_ENCODING="br")
        assert answer.status == 200
        if address != article.get_absolute_url():
            assert "Other words" in answer.text
    assert reader.asked == made
    assert remake(), "again, with nothing to do"


def test_deleted_pages_are_not_regenerated(reader: Reader) -> None:
    article = make_article()
    a_second_later()
    reader.get(article.get_absolute_url())
    reader.get("/")
    Article.objects.filter(pk=article.pk).update(slug="elsewhere")
    a_second_later()
    assert remake()
    assert [row.address["path"] for row in CachedPage.objects.all()] == ["/"]


def test_the_most_read_pages_are_regenerated_first(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaking, "_MOST", 1)
    for address, times in {"/privacy/": 1, "/accessibility/": 4, "/": 2}.items():
        for _ in range(times):
            reader.get(address)
    layer.memory._counted_since -= 61
    reader.get("/glossary/")  # somebody else's request reports the count
    make_article()
    a_second_later()
    number = versions.read().number or 0
    assert remake()
    made = CachedPage.objects.filter(version=number)
    assert [row.address["path"] for row in made] == ["/accessibility/"]


def test_counts_are_reported_once_a_minute(reader: Reader, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        reader.get("/")
    layer.memory._counted_since -= 61
    versions.forget()
    reader.get("/")
    assert CachedPage.objects.get().readers == 2
    versions.forget()
    with django_assert_num_queries(1):  # the version number
        reader.get("/")
    database.count_readers({})


def test_a_page_from_another_of_our_sites_is_forgotten(reader: Reader, settings: Any) -> None:
    reader.get("/")
    settings.CACHED_HOSTS = {"other.example"}
    find_key.cache_clear()
    make_article()
    a_second_later()
    assert remake()
    assert not CachedPage.objects.exists()


def test_a_page_that_a_reader_made_after_a_later_change_is_kept(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/privacy/")
    reader.get("/")  # so that it comes first
    make_article()
    a_second_later()
    other = find_key("http", HOST, "/privacy/", "")
    assert other
    whole = making.make
    again: list[Article] = []

    def make(django: Any, key: Key, environ: Any, **more: Any) -> Any:
        if not again:
            again.append(make_article())
            a_second_later()
            page, _ = whole(django, other, remaking._environ(other))
            assert page
            making.share(other, page)
        return whole(django, key, environ, **more)

    monkeypatch.setattr(remaking, "make", make)
    monkeypatch.setattr(remaking, "_MOST", 1)
    assert remake()
    number = versions.read().number or 0
    kept = CachedPage.objects.filter(version=number)
    assert {row.address["path"] for row in kept} == {"/", "/privacy/"}


@pytest.mark.parametrize(
    ("name", "value"), [("RETENTION_DAYS", {"answered": 1}), ("HTTPS", "off"), ("PORTAL_URL", "x")]
)
def test_different_settings_make_different_pages(settings: Any, name: str, value: object) -> None:
    build.cache_clear()
    before = build()
    setattr(settings, name, value)
    build.cache_clear()
    after = build()
    build.cache_clear()
    assert after != before


def test_pages_behind_a_proxy_are_remade_for_https(reader: Reader, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for scheme in ("https", "http"):
        reader.get("/", HTTP_X_FORWARDED_PROTO=scheme)
    make_article(title="Other words")
    a_second_later()
    assert remake()
    forget_all()
    made = reader.asked
    for scheme in ("https", "http"):
        page = reader.get("/", HTTP_X_FORWARDED_PROTO=scheme)
        assert "Other words" in page.text
    assert reader.asked == made
