"""The request form from cached bytes is what Django renders, with its own values filled in."""

import gzip
import importlib
import re
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.editing import publishing
from articles.models import Article
from inquiries.intake import topics
from portal.models import CachedPage, Role
from portal.page_cache import form_page
from portal.page_cache.cutting import cut
from portal.page_cache.versions import TOLD_AFTER, versions
from tests.factories import make_article, make_category, make_staff
from tests.inquiries.intake.form_pages import ASK
from tests.portal.page_cache.openings import blank, cookie_of, of, own, value_of
from tests.portal.page_cache.reader import Reader, django, pass_by
from tests.portal.page_cache.test_gone import _FIXED, a_second_later

pytestmark = pytest.mark.django_db

SHOWN = importlib.import_module("portal.migrations.0004_page_cache").SHOWN
_COLUMN = re.compile(r'"(\w+)"\."(\w+)"')
CSRF_COOKIE = "csrftoken"
LEFT: dict[str, Any] = {"HTTP_COOKIE": "left=1"}
#: Headers that Django sets again for each response.
_OWN_HEADERS = {"X-Request-ID", "Set-Cookie", "Content-Length"}


@pytest.fixture
def article() -> Article:
    return make_article(title="Kidneys & <b>you</b>", categories=[make_category()])


# --- As Django makes it ---------------------------------------------------------------------------


@pytest.mark.parametrize("left", [{}, LEFT], ids=["", "left"])
@pytest.mark.parametrize("address", [ASK, f"/es{ASK}", "{article}", "/es{article}"])
@pytest.mark.parametrize("encoding", ["", "br, gzip"])
def test_the_form_page_matches_djangos_response(
    reader: Reader, article: Article, address: str, left: dict[str, Any], encoding: str
) -> None:
    address = address.format(article=of(article))
    made = Client().get(address, headers={"accept-encoding": encoding}, **left)
    answers = [reader.get(address, HTTP_ACCEPT_ENCODING=encoding, **left) for _ in range(3)]
    assert reader.asked == 1
    plain = Client().get(address, **left).text
    for answer in answers:
        assert answer.status == made.status_code == 200
        assert blank(answer.text) == blank(plain)
        kept = {name: value for name, value in answer.headers.items() if name not in _OWN_HEADERS}
        asked = {name: value for name, value in made.headers.items() if name not in _OWN_HEADERS}
        assert kept == asked
        assert kept.get("Content-Encoding", "") == ("gzip" if encoding else "")
        assert answer.headers["Content-Length"] == str(len(answer.body))
        given = made.cookies[CSRF_COOKIE].OutputString()
        assert answer.headers["Set-Cookie"].split(";")[1:] == given.split(";")[1:]
    assert len({answer.headers["X-Request-ID"] for answer in answers}) == 3
    assert "no-store" in answers[0].headers["Cache-Control"] or not left
    assert ('autocomplete="off" novalidate' in answers[0].text) == bool(left)


@pytest.mark.parametrize("encoding", ["gzip;q=0", "br", "deflate"])
def test_browsers_that_do_not_accept_gzip_get_none(reader: Reader, encoding: str) -> None:
    for _ in range(2):
        answer = reader.get(ASK, HTTP_ACCEPT_ENCODING=encoding)
        assert "Content-Encoding" not in answer.headers
        assert own(answer)


def test_the_page_length_reveals_nothing_about_a_secret(reader: Reader, article: Article) -> None:
    """This holds whatever is typed into the address next to it (BREACH)."""
    address = of(article)
    reader.get(address)
    packed = [reader.get(address, HTTP_ACCEPT_ENCODING="gzip") for _ in range(20)]
    assert len({own(answer) for answer in packed}) == 20
    assert len({len(answer.body) for answer in packed}) == 1
    for answer in packed:
        for secret in own(answer):
            assert secret.encode() in answer.body
    assert len(packed[0].body) < len(packed[0].text) / 3


