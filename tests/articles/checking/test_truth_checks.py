"""Truth checks refuse a page that claims more than it cites, or that reports half of a study."""

from dataclasses import replace
from typing import Any

import pytest

from articles.checking import run_checks
from articles.checking.stage import STAGE_REQUIREMENTS
from articles.content import Content
from articles.evidence_stages import STAGE_MEANINGS, Stage, stage_badge
from articles.rendering.library_snapshot import LibrarySnapshot, Source, Standing, StudyDesign
from tests.articles.rendering.test_truth_cards import BESIDES, COUNTED, TRIAL
from tests.articles.texts import FINDING, quotes, spots

LIBRARY = LibrarySnapshot(
    sources={
        key: Source(key=key, title=key, design=design, standing=standing)
        for key, design, standing in (
            ("deng-2017", StudyDesign.RANDOMISED, Standing.CURRENT),
            ("a-2020", StudyDesign.RANDOMISED, Standing.CURRENT),
            ("b-2021", StudyDesign.REVIEW, Standing.CURRENT),
            ("early-2014", StudyDesign.UNCONTROLLED, Standing.CURRENT),
            ("gone-2015", StudyDesign.RANDOMISED, Standing.RETRACTED),
            ("old-2016", StudyDesign.GUIDELINE, Standing.SUPERSEDED),
            ("fda-2020", StudyDesign.REGULATOR, Standing.CURRENT),
            ("page-2020", StudyDesign.OTHER, Standing.CURRENT),
        )
    }
)


def found(check: str, body: str, library: LibrarySnapshot = LIBRARY, **fields: str) -> list[str]:
    """Return what a check reports for a text that consists of this body alone."""
    words: dict[str, Any] = {"title": "Cells", "stage": Stage.NOT_PROVEN, **fields}
    answers = run_checks(Content(body=body, **words), library)
    [answer] = [each for each in answers if each.check.id == check]
    return [f"{spot.quote} | {spot.why}" for spot in answer.issues]


def trial(finding: str = TRIAL, more: str = "") -> str:
    return f"## Trial\n\n```finding\n{finding}```\n\n{more}"


# --- Deaths ---------------------------------------------------------------------------------------


def test_truth_a_finding_that_does_not_mention_deaths_is_refused() -> None:
    [why] = found("deaths", trial(TRIAL.replace(COUNTED, "")))
    assert "deaths: {cells: … of 12, placebo: … of 6}" in why
    assert found("deaths", trial()) == []
    assert found("deaths", trial(TRIAL.replace(COUNTED, "deaths: not stated\n"))) == []


@pytest.mark.parametrize(
    "what",
    [
        "Died or had another harm",
        "Serious events, one of them fatal",
        "Death or kidney failure",
        "Were alive at 12 months",
        "Did not survive the year",
        "Lost their lives",
    ],
)
def test_truth_deaths_are_not_hidden_in_other_outcomes(what: str) -> None:
    named = TRIAL.replace("Had another serious illness", what)
    assert len(found("deaths-apart", trial(named))) == 1
    as_benefit = TRIAL.replace("Reached remission", what)
    assert len(found("deaths-apart", trial(as_benefit))) == 1


@pytest.mark.parametrize("what", ["Had bone death", "Had an infection", "Went into remission"])
def test_truth_other_harms_are_allowed(what: str) -> None:
    assert found("deaths-apart", trial(TRIAL.replace("Had another serious illness", what))) == []


def test_truth_deaths_are_counted_in_the_same_people() -> None:
    [spot] = spots("symmetry", FINDING.replace("deaths: 0 of 8", "deaths: 0 of 7"))
    assert "out of 7 people, but the group has 8" in spot.why


# --- Not stated -----------------------------------------------------------------------------------

SILENT = TRIAL.replace(COUNTED, "deaths: not stated\n")
HARMLESS = (
    TRIAL.replace("  - harm: Had another serious illness\n", "")
    .replace("    count: {cells: 1 of 12, placebo: 2 of 6}\n", "")
    .replace("cannot show:", "harms: not stated\ncannot show:")
)


