"""Parsing author names."""

import pytest

from articles.bibliography.names import parse_inverted_name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Gu, Feifei", "Gu F"),
        ("Wang, Dan-Dan", "Wang DD"),
        ("Wang, D. D.", "Wang DD"),
        ("van der Berg, J.H., Jr.", "van der Berg JH Jr"),
        ("Özdemir, Şule", "Özdemir Ş"),
        ("王, 丹", "王 丹"),
        ("World Health Organization", "World Health Organization"),
        (",", ""),
        ("King, Martin Luther Jr", "King ML Jr"),
        ("King Jr., Martin Luther", "King ML Jr"),
        ("O'Shea, John J 3rd", "O'Shea JJ 3rd"),
        ("Davis, John M III", "Davis JM III"),
        ("Smith, John V", "Smith JV"),
        ("Smith, Jr", "Smith Jr"),
        ("Watson, Dr. John", "Watson J"),
        ("Gu, Fei MD", "Gu F"),
        ("Gu, MD", "Gu MD"),
        ("Drake, Drew", "Drake D"),
    ],
)
def test_names_follow_vancouver_style(written: str, kept: str) -> None:
    assert parse_inverted_name(written) == kept
