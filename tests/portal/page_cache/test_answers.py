"""What a reader gets from a cached page, and that no reader can change it for another."""

import pytest
from django.conf import settings
from django.test import Client

from articles.models import Article
from portal.http.limits import LIMITS
from portal.models import CachedPage
from portal.page_cache.keys import CACHED_ROUTES, find_key
from tests.factories import make_article, make_category
from tests.portal.page_cache.reader import Reader, forget_all

pytestmark = pytest.mark.django_db

#: One address of each kind; `{article}` and `{category}` stand for an existing one.
KINDS = (
    *("/", "/es/", "/privacy/", "/accessibility/", "/articles/", "/articles/?page=1"),
    *("{article}", "/es{article}", "/categories/", "{category}", "{category}feed/", "/feed/"),
    *("/glossary/", "/care-coordinator/", "/care-coordinator/paper/", "/es/care-coordinator/"),
    *("/sitemap.xml", "/sitemap-articles.xml", "/es/feed/"),
)


@pytest.fixture
def article() -> Article:
    return make_article(categories=[make_category()])


def address(kind: str, article: Article) -> str:
    category = article.categories.get().get_absolute_url()
    return kind.format(article=article.get_absolute_url(), category=category)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cached_page_matches_djangos_response(
    reader: Reader, article: Article, kind: str
) -> None:
    asked = address(kind, article)
    made = Client().get(asked)
    first, second = reader.get(asked), reader.get(asked)
    assert reader.asked == 1
    assert first.status == second.status == made.status_code == 200
    assert first.body == second.body == made.content
    own = {"X-Request-ID", "ETag", "Content-Length", "Vary", "Expires", "Content-Encoding"}
    for answer in (first, second):
        kept = {name: value for name, value in answer.headers.items() if name not in own}
        assert kept == {name: value for name, value in made.headers.items() if name not in own}
        assert answer.headers["Content-Length"] == str(len(answer.body))
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_cached_page_comes_in_an_encoding_the_browser_accepts(
    reader: Reader, article: Article, encoding: str
) -> None:
    asked = article.get_absolute_url()
    plain = reader.get(asked)
    packed = reader.get(asked, HTTP_ACCEPT_ENCODING=f"deflate, {encoding}")
    assert packed.headers["Content-Encoding"] == encoding
    assert packed.text == plain.text
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["ETag"] == plain.headers["ETag"]
    refused = reader.get(asked, HTTP_ACCEPT_ENCODING=f"{encoding};q=0")
    assert "Content-Encoding" not in refused.headers
    assert refused.body == plain.body


def test_a_browser_that_already_has_the_page_gets_no_body(reader: Reader, article: Article) -> None:
    asked = article.get_absolute_url()
    etag = reader.get(asked).headers["ETag"]
    for known in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = reader.get(asked, HTTP_IF_NONE_MATCH=known, HTTP_ACCEPT_ENCODING="br")
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == "public, max-age=60"
        assert "Content-Length" not in again.headers
    other = reader.get(asked, HTTP_IF_NONE_MATCH='"other"')
    assert other.status == 200


def test_head_returns_the_headers_and_no_body(reader: Reader, article: Article) -> None:
    asked = article.get_absolute_url()
    head = reader.get(asked, "HEAD")
    whole = reader.get(asked)
    again = reader.get(asked, "HEAD")
    assert reader.asked == 1
    assert head.body == again.body == b""
    assert head.headers["Content-Length"] == again.headers["Content-Length"]
    assert again.headers["Content-Length"] == str(len(whole.body))


@pytest.mark.parametrize("given", ["bytes=0-9", "bytes=-5", "bytes=9-1", "rubbish"])
def test_a_range_request_gets_the_whole_page(reader: Reader, article: Article, given: str) -> None:
    asked = article.get_absolute_url()
    whole = reader.get(asked)
    part = reader.get(asked, HTTP_RANGE=given, HTTP_IF_RANGE=whole.headers["ETag"])
    assert (part.status, part.body) == (200, whole.body)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PURGE", "get"])
