"""What people say, and what texts say for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from articles.models import Synonym
from articles.process_cache import ProcessCache
from articles.search.entries import phrase_stems
from articles.search.tokenizer import words_of


class Phrase(NamedTuple):
    language: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    meanings: Mapping[Phrase, tuple[Phrase, ...]]
    #: Every word of them, which no one has to correct, with its languages.
    words: Mapping[str, set[str]]
    #: How many words the longest phrase has.
    longest: int
    #: Tells whether the rows have changed.
    mark: int = 0


def _load() -> Synonyms:
    """Read the rows, and index them only if somebody has changed them."""
    rows = Synonym.objects.order_by("pk")
    pairs = [*rows.values_list("phrase", "phrase_language", "meaning", "meaning_language")]
    mark = hash(tuple(pairs))
    return synonyms.value if synonyms.value.mark == mark else _index(pairs, mark)


def _index(pairs: Iterable[tuple[str, str, str, str]], mark: int) -> Synonyms:
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
        {phrase: tuple(sorted(found)) for phrase, found in meanings.items()},
        dict(words),
        max((len(phrase.stems) for phrase in meanings), default=0),
        mark,
    )


synonyms: ProcessCache[Synonyms] = ProcessCache(_load, Synonyms({}, {}, 0), is_needed=True)
