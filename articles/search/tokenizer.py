"""The words of a text, as they are stored and looked up: the same on every database.

A word is in lower case and without accents, so that “riñón” and “rinon” are the same. Its stem is
what its forms have in common, by the Snowball stemmer of its language.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock

import Stemmer

#: Languages with a stemmer and a list of words that say nothing.
STEMMERS = {"en": "english", "es": "spanish"}
_FOLDER = Path(__file__).parent / "silent_words"
#: Characters of a word that count; a longer one is hardly a word.
LONGEST_WORD = 40
#: The apostrophes, and what keyboards offer in their place.
APOSTROPHES = "['`\u00b4\u02b9\u02bc\u2018\u2019\u201b\u2032\uff07]"
_WORD = re.compile(rf"[^\W_]+(?:{APOSTROPHES}[^\W_]+)*")
_APOSTROPHE = re.compile(rf"{APOSTROPHES}s?$|{APOSTROPHES}")
_MOST_KNOWN = 50_000

_stemmers = {language: Stemmer.Stemmer(name) for language, name in STEMMERS.items()}
#: A stemmer keeps the word that it works on.
_lock = Lock()


def words_of(text: str) -> list[str]:
    """Return the words in order, in lower case and without accents."""
    return [word for word, _ in words_with_places(text)]


def words_with_places(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each word with its place in the text: what precedes it and where it ends."""
    for found in _WORD.finditer(text):
        word = plain(_APOSTROPHE.sub("", found[0]))
        if word:
            yield word[:LONGEST_WORD], found.span()


@lru_cache(_MOST_KNOWN)
def plain(word: str) -> str:
    """Return a word in lower case, without accents and other marks."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(part for part in parts if part.isalnum())


@lru_cache(_MOST_KNOWN)
def stem(word: str, language: str) -> str:
    """`word` is plain, as `words_of` returns it."""
    stemmer = _stemmers.get(language)
    if stemmer is None:
        return word
    with _lock:
        return str(stemmer.stemWord(word))


def stems_of(text: str, language: str) -> list[str]:
    """Return the stems of the words that say something, in order."""
    silent = silent_words(language)
    return [stem(word, language) for word in words_of(text) if word not in silent]


def all_stems_of(text: str, language: str) -> list[str]:
    return [stem(word, language) for word in words_of(text)]


@lru_cache(16)
def silent_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing about what a text is about."""
    if language not in STEMMERS:
        return frozenset()
    return words_in(_FOLDER / f"{language}.txt")


def words_in(file: Path) -> frozenset[str]:
    """Return the words of a list; what follows “#” on a line is a comment."""
    lines = (line.partition("#")[0] for line in file.read_text("utf-8").splitlines())
    return frozenset(word for line in lines for word in words_of(line))