def test_head_returns_the_headers_and_no_body(reader: Reader) -> None:
    whole = reader.get(ASK)
    for _ in range(2):
        head = reader.get(ASK, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == whole.headers["Content-Length"]
        assert cookie_of(head) != cookie_of(whole)
    assert reader.asked == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_other_methods_still_go_to_django(reader: Reader, method: str) -> None:
    reader.get(ASK)
    answer = reader.get(ASK, method)
    assert reader.asked == 2
    assert answer.status == (422 if method == "POST" else 405)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_each_view_of_the_page_has_its_own_log_line(reader: Reader, caplog: Any) -> None:
    caplog.set_level("INFO", "portal.access")
    numbers = [reader.get(of(make_article())).headers["X-Request-ID"] for _ in range(2)]
    numbers += [reader.get(ASK, way).headers["X-Request-ID"] for way in ("GET", "GET", "HEAD")]
    said = [(vars(each)["request_id"], vars(each)["route"]) for each in caplog.records]
    assert said == [(number, "care-coordinator/ask/") for number in numbers]


# --- The article ----------------------------------------------------------------------------------


def test_the_article_they_came_from_is_named_and_escaped(reader: Reader, article: Article) -> None:
    for revision in (3, 41, "000000007"):
        answer = reader.get(of(article, revision))
        assert "Kidneys &amp; &lt;b&gt;you&lt;/b&gt;" in answer.text
        assert value_of(answer, "article") == article.slug
        assert value_of(answer, "revision") == str(revision)
        assert f"?article={article.slug}&amp;revision={revision}" in answer.text
    assert reader.asked == 1
    assert value_of(reader.get(f"{ASK}?article={article.slug}"), "revision") == ""


def test_other_parameters_change_nothing(reader: Reader, article: Article) -> None:
    for query in ("", "?send", "?utm_source=<b>", "?x&y"):
        assert blank(reader.get(f"{ASK}{query}").text) == blank(reader.get(ASK).text)
    mixed = reader.get(f"{ASK}?a=1&article={article.slug}&utm=2&revision=3&b")
    assert blank(mixed.text) == blank(reader.get(of(article)).text)
    assert reader.asked == 2


@pytest.mark.parametrize(
    "query",
    [
        *("article={0}&article={0}", "revision=3", "revision=3&article={0}", "%61rticle={0}"),
        *("article=", "article=%00", "article={0}&revision=x", "article={0}&revision=1234567890"),
        *("article={0}%00", "article=<b>", "article={0}&revision=%D9%A3", "article=" + "x" * 400),
    ],
)
def test_an_odd_query_still_goes_to_django(reader: Reader, article: Article, query: str) -> None:
    address = f"{ASK}?{query.format(article.slug)}"
    for number in (1, 2):
        answer = reader.get(address)
        assert reader.asked == number
        assert blank(answer.text) == blank(Client().get(address).text)


def test_made_up_urls_are_not_cached(reader: Reader) -> None:
    for number in (1, 2):
        answer = reader.get(f"{ASK}?article=no-such&revision=3")
        assert reader.asked == number
        assert value_of(answer, "article") == value_of(answer, "revision") == ""
        assert own(answer)
    assert form_page.memory._size == 0
    assert not CachedPage.objects.exists()


def test_a_retired_article_is_no_longer_named(reader: Reader, article: Article) -> None:
    a_second_later()
    assert value_of(reader.get(of(article)), "article") == article.slug
    by = make_staff(Role.REVIEWER)
    publishing.retire(article, because="Wrong.", version=article.version, by=by)
    a_second_later()
    gone = reader.get(of(article))
    assert value_of(gone, "article") == ""
    assert "Kidneys &amp;" not in gone.text


def test_a_new_topic_appears_even_if_the_list_was_just_read(reader: Reader) -> None:
    a_second_later()
    assert "Transplants" not in reader.get(ASK).text
    assert topics.known_topics() == []
    make_category("Transplants")
    a_second_later()
    assert "Transplants" in reader.get(ASK).text


def test_everything_the_page_reads_changes_the_version_number(article: Article) -> None:
    topics.clear_cache()
    with CaptureQueriesContext(connection) as read:
        Client().get(of(article))
    columns = {found for query in read.captured_queries for found in _COLUMN.findall(query["sql"])}
    assert columns
    unseen = {
        f"{table}.{column}"
        for table, column in columns
        if column not in _FIXED and not (table in SHOWN and column in (SHOWN[table] or {column}))
    }
    assert not unseen


def test_visitors_without_https_are_redirected_to_the_same_url(
    reader: Reader, article: Article, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    django.cache_clear()  # the handler has read its settings
    try:
        for number in (1, 2):
            answer = reader.get(of(article))
            assert answer.status == 301
            assert answer.headers["Location"] == f"https://testserver{of(article)}"
            assert reader.asked == number
    finally:
        django.cache_clear()


# --- Where something fails ------------------------------------------------------------------------


def test_django_makes_each_page_while_the_database_is_down(
    reader: Reader, monkeypatch: Any
) -> None:
    before = reader.get(ASK)
    reader.get(ASK)
    assert reader.asked == 1

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", down)
    pass_by(TOLD_AFTER + 1)
    away = reader.get(ASK)
    assert reader.asked == 2
    assert away.status == 200
    assert blank(away.text) == blank(before.text)
    versions.forget()
    form_page.memory.clear()
    assert own(reader.get(ASK))


def test_django_makes_each_page_that_cannot_be_cut(reader: Reader, monkeypatch: Any) -> None:
    """A slow page is better than two with the same key."""
    monkeypatch.setattr(form_page, "_KEY", "no_such_field")
    keys = {own(reader.get(ASK))[1] for _ in range(3)}
    assert len(keys) == 3
    assert form_page.memory._size == 0


def test_a_page_with_two_forms_is_not_cut() -> None:
    """One of the tokens would remain, and be shared by everyone."""
    form = b'<form><input name="token" value="%s"></form>'
    known = {"revision": "", "slug": "kidneys"}
    assert cut(form % b"first", own=("token",), known=known)
    assert cut(form % b"first" + form % b"second", own=("token",), known=known) is None
    assert cut(b"<form></form>", own=("token",), known=known) is None
    twice = cut(form % b"first" + b"first, kidneys", own=("token",), known=known)
    assert twice
    joined = twice.join({"token": "other", "slug": "heart"})
    assert joined == form % b"other" + b"other, heart"
    assert gzip.decompress(twice.pack({"token": "other", "slug": "heart"}, joined)) == joined
