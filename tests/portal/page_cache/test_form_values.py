"""Each opening of the request form has its own key and CSRF token."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from inquiries.models import Inquiry
from portal.page_cache import layer
from portal.page_cache.versions import versions
from tests.inquiries.intake.form_pages import ASK, filled
from tests.portal.page_cache.openings import blank, cookie_of, own, send
from tests.portal.page_cache.reader import Answer, Reader, django, staying_connected

pytestmark = pytest.mark.django_db


def test_no_two_views_of_the_page_share_a_key_or_a_token(reader: Reader) -> None:
    version = versions.read()
    assert reader.get(ASK).status == 200
    environ = RequestFactory(HTTP_HOST="testserver").get(ASK).environ

    def opened(_: int) -> Answer:
        found = layer.answer_at_once(dict(environ))
        assert found
        return Answer(int(found.status), dict(found.headers), found.body)

    versions._read_at += 600  # for the whole test
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(opened, range(1_000)))
    assert versions.read().number == version.number
    for values in zip(*map(own, answers), strict=True):
        assert len(set(values)) == 1_000
    assert len(set(map(cookie_of, answers))) == 1_000


def test_a_token_works_only_with_its_own_cookie(reader: Reader) -> None:
    first, second = reader.get(ASK), reader.get(ASK)
    token, key = own(second)
    assert send(token, cookie_of(first), idempotency_key=key) == 422
    assert send(token, "", idempotency_key=key) == 422
    assert not Inquiry.objects.exists()
    assert send(token, cookie_of(second), idempotency_key=key) == 302
    assert Inquiry.objects.count() == 1


def test_a_visitor_with_a_cookie_keeps_its_secret_in_all_tabs(reader: Reader) -> None:
    first = reader.get(ASK)
    again = reader.get(ASK, HTTP_COOKIE=f"other=1; {cookie_of(first)}")
    assert cookie_of(again) == cookie_of(first)
    assert own(again)[0] != own(first)[0]
    assert send(own(first)[0], cookie_of(again)) == 302


@pytest.mark.parametrize("planted", ["short", "x" * 31, "<" * 32, "é" * 32, "a" * 65, ""])
def test_a_cookie_that_is_not_ours_is_replaced(reader: Reader, planted: str) -> None:
    reader.get(ASK)
    answer = reader.get(ASK, HTTP_COOKIE=f"{settings.CSRF_COOKIE_NAME}={planted}")
    assert re.fullmatch(r"csrftoken=[A-Za-z0-9]{32}", cookie_of(answer))
    assert send(own(answer)[0], cookie_of(answer)) == 302


def test_the_first_visitors_input_does_not_affect_the_next(reader: Reader) -> None:
    clean = Client().get(ASK).text
    secret = "a" * 32
    first = reader.get(
        ASK,
        HTTP_COOKIE=f"{settings.CSRF_COOKIE_NAME}={secret}; sessionid=x; left=1",
        HTTP_ACCEPT_LANGUAGE="es",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_USER_AGENT="<script>",
        HTTP_REFERER="https://evil.example/",
        HTTP_ACCEPT_ENCODING="gzip",
        CONTENT_TYPE="text/html; charset=zlib",
    )
    second = reader.get(ASK)
    assert cookie_of(first) == f"{settings.CSRF_COOKIE_NAME}={secret}"
    assert secret not in cookie_of(second)
    assert blank(second.text) == blank(clean)
    assert second.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("host", ["evil.example", "testserver:8080", "TESTSERVER", ""])
def test_nothing_is_cached_for_another_host(reader: Reader, host: str) -> None:
    for _ in range(2):
        reader.get(ASK, HTTP_HOST=host)
    assert reader.asked == 2


def test_the_form_works_all_the_way_through_the_layer(reader: Reader) -> None:
    """Opening and sending the form mixes in nothing from another opening."""
    answer = reader.get(ASK)
    token, key = own(answer)
    typed = urlencode(filled(csrfmiddlewaretoken=token, idempotency_key=key)).encode()
    kind = "application/x-www-form-urlencoded"
    asked = RequestFactory(HTTP_HOST="testserver", HTTP_COOKIE=cookie_of(answer))
    environ = asked.post(ASK, typed, content_type=kind).environ
    sent: list[Any] = []
    with staying_connected():
        list(layer.respond(django(), environ, lambda *said: sent.extend(said)))
    assert sent[0].startswith("302")
    assert Inquiry.objects.get().message == "May I talk to someone?"
