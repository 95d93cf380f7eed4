"""How a name sounds in English and in Spanish: Fisher finds Fischer, and Ximena finds Jimena.

Double Metaphone (Philips, 2000) knows English best, and the packages for it bring a compiler or are
no longer maintained. A list of names needs less: people spell the beginning and the consonants of
what they hear, and both readings of a letter are kept.
"""

import re

#: A shorter sound would match half of all names.
_SHORTEST = 2
#: Both languages: from the longest group of letters to the shortest.
_ALIKE = (
    *(("tsch", "x"), ("sch", "x"), ("sh", "x"), ("ch", "x"), ("ph", "f"), ("th", "t")),
    *(
        ("ght", "t"),
        ("wr", "r"),
        ("gh", "g"),
        ("ck", "k"),
        ("dt", "t"),
        ("tz", "s"),
        ("cz", "s"),
        ("rh", "r"),
        ("wh", "w"),
    ),
    *(("kn", "n"), ("mc", "mk"), ("qu", "k"), ("q", "k"), ("z", "s")),
)
_SOFT = re.compile(r"c(?=[eiy])")
_SOFT_G = re.compile(r"[jx]|g(?=[eiy])")
_VOWELS = "aeiouy"


def sound_keys(word: str) -> set[str]:
    """Return one or two keys for a word from `normalized_words`; none if short or not Latin."""
    if not re.fullmatch(r"[a-z]{3,}", word):
        return set()
    return {key for key in (_english(word), _spanish(word)) if len(key) >= _SHORTEST}


def _english(word: str) -> str:
    word = word.replace("v", "f")
    return _consonants(_alike(word))


def _spanish(word: str) -> str:
    """J, X, and soft G are alike; B is V; H is silent; LL is Y."""
    word = re.sub(r"^h(?=[aeiou])", "", word).replace("v", "b").replace("ll", "y")
    return _consonants(_alike(_SOFT_G.sub("j", word)))


def _alike(word: str) -> str:
    for letters, sound in _ALIKE:
        word = word.replace(letters, sound)
    word = _SOFT.sub("s", word).replace("c", "k")
    return word[:1] + word[1:].replace("h", "")


def _consonants(word: str) -> str:
    """Keep the first letter, as one sign for any vowel, and the consonants after it, each once."""
    first = "a" if word[:1] in _VOWELS else word[:1]
    rest = "".join(letter for letter in word[1:] if letter not in _VOWELS)
    return re.sub(r"(.)\1+", r"\1", first + rest)
