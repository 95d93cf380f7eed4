"""The demo's Spanish is easy to read, by the formula for Spanish that corresponds to a grade.

A. N. Crawford: Fórmula y gráfico para determinar la comprensibilidad de textos del nivel primario
en castellano. Lectura y Vida 1985;6(4):18-24.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from articles.checking.english import split_words
from articles.checking.parsed_text import parse_text
from articles.checking.readability import prose
from portal.demo import content
from tests.articles.checking.test_checking import read_demo

HIGHEST = 6.0
_VOWELS = re.compile(r"[aeiouáéíóúü]+")
#: A “u” that is written and not spoken: que, guía.
_SILENT = re.compile(r"(?<=q)u|(?<=g)u(?=[eéií])")
#: Two vowels next to each other that are two syllables: le-er, dí-a, a-ún.
_APART = re.compile(r"(?=[aeoáéó][aeoáéó]|[íú][aeoiuáéó]|[aeoiuáéó][íú])")


def syllables(word: str) -> int:
    groups = _VOWELS.findall(_SILENT.sub("", word.lower()))
    return max(1, len(groups) + sum(len(_APART.findall(group)) for group in groups))


def crawford_grade(sentences: Sequence[str]) -> float:
    """Return the years of school that a reader needs."""
    words = [word for sentence in sentences for word in split_words(sentence)]
    hundreds = len(words) / 100
    spoken = sum(map(syllables, words))
    return -0.205 * len(sentences) / hundreds + 0.049 * spoken / hundreds - 3.407


@pytest.mark.parametrize(
    ("word", "count"),
    [("lea", 2), ("día", 2), ("aún", 2), ("que", 1), ("guía", 2), ("riñones", 3), ("causa", 2),
     ("medicina", 4), ("células", 3), ("81", 1)],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize("name", content.ARTICLES.values(), ids=lambda name: Path(name).stem)
def test_spanish_articles_need_at_most_six_years_of_school(name: str) -> None:
    text, library = read_demo(content.FOLDER / name)
    sentences = [each.text for each in prose(parse_text(text, library))]
    assert 2 < crawford_grade(sentences) <= HIGHEST


def test_a_hard_text_needs_more() -> None:
    hard = (
        "La administración intravenosa de inmunosupresores convencionales, independientemente de "
        "consideraciones farmacocinéticas, requiere monitorización hematológica periódica."
    )
    assert crawford_grade([hard]) > HIGHEST
