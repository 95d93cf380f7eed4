"""Which changes to an English text leave what it says as it was. When in doubt, none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from articles.content import Content
from articles.editing.small_changes import (
    Correction,
    SaysMoreError,
    list_corrections,
)
from tests.articles.texts import FINDING

TERMS = ("flare", "Lupus nephritis", "GFR")


def corrections(
    before: Content,
    after: Content,
    *,
    language: str = "en",
    is_used_elsewhere: Callable[[str], bool] = lambda word: False,
) -> tuple[Correction, ...]:
    return list_corrections(
        before.cleaned(),
        after.cleaned(),
        language=language,
        terms=TERMS,
        is_used_elsewhere=is_used_elsewhere,
    )


def is_small(before: str, after: str, **options: Any) -> bool:
    """Whether a body may become another without a new review of everything."""
    old = Content(title="Kidney tests", body=before)
    try:
        corrections(old, replace(old, body=after), **options)
    except SaysMoreError:
        return False
    return True


#: Before, after: what a reviewer need not read the sources for again.
SMALL = [
    ("It helps the kidnye filter.", "It helps the kidney filter."),
    ("You recieve care.", "You receive care."),
    ("The treatmnet helped.", "The treatment helped."),
    ("It occured in a clinic.", "It occurred in a clinic."),
    ("Your symtoms can change.", "Your symptoms can change."),
    ("It is a diffrent question.", "It is a different question."),
    ("Swelling and inflamation.", "Swelling and inflammation."),
    ("Ask about the infecton.", "Ask about the infection."),
    ("Your swolen feet hurt.", "Your swollen feet hurt."),
    ("Inflamation can hurt.", "Inflammation can hurt."),
    ("It hurts teh foot.", "It hurts the foot."),
    ("It hurts the the foot.", "It hurts the foot."),
    ("It hurts,, they said.", "It hurts, they said."),
    ("It hurts", "It hurts."),
    ("it hurts.", "It hurts."),
    ("It hurts. they rested.", "It hurts. They rested."),
    ("It  hurts\nthem.", "It hurts them."),
    ("It hurts , they said.", "It hurts, they said."),
    ('It\'s a "test".', "It’s a “test”."),
    ("* One\n* Two", "- One\n- Two"),
    ("_One_ word", "*One* word"),
    ("One word\n\n\n\nAnother", "One word\n\nAnother"),
    ("## Heading ##", "## Heading"),
    ("See [the symtoms](/a/).", "See [the symptoms](/a/)."),
    ("![A kidnye](image:a)", "![A kidney](image:a)"),
    ('![A kidney](image:a "Your kidnye")', '![A kidney](image:a "Your kidney")'),
    ("| A | B |\n|---|---|\n| symtoms | C |", "| A | B |\n|---|---|\n| symptoms | C |"),
    ("## The symtoms", "## The symptoms"),
    ("::: emergency\nSymtoms are bad.\n:::", "::: emergency\nSymptoms are bad.\n:::"),
    ("A test of the caf\u00e9.", "A test of the cafe\u0301."),
]


@pytest.mark.parametrize(("before", "after"), SMALL)
def test_truth_a_corrected_slip_leaves_what_a_text_says(before: str, after: str) -> None:
    assert is_small(before, after)


#: Before, after: what may change what the text says.
MORE = [
    # Digits, units, doses
    ("Take 1.5 mg.", "Take 15 mg."),
    ("Take 1. 5 mg.", "Take 1.5 mg."),
    ("Take 5 mg.", "Take 5 mcg."),
    ("Take 5 mg.", "Take 5 Mg."),
    ("Take 5 mg.", "Take 5mg."),
    ("Take 5-8 tablets.", "Take 5–8 tablets."),
    ("Take one tablet.", "Take ten tablet."),
    ("In two weaks.", "In two weeks."),
    ("It is taken twise daily.", "It is taken twice daily."),
    ("1. One\n2. Two", "2. One\n3. Two"),
    # Negation and how sure
    ("It does not help.", "It does help."),
    ("It does help.", "It does not help."),
    ("It does nto help.", "It does not help."),
    ("You can eat.", "You can't eat."),
    ("You cant eat.", "You can't eat."),
    ("It may help.", "It will help."),
    ("It mya help.", "It may help."),
    ("It wil help.", "It will help."),
    ("It is unsafe.", "It is safe."),
    ("An untreated infection.", "A treated infection."),
    ("No no risk.", "No risk."),
    ("If it hurts, stop.", "It hurts, stop."),
    # Words that are another word
    ("They increase the risk.", "They decrease the risk."),
    ("The incrase is small.", "The increase is small."),
    ("It causes harm.", "It cases harm."),
    ("The benefit is small.", "The benefits is small."),
    ("It came form them.", "It came from them."),
    ("The trail ended.", "The trial ended."),
    ("You recieve care.", "You relieve care."),
    ("It hurts hte foot.", "It hurts a foot."),
    ("Low hypetension is it.", "Low hypertension is it."),
    ("It is hypotension.", "It is hypertension."),
    ("It is hypotensoin.", "It is hypertension."),
    ("Take prednisone.", "Take prednisolone."),
    ("It was nephritus.", "It was nephritis."),
    ("Take cortisome.", "Take cortisone."),
    ("Take ibuprofin.", "Take ibuprofen."),
    ("Take heparn.", "Take heparin."),
    ("Take metformin.", "Take performing."),
    ("Say salud to them.", "Say salad to them."),
    ("Take clonidine.", "Take coniine."),
    ("A cytokine test.", "A cytosine test."),
    ("It happened in Bostn.", "It happened in Boston."),
    ("A fliar hurts.", "A flare hurts."),
    ("A flair hurts.", "A flare hurts."),
    ("Take it with gfr.", "Take it with GFR."),
    ("This aids them.", "This AIDS them."),
    ("Polish people.", "The people."),
    ("It was nephritis.", "It was nephrosis."),
    ("They had a mastectmy.", "They had a mastectomy."),
    ("It hurts more more.", "It hurts more."),
    ("The kidny biopsy.", "The liver biopsy."),
    ("It hurts whe they rest.", "It hurts when they rest."),
    # Marks
    ("Let’s eat, doctor.", "Let’s eat doctor."),
    ("Stop, it hurts.", "Stop it, hurts."),
    ("It hurts?", "It hurts."),
    ("It hurts!", "It hurts."),
    ("It hurts: they rest.", "It hurts; they rest."),
    ("A re-sign of it.", "A resign of it."),
    ("It is now here.", "It is nowhere."),
    ("not*able*", "not *able*"),
    # Order, place, boxes
    ("One word. Another one.", "Another one. One word."),
    ("One word.\n\nAnother.", "Another.\n\nOne word."),
    ("::: emergency\nCall.\n:::", "Call."),
    ("Call.", "::: emergency\nCall.\n:::"),
    ("::: emergency\nCall.\n:::", "::: more\nCall.\n:::"),
    ("::: more Harms\nCall.\n:::", "::: more Harm\nCall.\n:::"),
    ("## Heading\n\nA word", "### Heading\n\nA word"),
    ("- One\n- Two", "1. One\n1. Two"),
    ("One word", "- One word"),
    ("| A | B |\n|---|---|\n| cat | dog |", "| A | B |\n|---|---|\n| dog | cat |"),
    ("| A | B |\n|---|---|\n| cat | dog |", "| A | B |\n|---|---|\n| cat | |"),
    ("One word.", "One word.\n\nAnother."),
    # Sources, links, pictures, code, findings
    ("It hurts. [@gu-2014]", "It hurts. [@deng-2017]"),
    ("It hurts. [@gu-2014]", "It hurts."),
    ("It hurts [@gu-2014] them. It.", "It hurts them [@gu-2014]. It."),
    ("See [this](/a/).", "See [this](/b/)."),
    ("See [this](/a/).", "See this."),
    ("See [this word](/a/).", "See this [word](/a/)."),
    ("![A kidney](image:a)", "![A kidney](image:b)"),
    ('![A kidney](image:a "decorative")', '![A kidney](image:a "A kidney")'),
    ("![A kidney](image:a)", "![A liver](image:a)"),
    ('![A](image:a "Left kidney")', '![A](image:a "Right kidney")'),
    ("Write `one`.", "Write `two`."),
    (FINDING, FINDING.replace("5 of 8", "6 of 8")),
    (FINDING, FINDING.replace("Fell over", "Felt over")),
    (FINDING, FINDING.replace("uncontrolled", "controlled")),
    # Letters that only look the same
    ("It hurts th\u0435 foot.", "It hurts the foot."),
    ("It hurts the foot.", "It hurts th\u0435 foot."),
]


@pytest.mark.parametrize(("before", "after"), MORE)
def test_truth_whatever_may_change_what_a_text_says_is_not_small(before: str, after: str) -> None:
    assert not is_small(before, after)
