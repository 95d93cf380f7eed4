"""References as the world writes them: what is read, what is refused, and what never hangs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from time import process_time

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.bibliography import identifiers
from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.citations import read_citation
from articles.bibliography.names import parse_inverted_name
from articles.bibliography.ris import read_ris
from articles.rendering.library_snapshot import Source
from articles.rendering.sources import short_name, source_html


@pytest.fixture(autouse=True)
def _in_a_known_year() -> Iterator[None]:
    """Shapes know next year's issues."""
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        yield


# --- Shapes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clean", "written", "kept"),
    [
        ("doi", "10.1007/S10067-014-2754-4", "10.1007/s10067-014-2754-4"),
        ("doi", " doi: 10.1007/x ", "10.1007/x"),
        ("doi", "DOI:10.1007/x.", "10.1007/x"),
        ("doi", "https://doi.org/10.1002/%28SICI%291", "10.1002/(sici)1"),
        ("doi", "http://dx.doi.org/10.1007/x?utm=1", "10.1007/x"),
        ("pmid", "PMID: 28478399", "28478399"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/28478399/", "28478399"),
        ("registry_id", "nct01741857", "NCT01741857"),
        ("registry_id", "EudraCT: 2004-000446-20", "2004-000446-20"),
        ("registry_id", "chictr-trc-11001234", "ChiCTR-trc-11001234"),
        ("registry_id", "ISRCTN 12345678", "ISRCTN12345678"),
        ("pages", "1611–9", "1611-9"),
        ("pages", "pp. 1611--1619", "1611-1619"),
        ("pages", "S1-S9", "S1-S9"),
        ("pages", "e123", "e123"),
        ("year", "2027", 2027),
        ("key", "gu-2014", "gu-2014"),
        ("url", "https://www.fda.gov/a%20b", "https://www.fda.gov/a%20b"),
    ],
)
def test_what_is_pasted_is_kept_in_one_way(clean: str, written: str, kept: str | int) -> None:
    cleaned = getattr(identifiers, f"clean_{clean}")(written)
    assert cleaned == kept
    assert getattr(identifiers, f"clean_{clean}")(cleaned) == cleaned


@pytest.mark.parametrize(
    ("clean", "written"),
    [
        *(("doi", each) for each in ("10.1007", "11.1007/x", "10.1007/a b", "10.1007/a\x00b")),
        *(("doi", each) for each in ("javascript:10.1007/x", "10.1007/a\u200bb", "10.1/x" * 99)),
        *(("pmid", each) for each in ("0", "123456789", "12a", "１２３", "-5")),  # noqa: RUF001
        *(("registry_id", each) for each in ("NCT123", "ABC12345678", "NCT0174185７")),  # noqa: RUF001
        *(("pages", each) for each in ("many", "1-2-3", "<b>1</b>")),
        *(("year", each) for each in ("1599", "2028", "20 14", "２０１４", "")),  # noqa: RUF001
        *(("key", each) for each in ("", "Gu-2014", "2014-gu", "gu_2014", "a" * 61, "gu]")),
        *(("url", each) for each in ("javascript:alert(1)", "//a.example", "https://[", "ftp://a")),
    ],
)
def test_what_has_no_shape_is_refused_in_words(clean: str, written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        getattr(identifiers, f"clean_{clean}")(written)
    assert len(refused.value.messages[0]) < 200


def test_a_year_stays_right_after_new_year() -> None:
    with time_machine.travel(datetime(2031, 6, 1, tzinfo=UTC), tick=False):
        assert identifiers.clean_year("2032") == 2032


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Gu, Feifei", "Gu F"),
        ("Wang, Dan-Dan", "Wang DD"),
        ("Wang, D. D.", "Wang DD"),
        ("van der Berg, J.H., Jr.", "van der Berg JH Jr"),
        ("Özdemir, Şule", "Özdemir Ş"),
        ("王, 丹", "王 丹"),
        ("World Health Organization", "World Health Organization"),
        (",", ""),
    ],
)
def test_names_are_written_as_in_vancouver(written: str, kept: str) -> None:
    assert parse_inverted_name(written) == kept


