"""Words normalized for comparison: without accents, case, or punctuation."""

import unicodedata

from articles.text_cleaning import drop_invisible

# Typed in many ways or not at all, as in O’Neil or Marcel·lí; never significant in a word.
_INSIDE_WORDS = "'\u2018\u2019\u02bb\u02bc\u00b4`·"
# Letters that Unicode does not decompose, as people type them with only A to Z on their keyboard;
# the last is the Turkish dotless i.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        **dict(zip("øłđðħ\u0131", "olddhi", strict=True)),
        **dict.fromkeys(_INSIDE_WORDS, ""),
    }
)


def normalized_words(name: str) -> list[str]:
    """Words without accents, case, or punctuation: “José O’Neil-Smith” is jose, oneil, smith."""
    # Decompose twice: a symbol may contain a letter, and case folding may leave an accent.
    plain = unicodedata.normalize("NFKD", drop_invisible(name).translate(_LETTERS)).casefold()
    folded = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
    kept = (each for each in folded if not unicodedata.combining(each))
    return "".join(each if _is_of_a_word(each) else " " for each in kept).split()


def _is_of_a_word(character: str) -> bool:
    """Include marks: in Indian and Thai scripts, they are vowels inside words."""
    return character.isalnum() or unicodedata.category(character).startswith("M")
