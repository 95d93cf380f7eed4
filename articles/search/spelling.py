"""What somebody may have meant by a word that nobody knows.

A word that is right is never changed: one of the site's own, of its synonyms, or of a dictionary.
Only the site's own words are proposed, because no other would find anything.
"""

import gzip
import json
from array import array
from bisect import bisect_left
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.search import glance
from articles.search.kept import KeptForAWhile
from articles.search.synonyms import synonyms
from articles.search.tokenizer import STEMMERS, plain, silent_words
from articles.search.vocabulary import are_known, vocabulary

#: Letters of a word from which so many of them may be wrong.
_WRONG_LETTERS = ((10, 3), (7, 2), (4, 1))
_MOST_COMPARED = 5
#: Letters of a word that may be meant.
_SHORTEST = 3


def correct(words: tuple[str, ...]) -> dict[str, str]:
    """Map each misspelled word to what was meant, if that is clear."""
    doubtful = [word for word in dict.fromkeys(words) if _is_doubtful(word)]
    if not doubtful:
        return {}
    known = are_known(doubtful)
    found = {word: _meant(word) for word in doubtful if word not in known}
    return {word: meant for word, meant in found.items() if meant}


def _is_doubtful(word: str) -> bool:
    if not word.isalpha() or not _most_wrong(word):
        return False
    if word in vocabulary.get() or word in synonyms.get().words:
        return False
    if any(word in silent_words(language) for language in STEMMERS):
        return False
    own = _own_words.get()
    return word not in own and not any(_is_right(word, language) for language in STEMMERS)


def _collect() -> dict[str, int]:
    """Return the words that may be meant, with how many texts hold each."""
    found: dict[str, int] = dict.fromkeys(synonyms.get().words, 1)
    for language in STEMMERS:
        for page in glance.in_language(language).pages:
            found |= dict.fromkeys(page.text.all_words, 1)
    for words in vocabulary.get().words.values():
        for word, count in words.items():
            found[word] = max(found.get(word, 0), count)
    return {word: count for word, count in found.items() if len(word) >= _SHORTEST}


_own_words = KeptForAWhile(_collect, seconds=600)


def _most_wrong(word: str) -> int:
    return next((wrong for length, wrong in _WRONG_LETTERS if len(word) >= length), 0)


def _meant(word: str) -> str:
    """Return the nearest word; empty if none is near, or several are as near and as common."""
    own = _own_words.get()
    found = process.extract(
        word, own.keys(), scorer=OSA.distance, score_cutoff=_most_wrong(word), limit=_MOST_COMPARED
    )
    ranked = sorted(
        ((distance, each[0] != word[0], -own[each], each) for each, distance, _ in found),
    )
    if not ranked:
        return _two_words(word, own)
    return ranked[0][-1]


def _two_words(word: str, own: dict[str, int]) -> str:
    """Return two words that were written as one."""
    for place in range(_SHORTEST, len(word) - _SHORTEST + 1):
        if word[:place] in own and word[place:] in own:
            return f"{word[:place]} {word[place:]}"
    return ""


# --- The dictionary -------------------------------------------------------------------------------


def _is_right(word: str, language: str) -> bool:
    known, number = _dictionary(language), _number(word)
    place = bisect_left(known, number)
    return place < len(known) and known[place] == number


@lru_cache(len(STEMMERS))
def _dictionary(language: str) -> "array[int]":
    """Return numbers of the words: a megabyte, where the words themselves take forty."""
    packed = files("spellchecker").joinpath(f"resources/{language}.json.gz").read_bytes()
    return array(
        "Q", sorted({_number(plain(word)) for word in json.loads(gzip.decompress(packed))})
    )


def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
