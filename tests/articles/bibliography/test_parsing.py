"""Parsing reference files: what is read, what is refused, and that no input makes it hang."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.bibliography import identifiers
from articles.bibliography.bibtex import read_bibtex
from articles.bibliography.ris import read_ris
from articles.rendering.library_snapshot import Source
from tests.articles.bibliography.samples import BIBTEX, HOSTILE, RIS


def test_ris_is_parsed_into_sources() -> None:
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


def test_problems_in_a_file_give_the_line_number() -> None:
    [problem] = read_ris(RIS.encode()).problems
    assert str(problem).startswith("Line 15: “nonsense” isn’t a DOI.")
    assert str(problem).endswith("It was left out of “About slippers”.")
    assert [each.line for each in read_bibtex(BIBTEX.encode()).problems] == [6, 6, 8, 9]


def test_bibtex_is_parsed_into_sources() -> None:
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


def test_each_key_is_suggested_once() -> None:
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
        (b"", "No references were found"),
        (b"just words\n\nmore", "No references were found"),
        (b"\x00" * 100, "No references were found"),
        (b"ok\nSj\xf6gren", "No references were found"),
        (b"\xff\xfe\x00\xd8", "This isn’t text"),
        (b"x" * 1_000_001, "1,000,001 bytes. The limit is 1,000,000"),
    ],
)
def test_a_file_without_references_is_reported(read: object, raw: bytes, reason: str) -> None:
    reading = read(raw)  # type: ignore[operator]
    assert not reading.sources
    assert reason in reading.problems[0].reason


def test_other_encodings_with_a_bom_are_read() -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        assert len(read_ris(RIS.replace("\n", "\r\n").encode(encoding)).sources) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_handled_quickly(name: str) -> None:
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
def test_a_clumsy_file_gives_sources_or_problems(pieces: list[str]) -> None:
    raw = "".join(pieces).encode()
    for reading in (read_ris(raw), read_bibtex(raw)):
        assert reading.sources or reading.problems
