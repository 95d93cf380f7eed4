"""The syntax of danger patterns: parsed as documented, or refused with a plain sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiries.danger import phrases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    phrases.clear_cache()


@pytest.mark.parametrize(
    ("pattern", "found", "left"),
    [
        ("blue foot", "my Blue  FOOT", "foot blue"),
        ("seizur*", "two seizures", "a size"),
        ("(blue, very cold) foot", "a very cold foot", "a cold foot"),
        ("hate [self]", "they hate themselves", "they hate rain"),
        ("end my? day", "end day", "end the day"),
        ("foot ... blue", "my foot is now all blue", "my foot is not blue"),
        ("foot ... blue", "foot one two three four five six blue", "foot 1 2 3 4 5 6 7 blue"),
        ("foot + blue", "a blue and swollen foot", "My foot hurts. It is blue."),
        ("foot & blue", "My foot hurts. It is blue.", "My foot hurts."),
        ("can't walk", "I cannot walk", "I can walk"),
    ],
)
def test_patterns_work_as_documented(pattern: str, found: str, left: str) -> None:
    patterns = phrases.Patterns.of([("other", "en", pattern)])
    assert phrases.pattern_problem(pattern) == ""
    assert patterns.matches(found)
    assert not patterns.matches(left)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "at least one word"),
        ("(a, b)?", "at least one word"),
        ("... pain", "both sides of the three dots"),
        ("pain &", "at least one word"),
        ("a + b + c", "+ only once"),
        ("[nobody here] pain", "no word group"),
        ("[self pain", "not closed"),
        ("(chest, heart pain", "not closed"),
        ("(chest, , heart) pain", "before each comma"),
        ("(chest (left)) pain", "Inside parentheses"),
        ("ab* pain", "three letters"),
        ("pain * here", "without a space"),
        ("chest) pain", "can’t be used here"),
        ("([relative] [relative]) pain", "too many ways"),
    ],
)
def test_pattern_errors_are_explained_in_a_sentence(pattern: str, problem: str) -> None:
    assert problem in phrases.pattern_problem(pattern)
    assert phrases.pattern_problem(pattern).endswith(".")


def test_an_unreadable_pattern_matches_its_plain_words() -> None:
    patterns = phrases.Patterns.of([("other", "en", "(blue foot"), ("other", "en", "?!")])
    assert patterns.matches("a blue foot")


@given(st.text(alphabet="()[],*?+&. abc'é", max_size=30), st.text(max_size=30))
def test_no_pattern_causes_an_error(pattern: str, text: str) -> None:
    assert isinstance(phrases.pattern_problem(pattern), str)
    assert isinstance(phrases.Patterns.of([("other", "en", pattern)]).matches(text), tuple)
