"""The values in an open form that no other opening has."""

import re
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Article
from tests.inquiries.intake.form_pages import ASK, filled
from tests.portal.page_cache.reader import Answer

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
_KEY = re.compile(r'name="idempotency_key" value="([0-9a-f]{32}-[0-9a-f]{11})"')


def own(answer: Answer) -> tuple[str, str]:
    """Return the form's token and key, each of which occurs once."""
    (token,), (key,) = _TOKEN.findall(answer.text), _KEY.findall(answer.text)
    assert answer.text.count(token) == answer.text.count(key) == 1
    return token, key


def blank(text: str) -> str:
    for pattern in (_TOKEN, _KEY):
        text = pattern.sub("", text)
    return text


def cookie_of(answer: Answer) -> str:
    return answer.headers["Set-Cookie"].partition(";")[0].strip()


def value_of(answer: Answer, name: str) -> str:
    field = BeautifulSoup(answer.text, "html.parser").select_one(f'[name="{name}"]')
    assert field
    return str(field.get("value", ""))


def send(token: str, cookie: str, **fields: Any) -> int:
    """Send it to Django itself, with its CSRF check."""
    client = Client(enforce_csrf_checks=True, headers={"cookie": cookie})
    return client.post(ASK, filled(csrfmiddlewaretoken=token, **fields)).status_code


def of(article: Article, revision: object = 3) -> str:
    return f"{ASK}?article={article.slug}&revision={revision}"