@pytest.mark.parametrize(
    ("finding", "elsewhere"),
    [
        (SILENT, trial()),
        (SILENT, "Of 12, one died [@deng-2017]."),
        (SILENT, "In all, 17 of 18 people were alive [@deng-2017]."),
        (HARMLESS, trial()),
        (HARMLESS, "One had a stroke [@deng-2017]."),
    ],
)
def test_truth_not_stated_is_refused_where_deaths_are_counted(finding: str, elsewhere: str) -> None:
    assert len(found("silence", trial(finding, elsewhere))) == 1


@pytest.mark.parametrize(
    ("finding", "elsewhere"),
    [
        (SILENT, "One had a stroke [@deng-2017]."),
        (HARMLESS, "Of 12, one died of pneumonia [@deng-2017]."),
        (SILENT, "Of 81, four died [@early-2014]."),
        (SILENT, "Did one of 12 die [@deng-2017]?"),
    ],
)
def test_truth_not_stated_is_allowed_where_nothing_is_counted(finding: str, elsewhere: str) -> None:
    assert found("silence", trial(finding, elsewhere)) == []


@pytest.mark.parametrize(
    ("followed", "is_refused"),
    [
        ("a time that this page does not have", True),
        ("unknown", True),
        ("n/a", True),
        ("12 months", False),
        ("one year", False),
        ("until they left the hospital", False),
        ("not stated in the summary", False),
        ("Not reported", False),
    ],
)
def test_truth_follow_up_is_a_duration_or_not_stated(followed: str, is_refused: bool) -> None:
    finding = TRIAL.replace("followed: not stated", f"followed: {followed}")
    assert bool(found("follow-up", trial(finding))) is is_refused


# --- Comparisons ----------------------------------------------------------------------------------


def test_truth_a_comparison_says_what_everyone_got() -> None:
    without = TRIAL.replace("everyone also: took the usual medicines.\n", "")
    assert len(found("given-besides", trial(without))) == 1
    assert found("given-besides", trial()) == []
    assert found("given-besides", FINDING) == [], "one group is no comparison"


WHOLE = f"With cells 9 of 12 went into remission, with placebo 5 of 6 [@deng-2017]. {BESIDES}"


@pytest.mark.parametrize(
    ("told", "lacks"),
    [
        (WHOLE, []),
        (WHOLE.replace(BESIDES, ""), [BESIDES]),
        ("Remission came in 5 of 6 without [@deng-2017].", ["9 of 12", BESIDES]),
        (f"Nine of 12 went into remission [@deng-2017]. {BESIDES}", ["5 of 6"]),
        ("In another study, 5 of 6 slept [@early-2014].", []),
        ("With cells, 1 of 12 died [@deng-2017].", []),
    ],
)
def test_truth_a_comparison_is_reported_in_full_everywhere(told: str, lacks: list[str]) -> None:
    for text in (
        found("comparison-whole", trial(more=told)),
        found("comparison-whole", trial(), key_points=told),
        found("comparison-whole", trial(), summary=told.replace(" [@deng-2017]", ""))
        if "early" not in told
        else lacks,
    ):
        assert len(text) == len(lacks)
        assert all(any(words in why for why in text) for words in lacks)


def test_truth_a_comparison_without_a_card_says_what_everyone_got() -> None:
    told = "Of 223 people, 96 of 223 responded, and 72 of 223 without [@a-2020]."
    assert len(found("comparison-whole", told)) == 1
    assert found("comparison-whole", f"{told} All 446 also took steroids.") == []
    assert found("comparison-whole", told.replace("a-2020", "early-2014")) == []