# --- Lines of text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "References: Sole A et al (2013) Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.",
        "[3] Sole A et al. Slippers and magnets. Journal of Footwear. 2013 Nov 7;1(2):3-4",
        "1. Sole A, et al. Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.",
        "Sole A et al. (2013), Slippers and magnets. Journal of Footwear 1(2):3–4.",
    ],
)
def test_a_line_of_text_is_read_as_a_source(line: str) -> None:
    assert read_citation(line) == Source(
        key="sole-2013",
        authors="Sole A, et al",
        title="Slippers and magnets",
        journal="Journal of Footwear",
        year=2013,
        volume="1",
        issue="2",
        pages="3-4",
    )
    found = read_citation(f"{line} doi: 10.1007/X. PMID: 123")
    assert found
    assert (found.doi, found.pmid) == ("10.1007/x", "123")


@pytest.mark.parametrize("line", ["", "See our page.", "Sole A (9999). A. B.", "a. " * 3000])
def test_a_line_of_no_known_shape_is_no_source(line: str) -> None:
    assert read_citation(line) is None


@given(st.text(alphabet="a. ();:,0129et", max_size=200))
@settings(max_examples=200)
def test_any_line_is_a_source_or_none(line: str) -> None:
    source = read_citation(line)
    assert source is None or (source.title and identifiers.clean_key(source.key))


# --- Files ----------------------------------------------------------------------------------------

RIS = """\
TY  - JOUR
AU  - Sole, Anna
AU  - Heel, Ben
TI  - Slippers
  and magnets
T2  - Journal of Footwear
PY  - 2013/11/01/
VL  - 1
IS  - 2
SP  - 3
EP  - 4
DO  - https://doi.org/10.1007/X
ER  -

TY - GOVDOC
AU - US Food and Drug Administration
TI - About slippers
PY - 2020
DO - nonsense
"""

BIBTEX = r"""
@string{jof = "Journal of Footwear"}
@article{one, author = {Sole, Anna and Ben H{\"o}el and others}, year = 2013, month = nov,
  title = {Slippers in 50% of {UK} feet at $\beta$}, journal = jof, volume = 1, number = {2},
  pages = {3--4}, doi = {10.1007/x\_1}}
@misc{one, author = {{U.S. Food and Drug Administration}}, title = "First", title = "Second",
  url = {https://fda.example/a%20b~c}, year = 2020, journal = unknown}
@article{broken, title = {No end, year = 2010}
@article{last, title = {Said {"}no{"}}, year = {in press}}
"""


def test_ris_is_read_as_sources() -> None:
    first, second = read_ris(RIS.encode()).sources
    assert first == Source(
        key="sole-2013",
        authors="Sole A, Heel B",
        title="Slippers and magnets",
        journal="Journal of Footwear",
        year=2013,
        volume="1",
        issue="2",
        pages="3-4",
        doi="10.1007/x",
    )
    assert (second.key, second.design, second.doi) == ("fda-2020", "regulator", "")


def test_what_was_wrong_in_a_file_has_its_line() -> None:
    [problem] = read_ris(RIS.encode()).problems
    assert str(problem).startswith("Line 15: “nonsense” is no DOI.")
    assert str(problem).endswith("It was left out of “About slippers”.")
    assert [each.line for each in read_bibtex(BIBTEX.encode()).problems] == [6, 8, 9]


def test_bibtex_is_read_as_sources() -> None:
    first, second, third = read_bibtex(BIBTEX.encode()).sources
    assert first == Source(
        key="sole-2013",
        authors="Sole A, Höel B, et al",
        title="Slippers in 50% of UK feet at β",
        journal="Journal of Footwear",
        year=2013,
        volume="1",
        issue="2",
        pages="3-4",
        doi="10.1007/x_1",
    )
    assert (second.key, second.title, second.journal) == ("fda-2020", "First", "")
    assert second.url == "https://fda.example/a%20b~c"
    assert third.title == 'Said "no"'


