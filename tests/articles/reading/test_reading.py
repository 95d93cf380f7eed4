"""The pages that patients read."""

import re
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles.editing import publishing, writing
from articles.evidence_stages import Stage
from articles.models import Article, Category
from articles.views import pagination
from portal.models import Role
from tests.factories import (
    approve,
    make_article,
    make_category,
    make_content,
    make_draft,
    make_staff,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def soup_of(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    """Return the titles of the articles that a list links to, in its order."""
    links = page.select('main a[href^="/articles/"]')
    found = [link.get_text(" ", strip=True) for link in links if link["href"] != "/articles/"]
    return list(dict.fromkeys(found))


def test_the_home_page_links_to_topics_articles_and_a_coordinator(client: Client) -> None:
    lupus = make_category("Lupus")
    make_article(title="Kidney tests", categories=[lupus])
    page = soup_of(client, "/")
    addresses = {link["href"] for link in page.select("a[href]")}
    assert {lupus.get_absolute_url(), "/care-coordinator/"} <= addresses
    assert "Kidney tests" in titles(page)


def test_topics_without_an_article_are_not_offered(client: Client) -> None:
    make_category("Empty topic")
    make_draft(categories=[make_category("Drafts only")])
    make_article(categories=[make_category("Lupus")])
    for address in ("/", "/categories/"):
        words = soup_of(client, address).get_text()
        assert "Lupus" in words
        assert "Empty topic" not in words
        assert "Drafts only" not in words


def test_a_card_shows_the_evidence_stage_and_the_review_date(client: Client) -> None:
    article = make_article(stage=Stage.PROMISING, summary="One early study.")
    for address in ("/", "/articles/", article.categories.get().get_absolute_url()):
        words = " ".join(soup_of(client, address).select_one(".cards li").get_text().split())  # type: ignore[union-attr]
        assert "One early study." in words
        assert "How strong is the evidence? Promising." in words
        assert "Last reviewed:" in words


@pytest.mark.parametrize("was_live", [False, True])
def test_unpublished_articles_appear_nowhere(client: Client, was_live: bool) -> None:
    lupus = make_category("Lupus")
    other = make_article(title="Another", categories=[lupus])
    if was_live:
        article = make_article(title="Secret", slug="hidden-away", categories=[lupus])
        client.get(article.get_absolute_url())
        publishing.retire(
            article, because="Wrong.", version=article.version, by=make_staff(Role.EDITOR)
        )
    else:
        article = make_draft(title="Secret", slug="hidden-away", categories=[lupus])
    assert client.get(article.get_absolute_url()).status_code == (410 if was_live else 404)
    for address in places(lupus, other):
        words = client.get(address).text
        assert "Secret" not in words
        assert article.slug not in words


def test_the_draft_of_a_live_article_appears_nowhere(client: Client) -> None:
    lupus = make_category("Lupus")
    article = make_article(title="Kidney tests", categories=[lupus])
    other = make_article(title="Another", categories=[lupus])
    words = make_content(title="Secret", summary="Secret", body="Secret.")
    by = make_staff(Role.EDITOR)
    article = writing.save_revision(
        article, words, interests="Secret", version=article.version, by=by
    )
    approve(article)
    for address in (*places(lupus, other), article.get_absolute_url()):
        assert "Secret" not in client.get(address).text
    assert "Kidney tests" in client.get(other.get_absolute_url()).text


def places(category: Category, other: Article) -> tuple[str, ...]:
    """Return every place where readers could find an article of a category, or a related one."""
    return (
        *("/", "/articles/", "/categories/", category.get_absolute_url(), "/search/?q=secret"),
        *("/feed/", f"{category.get_absolute_url()}feed/", "/sitemap-articles.xml"),
        other.get_absolute_url(),
    )


def test_a_category_lists_its_articles_newest_first(client: Client) -> None:
    lupus = make_category("Lupus")
    for title in ("Old", "Middle", "New"):
        make_article(title=title, categories=[lupus])
    make_article(title="Elsewhere")
    assert titles(soup_of(client, lupus.get_absolute_url())) == ["New", "Middle", "Old"]


def test_long_lists_are_paginated(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "PAGE_SIZE", 2)
    lupus = make_category("Lupus")
    for number in range(1, 6):
        make_article(title=f"Part {number}", categories=[lupus])
    for address in ("/articles/", lupus.get_absolute_url()):
        page = soup_of(client, address)
        seen = titles(page)
        while following := page.select_one('a[rel="next"]'):
            page = soup_of(client, f"{address}{following['href']}")
            seen += titles(page)
        assert seen == ["Part 5", "Part 4", "Part 3", "Part 2", "Part 1"]
        back = page.select_one('a[rel="prev"]')
        assert back
        assert back["href"] == "?page=2"


@pytest.mark.parametrize(
    "query",
    ["page=", "page=0", "page=-1", "page=abc", "page=1.5", "page=٣", "page=1&page=1", "x=%00"],
)
def test_an_invalid_page_number_means_the_first_page(client: Client, query: str) -> None:
    category = make_article().categories.get()
    for address in ("/articles/", category.get_absolute_url()):
        assert len(titles(soup_of(client, f"{address}?{query}"))) == 1


@pytest.mark.parametrize("number", ["2", "1001", "99999999", "9" * 40])
def test_a_page_past_the_end_is_a_helpful_404_or_the_first_page(
    client: Client, number: str
) -> None:
    category = make_article().categories.get()
    for address in ("/articles/", category.get_absolute_url()):
        response = client.get(f"{address}?page={number}")
        if len(number) > 8:
            assert response.status_code == 200
        else:
            assert response.status_code == 404
            assert 'action="/search/"' in response.text


@pytest.mark.parametrize(
    "address",
    ["/articles/no-such/", "/categories/no-such/", "/categories/no-such/feed/", "/no-such", "/%00"],
)
def test_an_unknown_address_is_a_helpful_404(client: Client, address: str) -> None:
    page = soup_of(client, address, 404)
    assert "couldn’t find" in page.get_text()
    addresses = {link["href"] for link in page.select("main a[href]")}
    assert {"/", "/articles/", "/care-coordinator/"} <= addresses
    assert page.select('main form[action="/search/"]')


# --- For machines ---------------------------------------------------------------------------------


def test_symbols_in_a_summary_hide_nothing_from_a_feed_reader(client: Client) -> None:
    """A feed's summary is HTML, where “A score <normal means …” would start a tag."""
    make_article(summary="A score <normal means more, >9 means less & so on.")
    feed = ET.fromstring(client.get("/feed/").content)
    [summary] = feed.iter(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert BeautifulSoup(summary.text or "", "html.parser").text == (
        "A score <normal means more, >9 means less & so on."
    )


def test_the_feed_is_atom_with_the_newest_first(client: Client) -> None:
    lupus = make_category("Lupus")
    make_article(title="Old", categories=[lupus])
    make_article(title="New & <odd>", summary="Not “proven”.", categories=[lupus])
    make_article(title="Elsewhere")
    response = client.get("/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        "Elsewhere",
        "New & <odd>",
        "Old",
    ]
    assert list(feed.iter(f"{ATOM}summary"))[1].text == "Not “proven”."
    names = [name.text for name in feed.findall(f"{ATOM}entry/{ATOM}author/{ATOM}name")]
    assert len(names) == 3
    assert all(name and name.startswith("Demo Editor") for name in names)
    of_one = ET.fromstring(client.get(f"{lupus.get_absolute_url()}feed/").content)
    assert [entry.findtext(f"{ATOM}title") for entry in of_one.iter(f"{ATOM}entry")] == [
        "New & <odd>",
        "Old",
    ]


def test_the_sitemap_lists_every_public_page(client: Client) -> None:
    article = make_article()
    index = client.get("/sitemap.xml").text
    named = "".join(
        client.get(re.sub(r"^http://[^/]+", "", address)).text
        for address in re.findall(r"<loc>(.*?)</loc>", index)
    )
    for address in (
        *("/", "/articles/", "/categories/", "/care-coordinator/", "/privacy/"),
        *(article.get_absolute_url(), article.categories.get().get_absolute_url()),
    ):
        assert f"<loc>http://testserver{address}</loc>" in named
    assert "/admin" not in named
    assert f"<lastmod>{timezone.localdate(article.live_at)}</lastmod>" in named


def test_robots_are_kept_off_pages_not_meant_for_reading(client: Client) -> None:
    robots = client.get("/robots.txt")
    assert robots["Content-Type"] == "text/plain"
    assert "Disallow: /admin/\n" in robots.text
    assert "Disallow: /care-coordinator/ask/\n" in robots.text
    assert "Disallow: /es/care-coordinator/ask/\n" in robots.text
    assert "Sitemap: http://testserver/sitemap.xml\n" in robots.text


def test_a_vulnerability_can_be_reported(client: Client) -> None:
    text = client.get("/.well-known/security.txt")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert re.search(r"^Contact: http://testserver/privacy/$", text.text, re.MULTILINE)
    assert re.search(r"^Expires: 20\d\d-\d\d-\d\dT00:00:00Z$", text.text, re.MULTILINE)


def test_articles_in_two_categories_are_listed_once(client: Client) -> None:
    make_article(title="Both", categories=[make_category(), make_category()])
    assert titles(soup_of(client, "/articles/")) == ["Both"]
    assert Article.objects.published().count() == 1
