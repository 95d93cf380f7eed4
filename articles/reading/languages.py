"""The addresses of an article in each language."""

from typing import TypedDict

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from articles.languages import page_language
from articles.models import Article


class Address(TypedDict):
    code: str
    name: str
    path: str
    full_path: str
    is_current: bool


def list_addresses(article: Article) -> tuple[list[Address], list[Address]]:
    """Return an article's addresses for each language of the site, and those where it is available.

    A language without a translation has a page too, which says so and shows the original.
    """
    slugs = article.page.addresses or {article.language: article.slug}
    all_ = [
        _address(code, name, slugs.get(code) or article.slug) for code, name in settings.LANGUAGES
    ]
    return all_, [each for each in all_ if each["code"] in slugs]


def _address(code: str, name: str, slug: str) -> Address:
    with translation.override(code):
        path = reverse("articles:article", args=[slug])
    is_current = code == page_language()
    return {"code": code, "name": name, "path": path, "full_path": path, "is_current": is_current}