def test_keys_are_suggested_once_each() -> None:
    thrice = "TY  - JOUR\nAU  - Sole, A\nTI  - One\nPY  - 2013\nER  - \n" * 3
    sources = read_ris(thrice.encode()).sources
    assert [each.key for each in sources] == ["sole-2013", "sole-2013-2", "sole-2013-3"]
    assert (
        identifiers.suggest_key(Source(key="", authors="Sjögren Ø", title="x")) == "sjogren-undated"
    )
    assert identifiers.suggest_key(Source(key="", title="2020 年")) == "source-undated"


@pytest.mark.parametrize("read", [read_ris, read_bibtex])
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no reference was found"),
        (b"just words\n\nmore", "no reference was found"),
        (b"\x00" * 100, "no reference was found"),
        (b"ok\nSj\xf6gren", "no UTF-8"),
        (b"\xff\xfe\x00\xd8", "no UTF-8"),
        (b"x" * 1_000_001, "1,000,001 bytes; 1,000,000 are the most"),
    ],
)
def test_what_is_no_list_of_references_is_told(read: object, raw: bytes, reason: str) -> None:
    reading = read(raw)  # type: ignore[operator]
    assert not reading.sources
    assert reason in reading.problems[0].reason


def test_other_encodings_with_a_mark_are_read() -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        assert len(read_ris(RIS.replace("\n", "\r\n").encode(encoding)).sources) == 2


HOSTILE = {
    "a tag, and lines without end": "TY  - JOUR\nTI  - x\n" + " a\n" * 300_000,
    "a line before any tag": "TY  - JOUR\n words\nDO  - 10.1/x\nER  - \nTY  - JOUR\n more\nER  - ",
    "many records": "TY  - JOUR\nTI  - x\nER  - \n" * 35_000,
    "many authors": "TY  - JOUR\nTI  - x\n" + "AU  - Sole, A\n" * 70_000,
    "many links": "TY  - JOUR\nTI  - x\nUR  - " + ";" * 900_000,
    "nested braces": "@article{a, title={" + "{" * 400_000 + "}" * 400_000 + "}}",
    "open braces": "@article{a, title=" + "{" * 900_000,
    "many entries": "@a{b,title={x}}\n" * 60_000,
    "many fields": "@a{b,title={x}," + "c={d},\n" * 130_000 + "}",
    "empty groups": ("@a{b,title={x" + "{}" * 900 + "},author={" + "{}" * 400 + "}}\n") * 300,
    "deep commands": "@a{b,title={" + r"\emph{" * 300 + "x" + "}" * 300 + "}}",
    "deep parts": "@a{b,title={" + r"\begin{a}" * 200 + "}}",
    "closing braces": "@a{b,title={x},author={" + r"\}" * 20_000 + "}}",
    "a string of itself": "@string{a = a}\n@string{b = a # b}\n@a{c, title = b, journal = a}",
    "a title of a book": "@a{b, title={" + "x" * 100_000 + "}}",
    "many ands": "@a{b, title={x}, author={" + "and " * 200_000 + "}}",
    "a comment": "@comment{" * 1_900,
    "files": r"@a{b, title={\input{/etc/passwd} \include{/etc/passwd}}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_soon(name: str) -> None:
    start = process_time()
    for read in (read_ris, read_bibtex):
        reading = read(HOSTILE[name].encode())
        assert reading.sources or reading.problems
        assert len(reading.problems) < 500
        assert "root:" not in repr(reading)
        for source in reading.sources:
            assert len(source.authors) <= 1000
            assert len(source.title) <= 500
    assert process_time() - start < 10, "some grows with the square of the length"


PIECES = (
    *("TY  - JOUR", "ER  - ", "TI  - x", "AU  - ,", "PY  - 2013", "\n", "ÿ", "\x00"),
    *("@a{", "@string{", "}", "{", '"', "=", "title", "author", ",", "#", "\\", "$", "%", "~", "("),
    *(")", " and "),
)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_file_is_too_clumsy(pieces: list[str]) -> None:
    raw = "".join(pieces).encode()
    for reading in (read_ris(raw), read_bibtex(raw)):
        assert reading.sources or reading.problems


# --- In words -------------------------------------------------------------------------------------


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
