"""The guess at a reply's language is right, or makes no claim."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiries.triage.language_guess import guess_language
from tests.inquiries.triage.sentences import ENGLISH, NEITHER, SPANISH

OF = {"en": ENGLISH, "es": SPANISH}


def test_there_are_thirty_sentences_in_each_language() -> None:
    assert [len(set(sentences)) for sentences in OF.values()] == [30, 30]


@pytest.mark.parametrize("sentence", ENGLISH)
def test_english_is_recognized(sentence: str) -> None:
    assert guess_language(sentence) == "en"


@pytest.mark.parametrize("sentence", SPANISH)
def test_spanish_is_recognized(sentence: str) -> None:
    assert guess_language(sentence) == "es"


@pytest.mark.parametrize("text", NEITHER)
def test_short_mixed_or_other_language_text_is_not_guessed(text: str) -> None:
    assert guess_language(text) == ""


@pytest.mark.parametrize("sentence", SPANISH[:-1])  # in all capitals, a name cannot be recognized
def test_accents_and_capitals_do_not_matter(sentence: str) -> None:
    plain = sentence.translate(str.maketrans("áéíóúüñ", "aeiouun"))
    assert guess_language(plain) == guess_language(plain.upper()) == "es"


@pytest.mark.parametrize("language", OF)
@given(data=st.data())
def test_any_letter_of_ordinary_sentences_is_recognized(language: str, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(OF[language]), min_size=1, max_size=12))
    assert guess_language(data.draw(st.sampled_from(["\n\n", " "])).join(chosen)) == language


@given(st.randoms(use_true_random=False))
def test_text_half_in_each_language_is_never_guessed(rng: random.Random) -> None:
    english, spanish = rng.sample(ENGLISH, 6), rng.sample(SPANISH, 6)
    assert guess_language("\n\n".join([*english, *spanish])) == ""


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert guess_language(text) in {"", "en", "es"}