def test_other_methods_still_go_to_django(reader: Reader, method: str) -> None:
    reader.get("/")
    answer = reader.get("/", method)
    assert reader.asked == 2
    assert answer.status in {403, 405}
    assert answer.headers["Cache-Control"] == "private, no-store"


# --- Poisoning ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        {"HTTP_COOKIE": "django_language=es; sessionid=x"},
        {"HTTP_ACCEPT_LANGUAGE": "es"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "javascript"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_ORIGINAL_URL": "/es/"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
        {"HTTP_REFERER": "https://evil.example/"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_ACCEPT_ENCODING": "br"},
        {"HTTP_USER_AGENT": "<script>"},
        {"REMOTE_ADDR": "203.0.113.9"},
    ],
    ids=lambda sent: next(iter(sent)),
)
def test_the_first_visitors_input_does_not_affect_the_next(
    reader: Reader, sent: dict[str, str]
) -> None:
    clean = Client().get("/").content
    reader.get("/", **sent)
    forget_all()
    assert reader.get("/").body == clean
    assert reader.asked == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:8080", "testserver.", "TESTSERVER", "", "a/b", "[::1]"]
)
def test_nothing_is_cached_for_another_host(reader: Reader, host: str) -> None:
    reader.get("/", HTTP_HOST=host)
    reader.get("/", HTTP_HOST=host)
    assert reader.asked == 2
    assert not CachedPage.objects.exists()


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/", ""),
        ("/?utm_source=mail", ""),
        ("/?page=2", ""),
        ("/articles/?page=1&utm=x", "page=1"),
        ("/articles/?a=1&page=1", "page=1"),
        ("/articles/?%00", ""),
        *((f"/articles/?{odd}", None) for odd in ("page=0", "page=01", "page=1&page=1", "page=")),
        *((f"/articles/?{odd}", None) for odd in ("p%61ge=1", "page=1%00", "page=99999", "page")),
        *((odd, None) for odd in ("/no-such/", "/articles", "/search/?q=x", "/admin/", "/%65s/")),
        # Another site used these for its posts, and one of them may lead to an article.
        *((odd, None) for odd in ("/?p=12", "/es/?page_id=3", "/?a=1&p=12")),
        *((odd, "") for odd in ("/?p=x", "/?p=", "/privacy/?p=12")),
        *((odd, None) for odd in ("//", "/./", "/es//", "/es", "/ES/", "/healthz/live")),
        *((odd, None) for odd in ("/care-coordinator/ask/", "/care-coordinator/request/")),
    ],
)
def test_only_known_query_parameters_make_another_copy(address: str, query: str | None) -> None:
    path, _, given = address.partition("?")
    key = find_key("http", "testserver", path, given)
    assert (key.query if key else None) == query


def test_odd_queries_for_one_page_share_one_copy(reader: Reader) -> None:
    for number in range(20):
        assert reader.get(f"/?utm={number}&x=<b>").body == reader.get("/").body
    assert reader.asked == 1
    assert CachedPage.objects.count() == 1


@pytest.mark.parametrize("address", ["/articles/no-such/", "/articles/?page=9", "/%00", "/es/x/"])
def test_missing_pages_are_not_cached(reader: Reader, address: str) -> None:
    for number in (1, 2):
        assert reader.get(address).status == 404
        assert reader.asked == number
    assert not CachedPage.objects.exists()


def test_oversized_urls_and_headers_are_still_refused(reader: Reader) -> None:
    reader.get("/")
    assert reader.get(f"/?{'x' * 9_000}").status == 414
    assert reader.get("/", HTTP_X_MUCH="x" * 40_000).status == 431
    assert reader.get("/", HTTP_COOKIE='a="\\000"').status == 400


def test_made_up_urls_use_no_memory(reader: Reader) -> None:
    reader.get("/")
    known = find_key.cache_info().currsize
    for number in range(5):
        reader.get("/", HTTP_HOST=f"{number}.example")
        reader.get(f"/?{number}={'x' * 1000}")
    assert find_key.cache_info().currsize == known


def test_no_cached_page_has_its_own_rate_limit() -> None:
    """Requests for cached pages would not be counted."""
    assert not set(CACHED_ROUTES) & set(LIMITS)
    assert settings.PAGE_CACHE_BYTES <= 32_000_000
