"""A source as readers see it: in one style, and nothing in it is live."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from articles.rendering.library_snapshot import Source
from articles.rendering.sources import short_name, source_html


def test_a_source_is_written_in_one_style() -> None:
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
    assert (link["href"], link.text) == ("https://fda.example/a?b=1&c=2", "fda.example")


@given(st.text(alphabet="<>\"'&a:;/javascript", max_size=60))
def test_nothing_in_a_source_is_live(text: str) -> None:
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
def test_a_short_name_says_who_and_when(authors: str, name: str) -> None:
    assert (
        short_name(Source(key="a", authors=authors, title="A title of many words", year=2014))
        == name
    )
