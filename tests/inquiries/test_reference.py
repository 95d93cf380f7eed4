"""The reference number that people write down and read aloud."""

import re

from hypothesis import given
from hypothesis import strategies as st

from inquiries.reference import ALPHABET, parse_reference, reference_for

keys = st.text(min_size=1, max_size=64)


@given(keys)
def test_the_same_key_always_gives_the_same_reference(key: str) -> None:
    assert reference_for(key) == reference_for(key)
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}", reference_for(key))


@given(keys)
def test_another_attempt_gives_another_reference(key: str) -> None:
    assert reference_for(key, attempt=1) != reference_for(key)


@given(keys, st.sampled_from(["lower", "no hyphens", "spaces"]))
def test_references_are_read_in_any_case_and_spacing(key: str, way: str) -> None:
    reference = reference_for(key)
    typed = {
        "lower": reference.lower(),
        "no hyphens": reference.replace("-", ""),
        "spaces": f"  {reference.replace('-', ' ')} ",
    }[way]
    assert parse_reference(typed) == reference


@given(keys, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_detected(key: str, place: int, wrong: str) -> None:
    characters = list(reference_for(key).replace("-", ""))
    if characters[place] == wrong:
        return
    characters[place] = wrong
    assert parse_reference("".join(characters)) is None


@given(keys, st.integers(0, 10))
def test_two_swapped_neighbors_are_detected(key: str, place: int) -> None:
    characters = list(reference_for(key).replace("-", ""))
    if characters[place] == characters[place + 1]:
        return
    characters[place : place + 2] = reversed(characters[place : place + 2])
    assert parse_reference("".join(characters)) is None


@given(st.text(max_size=40))
def test_other_input_gives_no_reference_and_no_error(typed: str) -> None:
    reference = parse_reference(typed)
    assert reference is None or len(reference) == 14
