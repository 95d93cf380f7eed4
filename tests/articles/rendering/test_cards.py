"""The evidence card says each number once, next to a drawing of it, and harms like benefits."""

import re

import pytest
from bs4 import BeautifulSoup

from articles.content import Content
from articles.rendering import icon_arrays, proportions, render
from articles.rendering.certainty import Certainty, Ground, Rating
from articles.rendering.library_snapshot import LibrarySnapshot
from tests.articles.rendering.test_findings import ONE_GROUP, TWO_GROUPS


def _card(finding: str, rating: Rating | None = None) -> BeautifulSoup:
    body = f"```finding\n{finding}```"
    library = LibrarySnapshot(ratings={1: rating} if rating else {})
    return BeautifulSoup(render(Content(title="", body=body), library).body_html, "html.parser")


def _figures(card: BeautifulSoup) -> list[tuple[int, int]]:
    """Count the filled and hollow figures in each drawing: each figure is one move command."""
    return [
        (
            str(drawing.select_one(".icon-full")["d"]).count("M"),  # type: ignore[index]
            str(drawing.select_one(".icon-hollow")["d"]).count("M"),  # type: ignore[index]
        )
        for drawing in card.select("svg.icon-array")
    ]


def test_a_card_says_each_number_once_and_adds_only_the_exact_ones_in_its_table() -> None:
    card = _card(ONE_GROUP)
    assert _figures(card) == [(49, 32), (4, 77)]
    for number in ("49 of 81", "60 per 100", "60.5%", "49.6% to 70.4%", "4 of 81", "5 per 100"):
        assert len(re.findall(rf"(?<![\d.]){re.escape(number)}", card.text)) == 1, number
    row = card.select("details tbody tr")[0]
    assert row.th
    assert row.th["scope"] == "row"
    assert [cell.text for cell in row.select("td")] == ["60.5%", "49.6% to 70.4%"]
    assert card.caption
    assert card.caption.text == "Evidence 1 in percentages"


@pytest.mark.parametrize(
    ("count", "total", "words"),
    [
        (49, 81, "about 60 per 100"),
        (9, 12, "75 per 100"),
        (0, 6, "0 per 100"),
        (6, 6, "100 per 100"),
        (1, 5000, "fewer than 1 per 100"),
        (4999, 5000, "more than 99 per 100"),
        (41, 100, ""),  # its count says it already
    ],
)
def test_a_share_of_100_is_never_rounded_to_nobody_or_everybody(
    count: int, total: int, words: str
) -> None:
    assert proportions.format_per_hundred(count, total) == words


def test_the_key_comes_before_the_first_drawing_and_names_every_shape() -> None:
    card = _card(f"{ONE_GROUP}deaths: 4 of 81\n")
    drawings = card.select("svg")
    assert [drawing["class"] for drawing in drawings[:5]] == [
        ["icon", "benefit"],
        ["icon", "harm"],
        ["icon", "death"],
        ["icon", "benefit"],  # a ring: a person without the result
        ["icon-array", "benefit"],
    ]
    key = card.select_one(".evidence-key")
    assert key
    assert " ".join(key.text.split()).startswith("Benefit Harm Death Did not have this result")
    shapes = {str(each["d"]).partition("m")[2] for each in card.select(".icon > .icon-full[d]")}
    assert len(shapes - {""}) == 3, "each meaning has a shape of its own"


def test_a_card_says_what_was_tested_on_whom_and_against_whom() -> None:
    about = "tested: Donor cells\non whom: people with lupus nephritis\n"
    alone, compared = _card(about + ONE_GROUP), _card(about + TWO_GROUPS)
    assert _facts(alone) == {
        "Does it work?": "This study can’t tell. No one in it went without the treatment.",
        "What was tested": "Donor cells",
        "On whom": "81 people with lupus nephritis",
        "Comparison group": "None. Everyone in the study got the treatment.",
        "Follow-up": "12 months",
        "Source": "[source missing: gu-2014]",
    }
    assert _facts(compared)["Comparison group"] == (
        "Yes: cells (12 people), placebo (6 people). Chance decided who got which."
    )
    assert _facts(compared)["On whom"] == "People with lupus nephritis"


def _facts(card: BeautifulSoup) -> dict[str, str]:
    return {
        term.text: term.find_next("dd").get_text().strip()  # type: ignore[union-attr]
        for term in card.select(".evidence-facts dt")
    }


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (Certainty.MODERATE, "Moderate certainty. The true effect is probably close"),
        (Certainty.VERY_LOW, "Very low certainty. The true effect is probably quite different"),
    ],
)
def test_a_card_says_how_sure_a_reviewer_was_and_why(level: Certainty, words: str) -> None:
    grounds = (Ground.FEW_PEOPLE, Ground.STOPPED_EARLY)
    text = " ".join(_card(ONE_GROUP, Rating(level=level, grounds=grounds)).text.split())
    assert words in text
    assert "Why: few people took part; it was stopped early." in text


def test_truth_a_card_that_nobody_rated_says_so_and_shows_no_level() -> None:
    card = _card(ONE_GROUP)
    assert "Not rated. No medical reviewer has rated how certain this evidence is." in card.text
    assert "certainty." not in card.text
    assert not card.select(".certainty-level")


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
    harms = card.select_one(".evidence-side.harm")
    assert harms
    assert "Other harms: not stated in the summary." in harms.text


def test_truth_many_people_are_drawn_as_a_hundred_and_a_few_one_by_one() -> None:
    finding = TWO_GROUPS.replace("cells: 12", "cells: '2,500'").replace("9 of 12", "5 of 2500")
    card = _card(finding)
    assert _figures(card) == [(1, 99), (5, 1)]
    assert "Each shape is about 25 people." in card.text
    assert "we show one shape" in card.text
    assert "Each shape is 1 person." in card.text


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
    levels = [each.name for each in soup.select("h2, h3, h4, h5")]
    assert levels == ["h2", "h3", "h4", "h4", "h4", "h4"]
