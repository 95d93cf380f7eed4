"""The project's own drawings: placed by a marker, said in words, and cited where a study did it."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from articles.checking import run_checks
from articles.content import Content
from articles.rendering import cited_keys, drawings, render
from articles.rendering.document import read_document
from articles.rendering.drawing_words import DRAWING_TEXTS
from articles.rendering.library_snapshot import LibrarySnapshot, Source
from articles.templatetags.drawing_labels import label

CSS = Path(__file__).parents[3] / "portal/static/portal/css/article.css"
STUDIES = {key: Source(key=key, title=key) for key in ("gu-2014", "deng-2017")}


def _body(body: str, language: str = "en") -> BeautifulSoup:
    library = LibrarySnapshot(sources=STUDIES, language=language)
    rendered = render(Content(title="", body=body), library)
    return BeautifulSoup(rendered.body_html, "html.parser")


def _unmet(body: str) -> set[str]:
    found = run_checks(Content(title="", body=body), LibrarySnapshot(sources=STUDIES))
    return {result.check.id for result in found if not result.is_met}


def _faults(body: str) -> list[str]:
    return [fault.reason for fault in read_document(body).faults]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", drawings.DRAWINGS)
def test_each_drawing_has_a_name_and_all_of_it_in_words(name: str, language: str) -> None:
    page = _body(f"![](drawing:{name})", language)
    drawn = page.select_one("figure.drawing > svg[role=img]")
    assert drawn
    with translation.override(language):
        title, words = str(DRAWING_TEXTS[name].title), str(DRAWING_TEXTS[name].words)
    named = page.select_one(f"#{drawn['aria-labelledby']}")
    assert named
    assert named.text == title
    details = page.select_one("figcaption details")
    assert details
    assert words in details.text
    assert not page.select("p figure"), "a figure is never inside a paragraph"
    # A place for it is kept before it is drawn, so that nothing moves.
    assert drawn["viewbox"] == f"0 0 {drawn['width']} {drawn['height']}"


@pytest.mark.parametrize("name", drawings.DRAWINGS)
def test_the_words_of_a_drawing_are_translated_and_fit_its_width(name: str) -> None:
    lines = {}
    for language in ("en", "es"):
        drawn = _body(f"![](drawing:{name})", language)
        lines[language] = [each.text for each in drawn.select("svg tspan")]
        for text in drawn.select("svg text"):
            is_middle = "middle" in (text.get("class") or [])
            for line in text.select("tspan"):
                # A letter of 16 units is about 8 wide; the browser tests measure the real ones.
                reach = len(line.text) * 8 // (2 if is_middle else 1)
                assert int(str(line["x"])) + reach <= 330, line.text
    assert not set(lines["en"]) & set(lines["es"])


def test_every_color_of_a_drawing_comes_from_a_class_that_the_style_sheet_knows() -> None:
    css = CSS.read_text(encoding="utf-8")
    for name in drawings.DRAWINGS:
        for shape in _body(f"![](drawing:{name})").select("svg *"):
            assert shape.get("fill", "none") in {"none", "currentColor"}
            assert shape.get("stroke", "none") in {"none", "currentColor"}
            for each in shape.get("class") or []:
                assert f".{each} {{" in css, each


def test_a_drawing_of_studies_cites_them_and_they_count_as_cited() -> None:
    body = "![](drawing:two-studies)"
    page = _body(body)
    assert [link["href"] for link in page.select("figcaption a")] == ["#source-1", "#source-2"]
    assert cited_keys(Content(title="", body=body)) == ("gu-2014", "deng-2017")
    assert not _body("![](drawing:kidney)").select("figcaption a")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("![](drawing:heart)", "There is no drawing “heart”. These exist: kidney, "),
        ("Look: ![](drawing:kidney)", "has to be a paragraph of its own"),
        ("![](drawing:kidney)\n\n![](drawing:kidney)", "appears twice"),
        ("![](drawing:)", "Readers see only pictures from the library."),
    ],
)
def test_a_drawing_that_readers_would_not_get_keeps_the_page_from_them(body: str, why: str) -> None:
    [fault] = _faults(body)
    assert why in fault
    assert "readable" in _unmet(body)
    assert len(_body(body).select("figure.drawing")) == ("twice" in why)


def test_a_drawing_needs_no_description_by_the_editor_and_uses_theirs_where_it_has_none() -> None:
    assert not _unmet("![](drawing:kidney)") & {"alt", "readable"}
    assert _body("![A heart](drawing:heart)").text.strip() == "A heart"


def test_words_in_a_drawing_are_escaped_and_broken_where_the_translation_says() -> None:
    drawn = label(4, 20, "One & <b>|two", "name")
    assert drawn == (
        '<text class="name"><tspan x="4" y="20">One &amp; &lt;b&gt;</tspan>'
        '<tspan x="4" y="39">two</tspan></text>'
    )


def test_a_drawing_holds_no_white_space_that_every_reader_would_load() -> None:
    for name in drawings.DRAWINGS:
        drawn = str(_body(f"![](drawing:{name})").svg)
        assert not re.search(r"\s\s|\n", drawn)
        assert len(drawn) < 6_000
