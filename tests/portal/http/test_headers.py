"""The headers that browsers and caches get."""

import gzip

import brotli
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client, RequestFactory, override_settings

from portal.http import headers
from portal.models import User
from tests.factories import (
    make_article,
    make_draft,
    make_inquiry,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def reading_pages() -> list[str]:
    article = make_article()
    category = article.categories.get().get_absolute_url()
    return [
        *("/", "/articles/", article.get_absolute_url(), "/categories/", category),
        *("/search/?q=kidney", "/care-coordinator/", "/privacy/", "/accessibility/"),
        *("/feed/", f"{category}feed/", "/sitemap.xml", "/sitemap-articles.xml", "/robots.txt"),
    ]


def test_reading_pages_set_no_cookie_and_start_no_session(
    client: Client, reading_pages: list[str], coordinator: User
) -> None:
    for signed_in in (False, True):
        if signed_in:
            client.force_login(coordinator)
        for address in reading_pages:
            response = client.get(address)
            assert response.status_code == 200, address
            assert not response.cookies, address
            assert "Cookie" not in response.get("Vary", ""), address


def test_pages_are_compressed_if_the_browser_supports_it(client: Client) -> None:
    plain = client.get("/privacy/")
    small = client.get("/privacy/", headers={"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    smaller = client.get("/privacy/", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert smaller["Content-Encoding"] == "br"
    assert brotli.decompress(smaller.content) == plain.content
    assert len(smaller.content) < len(small.content)
    assert "Accept-Encoding" in smaller["Vary"]
    # Next to a visitor's secret, the length must not reveal what somebody else typed (BREACH).
    for encodings in ("gzip, br", "br"):
        own = client.get("/care-coordinator/ask/", headers={"Accept-Encoding": encodings})
        assert own.get("Content-Encoding", "") == ("gzip" if "gzip" in encodings else "")


def test_public_pages_run_no_scripts_and_load_nothing_external(
    client: Client, reading_pages: list[str]
) -> None:
    for address in [*reading_pages, "/care-coordinator/ask/", "/no-such", "/accounts/login/"]:
        policy = client.get(address)["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "script-src" not in policy
        assert "unsafe" not in policy


def test_staff_pages_run_only_our_own_code_and_are_never_stored(
    client: Client, coordinator: User
) -> None:
    client.force_login(coordinator)
    inquiry = make_inquiry()
    for address in (
        *("/admin/", "/admin/inquiries/inquiry/", "/admin/no-such/"),
        f"/admin/inquiries/inquiry/{inquiry.pk}/change/",
    ):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'; ")
        assert "unsafe" not in policy
        assert response["Cache-Control"] == "private, no-store"


def test_every_response_is_protected_from_framing_and_other_sites(client: Client) -> None:
    for address in ("/", "/no-such", "/accounts/login/", "/healthz/live"):
        response = client.get(address)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
        for name in ("camera", "geolocation", "microphone", "payment", "usb"):
            assert f"{name}=()" in response["Permissions-Policy"].split(", ")


def test_static_files_are_for_our_own_pages_only(client: Client) -> None:
    page = BeautifulSoup(client.get("/").text, "html.parser")
    for link in page.select("link[href^='/static/']"):
        response = client.get(str(link["href"]))
        response.close()
        assert response.status_code == 200
        assert "Access-Control-Allow-Origin" not in response
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in response["Cache-Control"]
        assert not response.cookies


def test_passkeys_work_only_where_staff_sign_in(client: Client) -> None:
    for address, allowed in {"/accounts/login/": "(self)", "/admin/": "(self)", "/": "()"}.items():
        named = client.get(address)["Permissions-Policy"].split(", ")
        assert f"publickey-credentials-get={allowed}" in named, address


def test_only_the_preview_may_be_framed_and_only_by_us(client: Client, editor: User) -> None:
    client.force_login(editor)
    draft = make_draft()
    article = f"/admin/articles/article/{draft.pk}/"
    preview = client.get(f"{article}preview/")
    assert preview.status_code == 200
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in preview["Content-Security-Policy"]
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    for address in (f"{article}change/", "/admin/", "/accounts/logout/"):
        response = client.get(address)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], address
        assert response["X-Frame-Options"] == "DENY", address
    assert {"admin:articles_article_preview"} == headers.FRAMED_VIEWS


def test_insecure_urls_are_upgraded_only_with_https(client: Client) -> None:
    assert "upgrade-insecure-requests" not in client.get("/")["Content-Security-Policy"]
    with override_settings(HTTPS=True):
        assert "; upgrade-insecure-requests" in client.get("/")["Content-Security-Policy"]


def test_a_page_with_its_own_policy_keeps_it() -> None:
    from django.http import HttpResponse

    own = HttpResponse(headers={"Content-Security-Policy": "form-action https://id.example"})
    request = RequestFactory().get("/accounts/login/")
    response = headers.SecurityHeadersMiddleware(lambda request: own)(request)
    assert response["Content-Security-Policy"] == "form-action https://id.example"


@pytest.mark.parametrize(
    ("address", "policy"),
    [
        ("/", "max-age=60, public"),
        ("/care-coordinator/ask/", "private, no-cache"),
        ("/care-coordinator/sent/", "no-store, private"),
    ],
)
def test_shared_caches_may_store_only_public_pages(
    client: Client, address: str, policy: str
) -> None:
    told = client.get(address)["Cache-Control"]
    assert sorted(told.split(", ")) == sorted(policy.split(", "))


def test_personal_pages_errors_and_form_posts_are_never_stored(
    client: Client, coordinator: User
) -> None:
    gone = (404, 405)
    answers = [
        client.get("/accounts/login/"),
        client.post("/accounts/login/", {"login": "a", "password": "b"}),
        client.get("/accounts/no-such/"),
        client.get("/care-coordinator/request/no-such/"),
        client.get("/admin/"),
        client.get("/no-such"),
        client.get("/articles/no-such/"),
        client.post("/articles/"),
        client.post("/care-coordinator/ask/", {}),
    ]
    client.force_login(coordinator)
    answers += [client.get("/admin/"), client.post("/accounts/logout/")]
    assert any(answer.status_code in gone for answer in answers)
    for answer in answers:
        assert answer["Cache-Control"] == "private, no-store", answer.request["PATH_INFO"]


def test_responses_that_vary_by_or_set_a_cookie_are_never_stored() -> None:
    from django.http import HttpResponse

    def answer(**parts: str) -> str:
        response = HttpResponse(headers={"Cache-Control": "public, max-age=60", **parts})
        if not parts:
            response.set_cookie("a", "b")
        request = RequestFactory().get("/")
        return headers.SecurityHeadersMiddleware(lambda request: response)(request)["Cache-Control"]

    assert answer() == "private, no-store"
    assert answer(Vary="Accept-Encoding, Cookie") == "private, no-store"
    assert answer(Vary="Accept-Encoding") == "public, max-age=60"


def test_a_page_with_user_input_is_never_stored(client: Client) -> None:
    response = client.post("/care-coordinator/ask/", {"message": "Private."})
    assert response["Cache-Control"] == "private, no-store"


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31536000)
def test_everything_but_health_redirects_to_https(client: Client) -> None:
    response = client.get("/articles/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/articles/"
    assert client.get("/healthz/live").status_code == 200
    secure = client.get("/", secure=True)
    assert "max-age=31536000" in secure["Strict-Transport-Security"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "parameter",
    [
        *("charset=unicode_escape", "charset=zlib", "charset=idna", "charset=utf-7"),
        *("charset=no-such", "charset =zlib", "CHARSET=zlib", 'x=";charset=zlib"'),
        *("charset*=nope''x", "charset*=utf-8''%00", "name*=nope''x", "boundary*=nope''x"),
        *('boundary="', "boundary=; charset=zlib"),
    ],
)
@pytest.mark.parametrize(
    ("method", "address", "kind", "status"),
    [
        ("GET", "/search/?q=%5Cud800", "text/html", "200"),
        ("POST", "/care-coordinator/ask/", "application/x-www-form-urlencoded", "422"),
    ],
)
def test_input_is_read_as_utf_8_whatever_its_content_type_claims(
    method: str, address: str, kind: str, status: str, parameter: str
) -> None:
    from portal.wsgi import application

    request = RequestFactory().generic(method, address, b"message=%5Cud800")
    request.META["CONTENT_TYPE"] = f"{kind}; {parameter}"
    answered: list[str] = []
    page = b"".join(application(request.META, lambda *said: answered.append(said[0])))  # type: ignore[arg-type]
    assert [each.split()[0] for each in answered] == [status]
    assert b"\\ud800" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("boundary", ["--x", '"a b; charset=zlib"'])
def test_a_form_in_parts_is_read_by_its_boundary(boundary: str) -> None:
    from portal.wsgi import application

    mark = boundary.strip('"')
    part = f'--{mark}\r\nContent-Disposition: form-data; name="message"\r\n\r\nA sore knee.\r\n'
    body = f"{part}--{mark}--\r\n".encode()
    request = RequestFactory().generic("POST", "/care-coordinator/ask/", body)
    request.META["CONTENT_TYPE"] = f"multipart/form-data; charset=zlib; boundary={boundary}"
    page = b"".join(application(request.META, lambda *said: None))  # type: ignore[arg-type]
    assert b"A sore knee." in page


def test_a_nul_in_a_cookie_or_a_staff_query_is_refused(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.get("/admin/articles/article/?state__exact=%00").status_code == 400
    client.cookies[settings.SESSION_COOKIE_NAME] = "\x00" * 9
    assert client.get("/admin/").status_code == 400


def test_an_unknown_host_name_is_refused(client: Client) -> None:
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "elsewhere.example" not in response.text
