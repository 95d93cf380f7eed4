"""A Spanish article beside its English original is shown once, where readers look for it."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.editing import publishing
from articles.models import Article
from portal.models import User
from tests.factories import (
    make_article,
    make_category,
    make_draft,
    make_term,
    make_translation,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"


@pytest.fixture
def english() -> Article:
    return make_article(slug="kidney-tests", title="Kidney tests")


@pytest.fixture
def spanish(english: Article) -> Article:
    return make_translation(english, slug="analisis", title="Análisis de los riñones")


def soup_of(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def links(page: BeautifulSoup) -> dict[str, str]:
    """Return the canonical address under "", and the address for each language."""
    found = {each["hreflang"]: each["href"] for each in page.select("link[hreflang]")}
    return {"": page.select("link[rel=canonical]")[0]["href"], **found}  # type: ignore[dict-item]


def header_link(page: BeautifulSoup) -> str:
    [link] = page.select("header a[hreflang]")
    return str(link["href"])


def test_each_language_has_its_own_text_and_links_to_the_other(
    client: Client, english: Article, spanish: Article
) -> None:
    site = "http://testserver"
    named = {"en": f"{site}/articles/kidney-tests/", "es": f"{site}/es/articles/analisis/"}
    for code, other, title in (("en", "es", english.title), ("es", "en", spanish.title)):
        page = soup_of(client, named[code].removeprefix(site))
        assert page.html
        assert page.html["lang"] == code
        assert page.h1
        assert page.h1.text == title
        assert "lang" not in page.h1.attrs
        assert links(page) == {"": named[code], **named}
        assert header_link(page) == named[other].removeprefix(site)
        [data] = page.select('script[type="application/ld+json"]')
        assert json.loads(data.text)["inLanguage"] == code
    page = soup_of(client, "/es/articles/analisis/")
    assert page.select("#references-title")[0].text == "Fuentes"


def test_an_address_of_the_other_language_redirects_readers(
    client: Client, english: Article, spanish: Article
) -> None:
    for there, here in (
        ("/es/articles/kidney-tests/", "/es/articles/analisis/"),
        ("/articles/analisis/", "/articles/kidney-tests/"),
    ):
        response = client.get(there)
        assert (response.status_code, response["Location"]) == (302, here), "it may be withdrawn"


def test_without_a_translation_the_page_says_so_and_marks_the_english_words(
    client: Client, english: Article
) -> None:
    page = soup_of(client, "/es/articles/kidney-tests/")
    assert page.html
    assert page.html["lang"] == "es"
    assert "Todavía no tenemos este artículo en español." in page.get_text()
    assert page.h1
    assert page.h1["lang"] == "en"
    assert [each["lang"] for each in page.select(".prose")] == ["en"]
    assert links(page) == {
        "": "http://testserver/articles/kidney-tests/",
        "en": "http://testserver/articles/kidney-tests/",
    }
    assert header_link(page) == "/articles/kidney-tests/"
    assert header_link(soup_of(client, "/articles/kidney-tests/")) == "/es/articles/kidney-tests/"


def test_a_change_to_one_shows_at_once_on_the_other_page(
    client: Client, english: Article, editor: User
) -> None:
    before = client.get("/articles/kidney-tests/")
    twin = make_translation(english, slug="analisis")
    after = client.get("/articles/kidney-tests/")
    assert "/es/articles/analisis/" not in before.text
    assert "/es/articles/analisis/" in after.text
    publishing.retire(twin, because="Wrong.", version=twin.version, by=editor)
    assert "/es/articles/analisis/" not in client.get("/articles/kidney-tests/").text


def test_a_withdrawn_translation_redirects_to_the_original(
    client: Client, english: Article, spanish: Article, editor: User
) -> None:
    publishing.retire(spanish, because="Wrong.", version=spanish.version, by=editor)
    response = client.get("/es/articles/analisis/", follow=True)
    assert response.redirect_chain == [("/es/articles/kidney-tests/", 302)]
    assert "Todavía no tenemos este artículo en español." in response.text


def test_withdrawing_the_original_withdraws_its_translation(
    client: Client, english: Article, spanish: Article, editor: User
) -> None:
    english.refresh_from_db()
    publishing.retire(english, because="Wrong.", version=english.version, by=editor)
    for address in (
        "/articles/kidney-tests/",
        "/es/articles/kidney-tests/",
        "/es/articles/analisis/",
    ):
        page = soup_of(client, address, 410)
        assert len(page.select("main")) == 1
    page = soup_of(client, "/es/articles/analisis/", 410)
    assert "Retiramos “Análisis de los riñones” el" in page.get_text()
    assert "analisis" not in client.get("/es/articles/").text


@pytest.mark.parametrize("address", ["/", "/articles/", "/categories/{}/", "/search/?q=kidney"])
def test_a_list_shows_an_article_once_in_the_language_of_the_page(
    client: Client, address: str
) -> None:
    category = make_category("Lupus")
    category.translations.create(language="es", name="El lupus")
    both = make_article(categories=[category], title="Kidney tests in both")
    one = make_article(categories=[category], title="Kidney tests in English")
    twin = make_translation(both, slug="analisis", title="Análisis de riñón: kidney")
    address = address.format(category.slug)

    english = soup_of(client, address)
    titles = {link.text for link in english.select(".cards :is(h2, h3) a")}
    assert titles == {both.title, one.title}
    assert not english.select(".cards [lang]")

    spanish = soup_of(client, f"/es{address}")
    shown = spanish.select(".cards :is(h2, h3)")
    assert {link.text for link in spanish.select(".cards :is(h2, h3) a")} == {twin.title, one.title}
    [marked] = [heading for heading in shown if heading.select("a[lang=en]")]
    assert "(en inglés)" in marked.text
    assert {str(a["href"]) for a in spanish.select(".cards :is(h2, h3) a")} == {
        "/es/articles/analisis/",
        f"/es/articles/{one.slug}/",
    }
    assert "El lupus" in spanish.get_text()


def test_a_feed_is_in_its_language_and_marks_other_languages(client: Client) -> None:
    both, one = make_article(title="Both"), make_article(title="Only English")
    make_translation(both, slug="analisis", title="Análisis")
    for address, language in (("/feed/", "en"), ("/es/feed/", "es")):
        feed = ET.fromstring(client.get(address).content)
        assert feed.get(f"{XML}lang") == language
        entries = {
            entry.findtext(f"{ATOM}title"): entry.get(f"{XML}lang")
            for entry in feed.iter(f"{ATOM}entry")
        }
        own = {"en": {"Both": None, one.title: None}, "es": {"Análisis": None, one.title: "en"}}
        assert entries == own[language]
    feed = ET.fromstring(client.get("/es/feed/").content)
    assert feed.findtext(f"{ATOM}title") == "Artículos nuevos"


def test_the_sitemap_lists_the_languages_each_article_has(client: Client) -> None:
    both, one = make_article(slug="both"), make_article(slug="one")
    make_translation(both, slug="ambos")
    found = client.get("/sitemap-articles.xml").text
    urls = {
        re.findall(r"<loc>https?://[^/]+([^<]+)", url)[0]: set(
            re.findall(r'hreflang="(\w+)" href="https?://[^/]+([^"]+)"', url)
        )
        for url in re.findall(r"<url>(.*?)</url>", found, re.DOTALL)
    }
    alternates = {("en", "/articles/both/"), ("es", "/es/articles/ambos/")}
    assert urls == {
        "/articles/both/": alternates,
        "/es/articles/ambos/": alternates,
        f"/articles/{one.slug}/": set(),
    }


def test_related_articles_match_the_page_language_and_exclude_itself(client: Client) -> None:
    category = make_category()
    one, two, three = (make_article(categories=[category], title=f"Kidney {n}") for n in "ABC")
    make_translation(one, slug="uno", title="Uno")
    make_translation(two, slug="dos", title="Dos")
    page = soup_of(client, "/es/articles/uno/")
    assert {link.text for link in page.select(".related a")} == {"Dos", three.title}
    page = soup_of(client, f"/articles/{one.slug}/")
    assert {link.text for link in page.select(".related a")} == {two.title, three.title}


def test_the_glossary_and_a_page_explain_words_in_their_language(client: Client) -> None:
    term = make_term("flare", definition="Active again.")
    term.translations.create(language="es", name="brote", definition="Activa de nuevo.")
    make_term("protein", definition="A building block.")
    twin = make_translation(
        make_article(body="A flare.", title="Flares"), slug="brote", body="Un brote."
    )
    words = soup_of(client, "/es/glossary/")
    assert {tag.text.strip(): tag.get("lang") for tag in words.select("dt")} == {
        "brote": None,
        "protein": "en",
    }
    page = soup_of(client, f"/es/articles/{twin.slug}/")
    assert [tag.text for tag in page.select(".words dt")] == ["brote"]


def test_lists_take_the_same_queries_however_many_are_translated(
    client: Client,
) -> None:
    def count(addresses: tuple[str, ...]) -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    category = make_category("Lupus")
    addresses = (
        "/es/",
        "/es/articles/",
        f"/es/categories/{category.slug}/",
        "/es/search/?q=kidney",
    )
    make_translation(make_article(categories=[category], title="Kidney"))
    count(addresses)  # search keeps the words of the site
    few = count(addresses)
    for number in range(4):
        make_translation(
            make_article(categories=[category], title=f"Kidney {number}"), title=f"Riñón {number}"
        )
    assert count(addresses) == few


def test_each_language_has_its_own_feedback(
    client: Client, english: Article, spanish: Article
) -> None:
    client.post("/es/articles/analisis/clear/", {"revision": "2", "answer": "yes"})
    thanks = client.post("/es/articles/analisis/clear/", {"revision": "2", "answer": "yes"})
    assert thanks["Location"] == "/es/articles/analisis/thanks/"
    assert "Gracias" in client.get(thanks["Location"]).text
    assert spanish.head.feedback.get().count == 2
    assert not english.head.feedback.exists()


def test_a_draft_translation_appears_nowhere(client: Client, english: Article) -> None:
    make_draft(slug="otro")
    assert client.get("/es/articles/otro/").status_code == 404
    assert "Todavía no tenemos" in client.get("/es/articles/kidney-tests/").text
