"""Each text on each public page is marked with its language."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.test import Client

from articles.editing import publishing
from articles.models import Article
from portal.demo import content
from portal.models import User
from tests.portal.function_words import told_language

pytestmark = pytest.mark.django_db

STARTS = (
    *("/", "/search/?q=kidney", "/articles/no-such/", "/care-coordinator/sent/"),
    *("/articles/what-is-lupus-nephritis/thanks/",),
)
_UNSEEN = {"script", "style", "title"}
_MOST = 300


@pytest.fixture
def site() -> None:
    """The demo site, with an article in one language and the others in both."""
    content.load("a password that nobody has")
    take_away_translation()


def take_away_translation() -> None:
    twin = Article.objects.get(slug="celulas-madre-para-la-nefritis-lupica")
    publishing.retire(
        twin,
        because="It was behind the original.",
        instead=None,
        version=twin.version,
        by=User.objects.get(username="demo-editor"),
    )


def _crawl(client: Client, starts: tuple[str, ...]) -> Iterator[tuple[str, BeautifulSoup]]:
    """Yield every page that links lead to, once, ignoring queries."""
    ahead, seen = list(starts), set(starts)
    while ahead:
        address = ahead.pop()
        response = client.get(address, follow=True)
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = BeautifulSoup(response.content, "html.parser")
        yield address, page
        for link in page.select("a[href]"):
            to = urlsplit(urljoin(f"http://testserver{address}", str(link["href"])))
            path = to.path
            if to.netloc != "testserver" or path.startswith(("/admin", "/accounts", "/static")):
                continue
            if path not in seen and len(seen) < _MOST:
                seen.add(path)
                ahead.append(path)


def _language_of(tag: Tag) -> str:
    marked = tag if tag.get("lang") else tag.find_parent(attrs={"lang": True})
    assert isinstance(marked, Tag)
    return str(marked["lang"])


def _mistaken(page: BeautifulSoup) -> Iterator[str]:
    """Yield texts that are clearly in another language than the nearest `lang` says."""
    for node in page.find_all(string=True):
        tag = node.parent
        if type(node) is not NavigableString or not tag or tag.name in _UNSEEN:
            continue
        told = told_language(node)
        if told and told != _language_of(tag):
            yield f"{_language_of(tag)}: {' '.join(node.split())[:120]}"
    for tag in page.select("[aria-label], [alt], [title], meta[name=description]"):
        for name in ("aria-label", "alt", "title"):
            told = told_language(str(tag.get(name, "")))
            if told and told != _language_of(tag):
                yield f"{_language_of(tag)}: {name}={tag[name]}"


def _mistakes(client: Client) -> dict[str, list[str]]:
    starts = (*STARTS, *(f"/es{address}" for address in STARTS))
    pages = {address: list(_mistaken(page)) for address, page in _crawl(client, starts)}
    assert len(pages) > 40, "the crawl went through the site"
    return {address: found for address, found in pages.items() if found}


@pytest.mark.usefixtures("site")
def test_each_text_is_in_the_language_it_is_marked_as(client: Client) -> None:
    assert _mistakes(client) == {}


def test_text_without_a_language_mark_is_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.load(
        "a password that nobody has",
        articles=["stem-cells-for-lupus-nephritis.md", "what-is-lupus-nephritis.md"],
    )
    take_away_translation()
    monkeypatch.setattr(Article, "lang", "")
    found = _mistakes(client)
    assert any("what-is" in address or "stem-cells" in address for address in found)
    assert "/es/articles/" in found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We could not find that page", "en"),
        ("No pudimos encontrar esa página de la clínica", "es"),
        ("Donor cells", ""),
        ("Gu F, Wang D, and others. 2014;33(11):1611-9", ""),
        ("No", ""),
    ],
)
def test_a_language_is_detected_where_it_is_clear(text: str, language: str) -> None:
    assert told_language(text) == language
