"""Sources as readers see them: in one citation style, with no active content."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from articles.bibliography.identifiers import REGISTRIES
from articles.rendering.library_snapshot import Source
from articles.rendering.sources import short_name, source_html
from portal.demo import content


def test_sources_are_written_in_one_style() -> None:
    source = Source(
        key="a",
        authors="Sole A, Heel B, Toe C, Arch D, Nail E, Ankle F, Shin G",
        title="Do slippers help?",
        journal="Journal of Footwear",
        year=2013,
        volume="1",
        issue="2",
        pages="3-4",
        doi="10.1002/(sici)<1>",
        pmid="123",
        registry_id="NCT01741857",
    )
    html = source_html(source)
    soup = BeautifulSoup(html, "html.parser")
    assert soup.text == (
        "Sole A, Heel B, Toe C, Arch D, Nail E, Ankle F, and others. Do slippers help? "
        "Journal of Footwear. 2013;1(2):3-4. doi:10.1002/(sici)<1> PubMed 123 NCT01741857"
    )
    assert [link["href"] for link in soup.select("a")] == [
        "https://doi.org/10.1002/(sici)%3C1%3E",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
        "https://clinicaltrials.gov/study/NCT01741857",
    ]
    assert {tuple(link["rel"]) for link in soup.select("a")} == {("noopener", "noreferrer")}


def test_a_source_without_identifiers_links_to_its_address() -> None:
    soup = BeautifulSoup(
        source_html(Source(key="a", title="A", url="https://fda.example/a?b=1&c=2")), "html.parser"
    )
    link = soup.select_one("a")
    assert link
    assert (link["href"], link.text) == ("https://fda.example/a?b=1&c=2", "A.")
    assert "fda.example" in soup.text


@pytest.mark.parametrize(
    ("number", "page"),
    [
        ("ISRCTN12345678", "https://www.isrctn.com/ISRCTN12345678"),
        (
            "CRD42020123456",
            "https://www.crd.york.ac.uk/prospero/display_record.php?ID=CRD42020123456",
        ),
        (
            "2004-000446-20",
            "https://www.clinicaltrialsregister.eu/ctr-search/search?query=2004-000446-20",
        ),
        (
            "ChiCTR-TRC-11001234",
            "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR-TRC-11001234",
        ),
        (
            "CTRI/2010/091/001234",
            "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI/2010/091/001234",
        ),
        ("UMIN000012345", "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-UMIN000012345"),
    ],
)
def test_a_registry_number_links_to_its_registry(number: str, page: str) -> None:
    """Patient 1: every identifier that can lead to a source is a link."""
    soup = BeautifulSoup(source_html(Source(key="a", title="A", registry_id=number)), "html.parser")
    assert soup.a
    assert (soup.a["href"], soup.a.text) == (page, "A.")
    assert number in soup.text


@given(
    st.sampled_from(sorted(REGISTRIES.values())).flatmap(
        lambda shape: st.from_regex(re.compile(shape, re.ASCII), fullmatch=True)
    )
)
def test_every_registry_a_source_may_name_has_a_page(number: str) -> None:
    assert "href" in source_html(Source(key="a", title="A", registry_id=number))


def test_an_address_is_linked_too_unless_an_identifier_links_there() -> None:
    source = Source(key="a", title="A", doi="10.1007/x", url="https://fda.example/a")
    links = BeautifulSoup(source_html(source), "html.parser").select("a")
    assert [link.text for link in links] == ["A.", "fda.example"]
    again = Source(key="a", title="A", doi="10.1007/x", url="https://doi.org/10.1007/x")
    assert len(BeautifulSoup(source_html(again), "html.parser").select("a")) == 1


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://a.example/b"])
def test_a_source_with_nothing_to_link_says_where_to_find_it(url: str) -> None:
    soup = BeautifulSoup(source_html(Source(key="a", title="A page", url=url)), "html.parser")
    assert not soup.select("a")
    assert "Search for the title, or ask a librarian." in soup.text


@pytest.mark.parametrize("path", sorted(content.FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_every_source_in_the_shipped_articles_has_a_link(path: Path) -> None:
    """Patient 1: six of eight sources of the shipped article had no link."""
    header = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
    for named in header["references"]:
        found = ("doi", "pmid", "registry_id", "url")
        assert any(named.get(each) for each in found), named["key"]


@given(st.text(alphabet="<>\"'&a:;/javascript", max_size=60))
def test_html_in_a_source_is_never_live(text: str) -> None:
    fields = ("title", "authors", "journal", "volume", "issue", "pages", "doi", "pmid")
    source = Source(
        key="a",
        **dict.fromkeys((*fields, "registry_id", "url"), text),  # type: ignore[arg-type]
    )
    html = source_html(source)
    assert set(re.findall(r"<(\w+)", html)) <= {"a", "cite"}
    for link in BeautifulSoup(html, "html.parser").select("a"):
        assert str(link["href"]).startswith(("https://", "http://"))
        assert set(link.attrs) == {"href", "rel"}


@pytest.mark.parametrize(
    ("authors", "name"),
    [
        ("Gu F, Wang D", "Gu 2014"),
        ("Gu F et al.", "Gu 2014"),
        ("van der Berg JH Jr", "van der Berg 2014"),
        ("Kim J-H", "Kim 2014"),
        ("US Food and Drug Administration", "FDA 2014"),
        ("US FDA", "FDA 2014"),
        ("International Society for Stem Cell Research", "ISSCR 2014"),
        ("National Institute for Health and Care Excellence (NICE)", "NICE 2014"),
        ("World Bank", "World Bank 2014"),
        ("", "A title of many… 2014"),
    ],
)
def test_a_short_name_gives_author_and_year(authors: str, name: str) -> None:
    assert (
        short_name(Source(key="a", authors=authors, title="A title of many words", year=2014))
        == name
    )
