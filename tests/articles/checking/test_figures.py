"""Which numbers need a source, and which percentages need a count."""

import pytest

from tests.articles.texts import FINDING, quotes, spots


@pytest.mark.parametrize(
    "sentence",
    [
        "It helped 3 of 17 people.",
        "Some 1,200 older patients wore them.",
        "One in 10 falls.",
        "One of the 17 died.",
        "About half of people have it.",
        "Two thirds of these patients slept.",
        "It was twice as likely.",
        "It was 3 times higher.",
        "The dose was 250 mg.",
        "The mean rose from 13.11 to 15.",
        "There were 4 deaths.",
        "In all, 60 per cent slept.",
    ],
)
def test_a_figure_needs_a_source(sentence: str) -> None:
    assert spots("figures-cited", sentence)
    assert spots("figures-cited", sentence.replace(".", " [@sole-2013].", -1)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It came out in 2014, and again in December 2020.",
        "In 2020 people began to ask.",
        "They were followed for 12 months.",
        "After 12 months most people had left.",
        "It is for adults aged 18 or older, and for people over 65.",
        "Call (312) 555-0147 at 5.30 pm.",
        "There are 2 questions on page 3, and 12 questions people ask.",
        "Two of the 3 hospitals took part.",
        "It costs $9.99.",
        "People with type 2 diabetes ask, as in a phase 3 trial.",
        "1. First, rest.\n2. Then walk.",
        "One person can have both, and two people never do.",
        "The FDA approved two in 2020.",
        "The code M32.14 stands for it.",
        "The 95% confidence interval is wide.",
    ],
)
def test_ordinary_prose_needs_no_source(sentence: str) -> None:
    assert quotes("figures-cited", sentence) == ""
    assert quotes("percentages-counted", sentence) == ""


def test_titles_summaries_headings_and_tables_may_repeat_cited_figures() -> None:
    cited = "In all, 3 of 17 people slept [@heel-2015].\n\n"
    repeated = {"title": "3 of 17 people", "summary": "Of them, 3 of 17 people slept."}
    assert spots("figures-cited", cited + "## What 17 people did", **repeated) == []
    assert len(spots("figures-cited", "## What 17 people did", **repeated)) == 3
    table = "| slept |\n|---|\n| 3 of 17 |"
    assert spots("figures-cited", cited + table) == []
    assert spots("figures-cited", table)
    assert spots("figures-cited", table.replace("slept", "slept [@heel-2015]")) == []


def test_a_sentence_may_repeat_figures_from_its_paragraph_or_a_card() -> None:
    cited = "In all, 3 of 17 people slept [@heel-2015]."
    assert spots("figures-cited", f"{cited} The 3 of 17 were tired.") == []
    assert spots("figures-cited", f"{cited}\n\nThe 3 of 17 were tired.")
    assert spots("figures-cited", "Again: 5 of 8 people (62.5%, or 63%) felt better.") == []
    assert spots("figures-cited", "Again: 64% felt better.")


def test_a_percentage_gives_its_total() -> None:
    assert spots("percentages-counted", "Of all, 60.5% slept [@heel-2015].")
    counted = "In all, 49 of 81 people (60.5%) slept [@heel-2015]."
    assert spots("percentages-counted", counted) == []
    assert spots("percentages-counted", f"{counted} The 60.5% were tired.") == []
    assert spots("percentages-counted", f"{counted}\n\nThe 60.5% were tired.")
    assert spots("percentages-counted", "They were 62.5% in all [@sole-2013].") == []  # of the card
    assert spots("percentages-counted", body=FINDING + "They were 62%.") == []


def test_an_issue_says_where_and_what_it_is() -> None:
    [spot] = spots("figures-cited", key_points="True [@sole-2013].\nAbout 60.5 % slept.")
    assert (spot.where, spot.quote) == ("key points line 2", "About 60.5 % slept.")
    assert spot.why == "There is no source for “60.5 %”."
