"""What people say, and what texts say for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from articles.models import Synonym
from articles.search.entries import phrase_stems
from articles.search.kept import KeptForAWhile
from articles.search.tokenizer import words_of


@dataclass(frozen=True)
class Phrase:
    language: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    meanings: Mapping[Phrase, frozenset[Phrase]]
    #: Every word of them, which no one has to correct, with its languages.
    words: Mapping[str, set[str]]
    #: How many words the longest phrase has.
    longest: int


def _load() -> Synonyms:
    return _index(
        Synonym.objects.values_list("phrase", "phrase_language", "meaning", "meaning_language")
    )


def _index(pairs: Iterable[tuple[str, str, str, str]]) -> Synonyms:
    meanings: dict[Phrase, set[Phrase]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    for phrase, language, meaning, other in pairs:
        both = (
            Phrase(language, phrase_stems(phrase, language)),
            Phrase(other, phrase_stems(meaning, other)),
        )
        for one, another in permutations(both):
            meanings[one].add(another)
        for text, of_language in ((phrase, language), (meaning, other)):
            for word in words_of(text):
                words[word].add(of_language)
    return Synonyms(
        {phrase: frozenset(found) for phrase, found in meanings.items()},
        dict(words),
        max((len(phrase.stems) for phrase in meanings), default=0),
    )


synonyms = KeptForAWhile(_load, seconds=60)
