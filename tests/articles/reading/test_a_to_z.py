"""The list from A to Z, the box in the header, and the way back up from each page."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles.models import Synonym
from tests.factories import make_article, make_category, make_term

pytestmark = pytest.mark.django_db


def soup_of(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    return BeautifulSoup(response.text, "html.parser")


def letters_of(page: BeautifulSoup) -> dict[str, list[str]]:
    return {
        section.h2.text: [link.text.strip() for link in section.select("li a")]
        for section in page.select("main section")
        if section.h2
    }


def test_topics_and_terms_are_listed_by_letter(client: Client) -> None:
    lupus = make_category("Lupus")
    make_article(categories=[lupus, make_category("biopsies")])
    make_category("Nothing filed here")
    make_term("biopsy")
    make_term("24-hour urine")
    page = soup_of(client, "/a-to-z/")
    assert letters_of(page) == {
        "0–9": ["24-hour urine"],
        "B": ["biopsies", "biopsy"],
        "L": ["Lupus"],
    }
    links = {link.text.strip(): link["href"] for link in page.select("main section li a")}
    assert links["Lupus"] == lupus.get_absolute_url()
    assert links["biopsy"] == "/glossary/#word-biopsy"
    assert [each["href"] for each in page.select(".letter-links a")] == [
        *("#letter-09", "#letter-b", "#letter-l")
    ]


def test_in_another_language_names_are_in_it_or_marked(client: Client) -> None:
    category = make_category("Kidneys")
    category.translations.create(language="es", name="Riñones")
    make_article(categories=[category])
    make_term("biopsy")
    page = soup_of(client, "/es/a-to-z/")
    assert letters_of(page) == {"B": ["biopsy"], "R": ["Riñones"]}
    assert [link.text.strip() for link in page.select("main section a[lang=en]")] == ["biopsy"]


def test_what_one_person_wrote_for_search_is_not_shown(client: Client) -> None:
    make_term("remission")
    Synonym.objects.create(phrase="healed", meaning="remission")
    assert "healed" not in client.get("/a-to-z/").text


def test_without_topics_and_terms_the_page_says_so(client: Client) -> None:
    assert "No words yet" in client.get("/a-to-z/").text


def crumbs_of(page: BeautifulSoup) -> list[tuple[str, str]]:
    links = page.select(".breadcrumbs a")
    return [(link.text.strip(), str(link["href"])) for link in links]


def test_each_page_links_to_those_above_it(client: Client) -> None:
    lupus, kidneys = make_category("Lupus"), make_category("Kidneys")
    article = make_article(categories=[lupus, kidneys])
    home, topics = ("Home", "/"), ("Topics", "/categories/")
    for address in ("/articles/", "/categories/", "/glossary/", "/search/", "/privacy/"):
        assert crumbs_of(soup_of(client, address)) == [home], address
    assert crumbs_of(soup_of(client, "/a-to-z/")) == [home, topics]
    assert crumbs_of(soup_of(client, lupus.get_absolute_url())) == [home, topics]
    first = article.categories.with_words()[0]
    assert crumbs_of(soup_of(client, article.get_absolute_url())) == [
        *(home, topics, (first.name, first.get_absolute_url()))
    ]


def test_an_article_without_topics_is_below_all_articles(client: Client) -> None:
    article = make_article()
    article.categories.clear()
    assert crumbs_of(soup_of(client, article.get_absolute_url())) == [
        *(("Home", "/"), ("Articles", "/articles/"))
    ]


@pytest.mark.parametrize(
    "address", ["/categories/", "/articles/", "/care-coordinator/", "/es/glossary/"]
)
def test_the_header_of_each_page_has_a_search_box(client: Client, address: str) -> None:
    page = soup_of(client, address)
    (form,) = page.select('header form[role="search"]')
    assert form["method"] == "get"
    assert str(form["action"]).endswith("/search/")
    (box,) = form.select("input")
    assert (box["name"], box["type"]) == ("q", "search")
    assert page.select(f'label[for="{box["id"]}"]')


def test_the_search_page_suggests_topics_and_terms_without_script(client: Client) -> None:
    make_article(categories=[make_category("Lupus")])
    make_term("biopsy")
    page = soup_of(client, "/search/")
    assert not page.select('header form[role="search"]'), "its own box is larger"
    (box,) = page.select("main input")
    offered = [option["value"] for option in page.select(f"datalist#{box['list']} option")]
    assert offered == ["biopsy", "Lupus"]
    assert not page.select("script")


@pytest.mark.parametrize("address", ["/", "/es/"])
def test_home_has_a_larger_search_box_of_its_own(client: Client, address: str) -> None:
    page = soup_of(client, address)
    (form,) = page.select('form[role="search"]')
    assert form.find_parent("main")
    assert page.select(f'label[for="{form.select("input")[0]["id"]}"]')


def test_related_articles_are_what_to_read_next(client: Client) -> None:
    topic = make_category("Lupus")
    make_article(title="Next", categories=[topic])
    article = make_article(title="This", categories=[topic])
    page = soup_of(client, article.get_absolute_url())
    (related,) = page.select(".related")
    assert "What to read next" in related.text
    assert "Next" in related.text
