"""Citations: numbered by first use and linked both ways; the list and its warnings."""

from bs4 import BeautifulSoup

from articles.content import Content
from articles.rendering.library_snapshot import LibrarySnapshot, Source, Standing, StudyDesign
from articles.rendering.renderer import RenderedArticle, render
from tests.articles.rendering.test_findings import ONE_GROUP

LIBRARY = LibrarySnapshot(
    sources={
        source.key: source
        for source in (
            Source(
                key="gu-2014",
                authors="Gu F, Wang D",
                title="Cells <in> people",
                year=2014,
                doi="10.1007/x",
                design=StudyDesign.UNCONTROLLED,
                standing=Standing.DISPUTED,
                standing_by="deng-2017",
            ),
            Source(key="deng-2017", authors="Deng D", title="A trial", year=2017, pmid="28478399"),
            Source(
                key="old-2001",
                authors="Old Body",
                title="Old news",
                standing=Standing.RETRACTED,
                standing_note="Its numbers were made up.",
            ),
        )
    }
)


def _rendered(body: str, key_points: str = "") -> RenderedArticle:
    return render(Content(title="", body=body, key_points=key_points), LIBRARY)


def _soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_numbers_follow_first_use_in_key_points_then_body() -> None:
    page = _rendered(
        f"A [@gu-2014; @deng-2017].\n\n```finding\n{ONE_GROUP}```\n\nB [@old-2001].",
        "- First. [@deng-2017]",
    )
    assert page.cited == ("deng-2017", "gu-2014", "old-2001")
    assert [each.text for each in _soup(page.body_html).select(".cite a")] == [
        *("[2]", "[1]", "[2]", "[3]")
    ]


def test_every_citation_links_to_its_source_and_each_source_to_the_first() -> None:
    page = _rendered("A [@gu-2014]. B [@deng-2017]. C [@gu-2014].", "- D [@gu-2014]")
    soup = _soup(page.key_points_html + page.body_html + page.references_html)
    ids = [str(each["id"]) for each in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    places = soup.select(".cite a")
    ways_back = soup.select(".source-back a")
    assert [each.get("id") for each in places] == ["cite-1", None, "cite-2", None]
    assert [str(each["href"]) for each in ways_back] == ["#cite-1", "#cite-2"]
    assert {str(each["href"])[1:] for each in (*places, *ways_back)} <= set(ids)
    assert places[0]["aria-label"] == "Source 1: Gu 2014"
    assert len({str(each["aria-label"]) for each in ways_back}) == len(ways_back)


def test_the_tab_key_stops_at_one_citation_of_a_page() -> None:
    page = _rendered("A [@gu-2014]. B [@deng-2017]. C [@gu-2014].", "- D [@gu-2014]")
    soup = _soup(page.key_points_html + page.body_html)
    assert [each.get("tabindex") for each in soup.select(".cite a")] == [None, *["-1"] * 3]


def test_an_unknown_key_is_marked_and_gets_no_number() -> None:
    page = _rendered("A [@nobody-1999; @deng-2017].")
    assert page.cited == ("deng-2017",)
    missing = _soup(page.body_html).select_one(".missing")
    assert missing
    assert missing.text == "[source missing: nobody-1999]"


def test_code_and_links_contain_no_citations() -> None:
    page = _rendered("`[@gu-2014]` and [a [@deng-2017] b](https://a.example)")
    soup = _soup(page.body_html)
    assert soup.code
    assert soup.code.text == "[@gu-2014]"
    assert not soup.select("a a")
    assert page.cited == ("deng-2017",)


def test_the_list_warns_in_words_about_disputed_and_retracted_sources() -> None:
    page = _rendered("A [@gu-2014; @deng-2017; @old-2001].")
    soup = _soup(page.references_html)
    disputed, sound, retracted = soup.select("li")
    assert "Disputed. Others have questioned this source. See source 2: Deng 2017." in disputed.text
    assert disputed.select_one('a[href="#source-2"]')
    assert "Study without a comparison group." in disputed.text
    assert "Cells <in> people" in disputed.text
    assert not sound.select(".source-notice")
    assert "Withdrawn. Its numbers were made up." in retracted.text


def test_the_list_names_a_related_source_that_the_page_does_not_cite() -> None:
    text = _soup(_rendered("A [@gu-2014].").references_html).text
    assert "See Deng 2017: A trial." in text


def test_a_page_without_citations_has_no_list() -> None:
    assert _rendered("A.").references_html == ""