# --- Stages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "cited", "is_refused"),
    [
        ("established", "@a-2020; @b-2021", False),
        ("established", "@a-2020", True),
        ("established", "@a-2020; @gone-2015", True),
        ("established", "@a-2020; @old-2016", True),
        ("established", "@early-2014; @deng-2017", True),
        ("established", "@fda-2020; @page-2020", True),
        ("promising", "@a-2020", False),
        ("promising", "@early-2014", True),
        ("early", "@early-2014", False),
        ("early", "@fda-2020", True),
        ("not_proven", "@early-2014", False),
        ("not_proven", "@page-2020", True),
        ("disproven", "@a-2020; @b-2021", False),
        ("disproven", "@a-2020", True),
    ],
)
def test_truth_a_stage_is_based_on_what_the_page_cites(
    stage: str, cited: str, is_refused: bool
) -> None:
    body = f"The treatment was studied [{cited}]."
    assert bool(found("stage-carried", body, stage=stage)) is is_refused


def test_truth_sources_count_only_where_the_treatment_is_discussed() -> None:
    elsewhere = "Lupus is a disease [@a-2020; @b-2021].\n\nThe treatment is new."
    [why] = found("stage-carried", elsewhere, stage="established")
    assert "This page cites none" in why
    assert found("stage-carried", "Does the treatment work [@a-2020; @b-2021]?", stage="promising")


def test_truth_a_page_without_a_claim_has_stage_none() -> None:
    checklist = "Ask who pays for the study. A registry is a list [@fda-2020]."
    assert found("stage-carried", checklist, stage="not_proven")
    assert found("stage-carried", checklist, stage="none") == []
    assert found("stage-missing", checklist, stage="none") == []


@pytest.mark.parametrize(
    "claim",
    [
        trial(),
        "With the cells, 49 of 81 people got better [@early-2014].",
        "The treatment works [@a-2020].",
        "These pills lower blood pressure.",
    ],
)
def test_truth_a_page_with_a_claim_needs_a_stage(claim: str) -> None:
    assert found("stage-missing", claim, stage="none")
    assert found("stage-missing", claim, stage="promising") == []


@pytest.mark.parametrize(
    "words",
    [
        "Medicines can have serious side effects.",
        "The FDA approved this medicine [@fda-2020].",
        "Does the treatment work?",
        "A urine test caught 91% of them [@page-2020].",
        "Ask whether the treatment works.",
    ],
)
def test_truth_text_about_a_disease_needs_no_stage(words: str) -> None:
    assert found("stage-missing", words, stage="none") == []


def test_truth_every_stage_has_a_rule_and_wording() -> None:
    assert set(STAGE_REQUIREMENTS) == set(Stage) - {Stage.NONE}
    assert set(STAGE_MEANINGS) == set(Stage)
    assert {stage_badge(stage) for stage in ("", Stage.NONE)} == {""}
    assert stage_badge("early") == "Early"
    assert not any(word in f"{STAGE_MEANINGS}".lower() for word in ("no study", "never", "cannot"))


# --- Beyond what was looked at --------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "No study can show that it works.",
        "No trial has shown it.",
        "There is no evidence for it.",
        "All studies agree.",
        "It has never been tested.",
        "It never works.",
        "It cannot cure lupus.",
        "It is proven.",
        "The trial proves it.",
        "This is the only study.",
    ],
)
def test_truth_claims_beyond_the_sources_get_a_hint(sentence: str) -> None:
    assert len(spots("beyond-sources", sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The studies we looked at do not show that it works.",
        "No study that we found shows it.",
        "It is not proven.",
        "This page cannot tell what suits you.",
        "Ask whether no study shows it.",
        "You are told that it never fails.",
        "No one in that study went without the cells.",
    ],
)
def test_truth_claims_with_stated_limits_pass(sentence: str) -> None:
    assert quotes("beyond-sources", sentence) == ""


def test_truth_counts_on_another_live_page_are_considered() -> None:
    library = replace(LIBRARY, counted_elsewhere={"deng-2017": frozenset({"death"})})
    [why] = found("silence", trial(SILENT), library)
    assert "another live page counts deaths in deng-2017" in why
    assert found("silence", trial(HARMLESS), library) == []
