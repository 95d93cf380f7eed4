"""How easy a text is to read: syllables, grade level, sentence length, words."""

import pytest

from articles.checking.english import grade, syllables, words_a_sentence
from tests.articles.texts import quotes, spots

SYLLABLES = {
    1: """the he me through cells caused helped takes used died eyes strengths healed year aches
        where""",
    2: """kidney table tables trial trials disease doses treated approved safely hopeful people
        patient sometimes science diet quiet lupus being fluid paying player social isn’t litre
        centre studies every region million someone hundred protein rhythm cautious""",
    3: """remission placebo medicine prednisone nephritis infusion serious easier period area idea
        theory diseases medical approval randomised usual hospital video biopsy completely
        physician initial FDA well-being asked-for-it""",
    4: """inflammation material experience situation appreciate mesenchymal anemia January
        diagnosis bacteria recovery organism continuous society transplantation""",
    5: """association allogeneic mycophenolate cyclophosphamide glucocorticoids proteinuria
        individual coordinator""",
    6: "erythematosus physiotherapy responsibility",
}


@pytest.mark.parametrize(
    ("count", "word"),
    [(count, word) for count, words in SYLLABLES.items() for word in words.split()],
)
def test_syllables(count: int, word: str) -> None:
    assert syllables(word) == count


def test_the_grade_follows_the_formula() -> None:
    # 6 words of 1 syllable; then 11 words in 2 sentences with 17 syllables.
    assert grade("The cat sat on the mat.") == pytest.approx(max(0, 0.39 * 6 + 11.8 - 15.59))
    text = "Lupus nephritis is a kidney disease. Urine tests can find it."
    assert grade(text) == pytest.approx(0.39 * 11 / 2 + 11.8 * 17 / 11 - 15.59)
    assert words_a_sentence(text) == pytest.approx(5.5)


def test_a_text_without_words_has_no_grade() -> None:
    assert grade("") == grade("… ?!") == words_a_sentence("") == 0


def test_a_hard_text_is_flagged() -> None:
    hard = "Glucocorticoids attenuate immunological inflammation considerably. " * 30
    assert spots("grade", hard)


def test_short_list_items_do_not_make_a_text_easier() -> None:
    hard = "Glucocorticoids attenuate immunological inflammation considerably. " * 3
    assert spots("grade", body=hard + "\n\n" + "- a cat\n" * 200)


def test_long_sentences_and_paragraphs_are_named() -> None:
    assert quotes("long-sentences", "word " * 20 + ".") == ""
    assert spots("long-sentences", "word " * 21 + ".")[0].why == "It has 21 words."
    assert spots("long-paragraphs", "One is. Two is. Three is.") == []
    assert spots("long-paragraphs", "One is. Two is. Three is. Four is.")
    assert spots("long-summary", summary="word " * 61)


@pytest.mark.parametrize(
    "sentence",
    [
        "The prognosis is unclear.",
        "Many had oedema and worse.",
        "It was a double-blind trial.",
    ],
)
def test_jargon_is_named(sentence: str) -> None:
    assert len(spots("jargon", sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "They had a flare.",  # the glossary defines it
        "They got a placebo, a look-alike.",
        "They had swelling (oedema).",
        "Their doctors call it *dialysis*.",
        "Sepsis means that an infection spreads. Then sepsis hurts.",
        "Then sepsis hurts. Sepsis means that an infection spreads.",
        "It came by infusion, which means through a thin tube.",
    ],
)
def test_explained_jargon_is_not_named(sentence: str) -> None:
    assert quotes("jargon", sentence) == ""


def test_headings_must_describe_what_follows() -> None:
    assert spots("headings", "## Introduction\n\nSo.")
    assert spots("headings", "## Who asks\n\nSo.\n\n## Who asks\n\nSo.")
    assert spots("headings", "## Who asks\n\nSo.") == []
