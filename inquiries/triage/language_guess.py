"""Guess which language a text is in, from the small words that every sentence needs.

Each language has a file of such words in `function_words`, named by its code.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

_WORD_LISTS = Path(__file__).with_name("function_words")
#: Fewer matches than this prove nothing: they may be a name, a street, or a greeting.
_ENOUGH = 3
#: A language must have this many times as many matches as any other; less is a mixture.
_CLEARLY = 4
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
#: Web and email addresses belong to no language.
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
#: Names of people and places, which contain small words themselves: “Gómez de la Cruz”.
_NAME = re.compile(
    r"\b[A-ZÁÉÍÓÚÑ]\w+(?:\s+(?:(?:and|de|del|for|la|las|los|of|the|y)\s+)*[A-ZÁÉÍÓÚÑ]\w+)+"
)


def guess_language(text: str) -> str:
    """Return the language code; empty if the text is short, mixed, or in an unlisted language."""
    text = _ADDRESS.sub(" ", text)
    if not text.isupper():
        text = _NAME.sub(" ", text)
    words = _WORD.findall(_fold(text))
    found = Counter(
        {code: sum(word in telling for word in words) for code, telling in _telling_words().items()}
    )
    (code, most), (_, others) = [*found.most_common(2), ("", 0)][:2]
    return code if most >= _ENOUGH and most >= _CLEARLY * others else ""


@cache
def _telling_words() -> dict[str, frozenset[str]]:
    """Return, for each language, the words that appear in no other list."""
    lists = {
        path.stem: frozenset(_fold(path.read_text(encoding="utf-8")).split())
        for path in sorted(_WORD_LISTS.glob("*.txt"))
    }
    return {
        code: words.difference(*(other for each, other in lists.items() if each != code))
        for code, words in lists.items()
    }


def _fold(text: str) -> str:
    """Normalize to how people type on a phone: no accents, one kind of apostrophe."""
    apart = unicodedata.normalize("NFD", text.replace("’", "'").casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
