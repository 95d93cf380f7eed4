"""Words as they count when they are compared: without accents, case and punctuation."""

import unicodedata

from articles.text_cleaning import drop_invisible

# Typed in many ways or not at all, as in O’Neil or Marcel·lí; no part of a word in any.
_INSIDE_WORDS = "'\u2018\u2019\u02bb\u02bc\u00b4`·"
# Letters that Unicode does not take apart, as who has only A to Z on their keyboard types them; the
# last is the Turkish one without a dot.
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
    """Without accents, case and punctuation: “José O’Neil-Smith” is jose, oneil, smith."""
    # Taken apart twice: a letter may hide in a sign, and an accent in what folding leaves.
    plain = unicodedata.normalize("NFKD", drop_invisible(name).translate(_LETTERS)).casefold()
    folded = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
    kept = (each for each in folded if not unicodedata.combining(each))
    return "".join(each if _is_of_a_word(each) else " " for each in kept).split()


def _is_of_a_word(character: str) -> bool:
    """Marks too: in the scripts of India or Thailand they are vowels, and stand inside words."""
    return character.isalnum() or unicodedata.category(character).startswith("M")
