"""A card has a row for deaths, says what everyone received, and infers nothing from silence."""

import pytest
from bs4 import BeautifulSoup

from articles.content import Content
from articles.rendering import finding_reader, group_sizes, render
from articles.rendering.finding_reader import UnreadableFinding
from articles.rendering.findings import OutcomeKind
from articles.rendering.library_snapshot import LibrarySnapshot, StudyDesign
from articles.rendering.not_stated import NotStated, parse_not_stated
from articles.rendering.study_designs import DESIGN_TEXTS

TRIAL = """\
study: deng-2017
design: randomised
groups: {cells: 12, placebo: 6}
everyone also: took the usual medicines.
followed: not stated
deaths: {placebo: 0 of 6, cells: 1 of 12}
outcomes:
  - harm: Had another serious illness
    count: {cells: 1 of 12, placebo: 2 of 6}
  - benefit: Reached remission
    count: {cells: 9 of 12, placebo: 5 of 6}
cannot show: Small benefits or harms.
"""
COUNTED = "deaths: {placebo: 0 of 6, cells: 1 of 12}\n"
BESIDES = "All 18 also took the usual medicines."


def card(finding: str) -> BeautifulSoup:
    body = f"```finding\n{finding}```"
    return BeautifulSoup(
        render(Content(title="", body=body), LibrarySnapshot()).body_html, "html.parser"
    )


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def test_truth_deaths_are_counted_separately_for_each_group() -> None:
    finding = finding_reader.read_finding(TRIAL, line=1)
    [deaths] = finding.of(OutcomeKind.DEATH)
    assert (deaths.counts, deaths.totals) == ((1, 0), (12, 6))
    [harm] = finding.of(OutcomeKind.HARM)
    assert harm.counts == (1, 2)


def test_truth_deaths_have_a_row_of_their_own_outside_benefits_and_harms() -> None:
    page = card(TRIAL)
    headings = [each.text for each in page.select(".evidence-sides h3")]
    assert headings == ["Benefits", "Other harms"]
    [row] = page.select(".evidence-side.death")
    assert not row.find_parent(class_="evidence-sides")
    said = words(row)  # type: ignore[arg-type]
    assert "cells: 1 of 12 died about 8 per 100" in said
    assert "placebo: 0 of 6 died 0 per 100" in said
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]
    assert [row.split("%")[0] for row in rows] == [
        "Benefit: Reached remission cells 75",
        "Benefit: Reached remission placebo 83.3",
        "Died cells 8.3",
        "Died placebo 0",
        "Harm: Had another serious illness cells 8.3",
        "Harm: Had another serious illness placebo 33.3",
    ]


@pytest.mark.parametrize("chosen", list(NotStated))
def test_truth_a_card_says_when_deaths_are_not_stated(chosen: NotStated) -> None:
    page = card(TRIAL.replace(COUNTED, f"deaths: {chosen}\n"))
    said = {NotStated.PAPER: "not stated in the full paper"}.get(chosen, chosen)
    assert f"Deaths: {said}. That doesn’t mean there were none." in words(page)
    [row] = [row for row in page.select("tbody tr") if row.th and row.th.text == "Deaths"]
    assert row.td
    assert row.td.text == said.capitalize()


def test_truth_empty_fields_say_nothing_about_the_study() -> None:
    blank = finding_reader.read_finding(TRIAL.replace(COUNTED, ""), line=1)
    assert not blank.says(OutcomeKind.DEATH)
    page = words(card(TRIAL.replace(COUNTED, "")))
    assert "Deaths: not filled in yet" in page
    assert "Deaths: not stated" not in page


@pytest.mark.parametrize(
    "line", ["deaths: none", "deaths: 1", "deaths: unknown", "deaths: 1 of 18"]
)
def test_truth_a_deaths_entry_that_is_not_a_count_is_refused(line: str) -> None:
    with pytest.raises(UnreadableFinding):
        finding_reader.read_finding(TRIAL.replace(COUNTED, f"{line}\n"), line=1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("not stated", NotStated.SUMMARY),
        ("Not reported", NotStated.SUMMARY),
        ("not reported in the abstract.", NotStated.SUMMARY),
        ("not stated in the paper", NotStated.PAPER),
        ("not reported in the article", NotStated.PAPER),
        ("none", None),
        ("unknown", None),
        ("", None),
        ("not stated, but likely", None),
    ],
)
def test_truth_a_bare_not_stated_claims_the_least(written: str, meant: NotStated | None) -> None:
    assert parse_not_stated(written) is meant


def test_truth_follow_up_not_stated_is_shown_in_plain_words() -> None:
    facts = {
        term.text: term.find_next("dd").get_text()  # type: ignore[union-attr]
        for term in card(TRIAL).select(".evidence-facts dt")
    }
    assert facts["Follow-up"] == "Not stated in the summary"


def test_truth_what_everyone_got_is_said_once_before_the_numbers() -> None:
    said = words(card(TRIAL))
    assert said.count(BESIDES) == 1
    assert said.index(BESIDES) < said.index("9 of 12")
    rendered = render(Content(title="", body=f"```finding\n{TRIAL}```"), LibrarySnapshot())
    assert BESIDES in rendered.text, "search reads it too"
    silent = TRIAL.replace("took the usual medicines.", "not stated")
    assert "What else everyone got: not stated in the summary." in words(card(silent))


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ((12, 6), "The groups are not the same size. With so few people, chance alone"),
        ((9, 9), "With so few people, chance alone"),
        ((1200, 29, 40), "The groups are not the same size. With so few people"),
        ((200, 100), "The groups are not the same size. So compare the numbers per 100"),
        ((135, 136), ""),
        ((30, 30), ""),
        ((8,), ""),
    ],
)
def test_truth_small_or_unequal_groups_are_pointed_out(groups: tuple[int, ...], said: str) -> None:
    found = group_sizes.explain_sizes(groups)
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_truth_a_trial_that_is_too_small_is_not_said_to_show_anything() -> None:
    small = words(card(TRIAL))
    assert "Does it work? This study can’t tell. Too few people took part." in small
    assert "With many more people, it could show whether the treatment made the difference" in small
    assert "It can show" not in small
    large = TRIAL.replace("cells: 12", "cells: 120").replace("placebo: 6", "placebo: 120")
    assert "It can show whether" in words(card(large))
    assert "Does it work? Compare the groups below" in words(card(large))


def test_truth_no_design_claims_that_chance_made_the_groups_alike() -> None:
    how = str(DESIGN_TEXTS[StudyDesign.RANDOMISED].how)
    assert "were alike" not in how
    assert "In a large study" in how


def test_truth_six_people_are_never_drawn_as_a_hundred() -> None:
    page = card(TRIAL.replace("cells: 12", "cells: '2,400'").replace("of 12", "of 2400"))
    placebo = page.select("figure svg.icon-array")[1]
    drawn = [str(path["d"]).count("M") for path in placebo.select("path")]
    assert drawn == [5, 1]


def test_a_spanish_page_reports_deaths_in_spanish() -> None:
    body = f"```finding\n{TRIAL}```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    rendered = render(Content(title="", body=body), LibrarySnapshot(language="es"))
    page = BeautifulSoup(rendered.body_html, "html.parser")
    row = page.select_one(".evidence-side.death")
    assert row
    assert "1 de 12 murió" in words(row)  # type: ignore[arg-type]
    assert "0 de 6 murieron" in words(row)  # type: ignore[arg-type]
    assert page.select_one('[aria-label="Tabla 1"]')
    assert "Died" not in rendered.body_html + rendered.text
