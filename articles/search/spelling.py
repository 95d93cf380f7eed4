"""What somebody may have meant by a word that nobody knows.

A word that is right is never changed: one of the site's own, of its synonyms, or of a dictionary.
Only the site's own words are proposed, because no other would find anything.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from jellyfish import metaphone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.process_cache import ProcessCache
from articles.search import glance
from articles.search.dictionary import read_dictionary
from articles.search.synonyms import synonyms
from articles.search.tokenizer import STEMMERS, plain, silent_words, stem
from articles.search.vocabulary import are_known, vocabulary

#: Letters of a word from which so many of them may be wrong.
_WRONG_LETTERS = ((10, 3), (7, 2), (4, 1))
_MOST_COMPARED = 5
#: Letters of a word that may be meant.
_SHORTEST = 3
#: Letters of a word, and of its sound, from which the sound says what is meant; and how many wrong
#: letters the same sound makes up for.
_SOUNDS_FROM, _SOUND_FROM, _SAME_SOUND = 5, 3, 1.0
#: Metaphone knows how English sounds. Spanish is written much as it sounds.
_LANGUAGE_OF_SOUNDS = "en"


class Own(NamedTuple):
    """A word of the site: how many texts hold it, in which languages."""

    texts: int
    languages: frozenset[str]


@dataclass(frozen=True)
class OwnWords:
    words: dict[str, Own]
    by_sound: dict[str, list[str]]
    #: Languages and stems.
    stems: frozenset[tuple[str, str]]


def correct(words: tuple[str, ...], language: str) -> dict[str, list[str]]:
    """Map each misspelled word to what may be meant on a page in `language`, likeliest first."""
    one = _written_as_two(words)
    doubtful = [word for word in dict.fromkeys(words) if word not in one and _is_doubtful(word)]
    if not doubtful:
        return one
    known = are_known(doubtful)
    found = {word: _meant(word, language) for word in doubtful if word not in known}
    return one | {word: meant for word, meant in found.items() if meant}


def _written_as_two(words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return words of the site that were written as two, such as “cell cept”: one and nothing."""
    own = _own_words.get().words
    found: dict[str, list[str]] = {}
    for first, second in pairwise(words):
        if first + second in own and not (first in own and second in own):
            found |= {first: [first + second], second: [""]}
    return found


def _is_doubtful(word: str) -> bool:
    if not word.isalpha() or not _most_wrong(word):
        return False
    if word in vocabulary.get() or word in synonyms.get().words:
        return False
    if any(word in silent_words(language) for language in STEMMERS):
        return False
    own = _own_words.get()
    # A form of a word of the site, such as “escribo”, which no dictionary has to list.
    return word not in own.words and not any(
        (language, stem(word, language)) in own.stems or _is_right(word, language)
        for language in STEMMERS
    )


def _collect() -> OwnWords:
    """Return the words that may be meant."""
    found = {word: Own(1, frozenset(languages)) for word, languages in synonyms.get().words.items()}

    def add(word: str, texts: int, language: str) -> None:
        before = found.get(word, Own(0, frozenset()))
        found[word] = Own(max(before.texts, texts), before.languages | {language})

    for language in STEMMERS:
        for page in glance.in_language(language).pages:
            for word in page.text.all_words:
                add(word, 1, language)
        for word, count in vocabulary.get().words.get(language, {}).items():
            add(word, count, language)
    found = {word: own for word, own in found.items() if len(word) >= _SHORTEST}
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word in found:
        by_sound[metaphone(word)].append(word)
    stems = frozenset(
        (language, stem(word, language))
        for word, own in found.items()
        for language in own.languages
    )
    return OwnWords(found, by_sound, stems)


_own_words = ProcessCache(_collect, OwnWords({}, {}, frozenset()), seconds=600, is_needed=True)


def _most_wrong(word: str) -> int:
    return next((wrong for length, wrong in _WRONG_LETTERS if len(word) >= length), 0)


def _meant(word: str, language: str) -> list[str]:
    own = _own_words.get()
    near = process.extract(
        word,
        own.words.keys(),
        scorer=OSA.distance,
        score_cutoff=_most_wrong(word),
        limit=_MOST_COMPARED,
    )
    wrong = {each: float(distance) for each, distance, _ in near}
    for each in _that_sound_like(word, own) if language == _LANGUAGE_OF_SOUNDS else ():
        wrong[each] = OSA.distance(word, each) - _SAME_SOUND

    def likeliest(each: str) -> tuple[float, bool, bool, int, str]:
        texts, languages = own.words[each]
        return (wrong[each], language not in languages, each[0] != word[0], -texts, each)

    return sorted(wrong, key=likeliest) or _two_words(word, own.words)


def _that_sound_like(word: str, own: OwnWords) -> Iterator[str]:
    sound = metaphone(word)
    if len(word) >= _SOUNDS_FROM and len(sound) >= _SOUND_FROM:
        for each in own.by_sound.get(sound, ()):
            if OSA.distance(word, each) <= len(word) // 2:
                yield each


def _two_words(word: str, own: Mapping[str, Own]) -> list[str]:
    """Return two words that were written as one."""
    for place in range(_SHORTEST, len(word) - _SHORTEST + 1):
        if word[:place] in own and word[place:] in own:
            return [f"{word[:place]} {word[place:]}"]
    return []


# --- The dictionary -------------------------------------------------------------------------------


def _is_right(word: str, language: str) -> bool:
    known, number = _dictionary(language), _number(word)
    place = bisect_left(known, number)
    return place < len(known) and known[place] == number


@lru_cache(len(STEMMERS))
def _dictionary(language: str) -> "array[int]":
    """Return numbers of the words: a megabyte, where the words themselves take forty."""
    return array("Q", sorted({_number(plain(word)) for word in read_dictionary(language)}))


def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
