"""Parsing references that are written as lines of text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.bibliography import identifiers
from articles.bibliography.citations import read_citation
from articles.rendering.library_snapshot import Source


@pytest.mark.parametrize(
    "line",
    [
        "References: Sole A et al (2013) Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.",
        "[3] Sole A et al. Slippers and magnets. Journal of Footwear. 2013 Nov 7;1(2):3-4",
        "1. Sole A, et al. Slippers and magnets. Journal of Footwear. 2013;1(2):3-4.",
        "Sole A et al. (2013), Slippers and magnets. Journal of Footwear 1(2):3–4.",
    ],
)
def test_a_line_of_text_is_parsed_as_a_source(line: str) -> None:
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
def test_a_line_in_an_unknown_format_is_not_a_source(line: str) -> None:
    assert read_citation(line) is None


@given(st.text(alphabet="a. ();:,0129et", max_size=200))
@settings(max_examples=200)
def test_any_line_gives_a_source_or_none(line: str) -> None:
    source = read_citation(line)
    assert source is None or (source.title and identifiers.clean_key(source.key))
