"""Checks for sales language, causes without a comparison, safety without counts, missing harms."""

from dataclasses import replace

import pytest

from tests.articles.texts import FINDING, GOOD, quotes, spots, spots_of


@pytest.mark.parametrize(
    "sentence",
    [
        "An AMAZING result.",
        "Amazingly, it helped.",
        "It is a game-changer.",
        "It is a game changer.",
        "They enjoyed it.",
        "It cures everybody.",
        "It fell significantly.",
        "These are promising results.",
        "It is safe and effective.",
        "It gives hope to many.",
    ],
)
def test_promotional_words_are_named(sentence: str) -> None:
    assert len(spots("hype", sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not a cure.",
        "There is no cure yet.",
        "Nobody knows whether it is safe and effective.",
        "It should be shown to be safe and effective.",
        "You are told that it is sure to work.",
        "It was a statistically significant change.",
        "We hope that this helps. Procure a kidney-friendly meal.",
        "They call it “A breakthrough for ankles” [@heel-2015].",
    ],
)
def test_the_same_words_may_deny_or_quote(sentence: str) -> None:
    assert quotes("hype", sentence) == ""


def test_a_word_may_stay_if_an_editor_justifies_it() -> None:
    assert spots("hype", "Amazingly so.", justified={"amazing": "It quotes a patient."}) == []
    assert spots("hype", "Amazingly so.", justified={"miracle": "It quotes a patient."})


def test_promising_is_allowed_only_at_promising_stages() -> None:
    assert spots("hype", "It is promising.", stage="promising") == []
    assert spots("hype", "It is promising.", stage="early")


@pytest.mark.parametrize(
    "sentence",
    [
        "The treatment improved sleep [@sole-2013].",
        "The cells really helped them [@sole-2013].",
        "They slept thanks to the magnets [@sole-2013].",
        "It led to sleep [@sole-2013].",
        "They slept because of this new treatment [@sole-2013].",
        "They were able to walk [@sole-2013].",
        "They got better because they wore magnets [@sole-2013].",
        "The treatment works.",  # in a section that cites no other study
    ],
)
def test_causal_claims_need_a_comparison(sentence: str) -> None:
    body = f"## Again\n\n{FINDING}\n\n{sentence}"
    assert len(spots("cause", body)) == 1
    compared = body.replace("sole-2013", "heel-2015").replace("uncontrolled", "randomised")
    assert spots("cause", compared) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The study cannot show that the cells were the cause [@sole-2013].",
        "It does not show that the treatment helped [@sole-2013].",
        "The treatment may have helped some [@sole-2013].",
        "Did the treatment help them [@sole-2013]?",
        "By 3 months, 5 of 8 people felt better [@sole-2013].",
        "One died due to pneumonia [@sole-2013].",
        "Tired ankles are due to long days.",
        "The treatment helped [@sole-2013; @heel-2015].",  # one of them is a randomized trial
        "The study did not report how they slept [@sole-2013].",
    ],
)
def test_careful_wording_passes(sentence: str) -> None:
    assert quotes("cause", sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "It has no side effects.",
        "Without any serious adverse effects, they slept.",
        "The magnets did not cause any apparent harm.",
        "It didn’t cause side effects.",
        "It is completely safe.",
        "Take this one, which is safe.",
        "It was well tolerated.",
    ],
)
def test_claims_of_no_risk_are_flagged(sentence: str) -> None:
    assert len(spots("absolute-safety", sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "In all, 0 of 8 people had serious side effects [@sole-2013].",
        "That does not show that it is safe to lower yours.",
        "Be wary if you are told that it has no risks.",
        "Is it safe?",
        "Ask whether there are no risks.",
        "It is not safe.",
        "Ask what is safe for you, and make sure it is safe.",
        "You may not have side effects.",
        "Keep it in a safe place.",
    ],
)
def test_counts_and_doubts_about_safety_pass(sentence: str) -> None:
    assert quotes("absolute-safety", sentence) == ""


def test_a_finding_counts_harms_in_the_same_people() -> None:
    one_sided = FINDING.replace("  - harm: Fell over\n    count: 1 of 8\n", "")
    assert "no harm" in spots("symmetry", one_sided)[0].why
    assert (
        spots("symmetry", one_sided.replace("cannot show", "harms: not reported\ncannot show"))
        == []
    )
    [fewer] = spots("symmetry", FINDING.replace("1 of 8", "1 of 7"))
    assert fewer.why == "It’s out of 7 people, but the group has 8."


def test_a_findings_design_matches_its_source() -> None:
    assert spots("design", FINDING.replace("uncontrolled", "randomised"))
    assert spots("design", FINDING) == []


BENEFIT = "In all, 5 of 8 people felt better [@sole-2013]."


@pytest.mark.parametrize(
    "harm", ["", "It can have side effects.", "It had no deaths.", "Any harm?"]
)
def test_missing_harms_are_reported(harm: str) -> None:
    content = replace(GOOD, summary="Not proven.", body=f"{BENEFIT} {harm}")
    assert spots_of("missing-harms", content)


@pytest.mark.parametrize(
    "harm",
    [
        "Of them, 1 of 8 people died [@sole-2013].",
        "One died of pneumonia.",
        "The study does not report harms.",
    ],
)
def test_counted_or_not_reported_harms_are_not_missing(harm: str) -> None:
    content = replace(GOOD, summary="Not proven.", body=f"{BENEFIT} {harm}")
    assert spots_of("missing-harms", content) == []
