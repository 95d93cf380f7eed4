"""The evidence card shows the same numbers as a drawing, a sentence and a table, harms included."""

import pytest
from bs4 import BeautifulSoup

from articles.content import Content
from articles.rendering import icon_arrays, proportions, render
from articles.rendering.library_snapshot import LibrarySnapshot
from tests.articles.rendering.test_findings import ONE_GROUP, TWO_GROUPS


def _card(finding: str) -> BeautifulSoup:
    body = f"```finding\n{finding}```"
    return BeautifulSoup(
        render(Content(title="", body=body), LibrarySnapshot()).body_html, "html.parser"
    )


def _figures(card: BeautifulSoup) -> list[tuple[int, int]]:
    """Count the filled and hollow figures in each drawing: each figure is one move command."""
    return [
        (
            str(drawing.select_one(".icon-full")["d"]).count("M"),  # type: ignore[index]
            str(drawing.select_one(".icon-hollow")["d"]).count("M"),  # type: ignore[index]
        )
        for drawing in card.select("svg.icon-array")
    ]


def test_a_card_gives_the_same_numbers_in_drawing_sentence_and_table() -> None:
    card = _card(ONE_GROUP)
    assert _figures(card) == [(49, 32), (4, 77)]
    assert "49 of 81 people, 60.5%; 95% interval 49.6% to 70.4%" in card.text
    row = card.select("tbody tr")[0]
    assert row.th
    assert row.th["scope"] == "row"
    assert [cell.text for cell in row.select("td")] == ["49 of 81", "60.5%", "49.6% to 70.4%"]
    assert card.caption
    assert card.caption.text == "Evidence 1 in numbers"


def test_a_card_says_what_its_study_design_cannot_show() -> None:
    text = _card(ONE_GROUP).text
    assert "study without a comparison group" in text
    assert "It can’t show that the treatment was the reason" in text
    assert "What this study can’t show. Whether the cells were the cause" in text


def test_drawings_are_hidden_from_screen_readers() -> None:
    for drawing in _card(ONE_GROUP).select("svg"):
        assert drawing["aria-hidden"] == "true"
        assert not drawing.select("[style]")


def test_groups_appear_side_by_side_and_unreported_harms_are_stated() -> None:
    card = _card(TWO_GROUPS)
    assert _figures(card) == [(9, 3), (5, 1)]
    assert "18 (cells: 12; placebo: 6)" in card.text
    harms = card.select_one(".evidence-side.harm")
    assert harms
    assert "Other harms: not stated in the summary." in harms.text


def test_truth_many_people_are_drawn_as_a_hundred_and_a_few_one_by_one() -> None:
    finding = TWO_GROUPS.replace("cells: 12", "cells: '2,500'").replace("9 of 12", "5 of 2500")
    card = _card(finding)
    assert _figures(card) == [(1, 99), (5, 1)]
    assert "Each figure stands for about 25 people." in card.text
    assert "we show one figure" in card.text
    assert "Each figure stands for 1 person." in card.text


@pytest.mark.parametrize(
    ("count", "total", "filled"),
    [(0, 5000, 0), (1, 5000, 1), (4999, 5000, 99), (5000, 5000, 100), (2500, 5000, 50)],
)
def test_a_drawing_never_rounds_to_nobody_or_everybody(count: int, total: int, filled: int) -> None:
    assert icon_arrays.filled_count(count, total, scaled=True) == filled


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        # Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med
        # 1998;17:857-72, table I, method 3.
        (81, 263, "25.5% to 36.6%"),
        (15, 148, "6.2% to 16%"),
        (0, 20, "0% to 16.1%"),
        (1, 29, "0.6% to 17.2%"),
        (20, 20, "83.9% to 100%"),
    ],
)
def test_the_interval_is_a_wilson_interval(count: int, total: int, words: str) -> None:
    assert proportions.format_interval(count, total) == words


def test_nearly_none_is_not_shown_as_none_nor_nearly_all_as_all() -> None:
    assert proportions.format_percent(0.0001) == "under 0.1%"
    assert proportions.format_percent(0.9999) == "over 99.9%"
    assert [proportions.format_percent(share) for share in (0, 0.75, 1)] == ["0%", "75%", "100%"]


def test_a_malformed_finding_is_shown_as_plain_text() -> None:
    card = _card("study: gu-2014\n<b>people</b>: many\n")
    assert not card.select("section, b")
    assert card.pre
    assert "<b>people</b>: many" in card.pre.text


def test_html_in_a_finding_is_shown_as_text() -> None:
    card = _card(ONE_GROUP.replace("Died", "<img src=x onerror=alert(1)>"))
    assert not card.select("img")
    assert "<img src=x onerror=alert(1)> within 12 months" in card.text


def test_card_heading_levels_follow_the_heading_above() -> None:
    body = f"## Above\n\n```finding\n{ONE_GROUP}```"
    soup = BeautifulSoup(
        render(Content(title="", body=body), LibrarySnapshot()).body_html, "html.parser"
    )
    assert [each.name for each in soup.select("h2, h3, h4, h5")] == ["h2", "h3", "h4", "h4", "h4"]
