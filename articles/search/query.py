"""What a query asks for: concepts, each with the phrases that would say it in each language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from articles.search import glance
from articles.search.entries import phrase_stems
from articles.search.synonyms import Phrase, synonyms
from articles.search.tokenizer import STEMMERS, silent_words, stem, words_of
from articles.search.vocabulary import Vocabulary, vocabulary

#: Nobody types more, and each word costs time.
MAX_LENGTH = 200
MAX_WORDS = 12
#: How much a match counts that is not of the word itself.
_SYNONYM, _BEGINNING = 0.85, 0.6
#: Letters from which the beginning of a word says what is meant, and how many words it may be.
_LEAST_OF_A_BEGINNING = 4
_MOST_BEGUN = 8
#: Endings that make another word of one, and that stemmers leave: “leaky”, “pastillita”.
_ENDINGS = (
    *(("en", "y"), ("en", "er"), ("en", "ful"), ("en", "less")),
    *(("es", "ito"), ("es", "ita"), ("es", "itos"), ("es", "itas")),
)


_MEANING = frozenset({"mean", "means", "meaning", "define", "definition", "significa"})
_WHAT_IS = {
    *(("what", "is"), ("what", "are"), ("whats", "a"), ("que", "es"), ("que", "son")),
    ("cual", "es"),
}


@dataclass(frozen=True)
class Alternative:
    """A phrase that says what a part of the query asks for."""

    phrase: Phrase
    weight: float
    #: Whether it is what they typed: then a part of it says something, too.
    is_typed: bool


@dataclass(frozen=True)
class Concept:
    #: The words of the query that it stands for.
    typed: tuple[str, ...]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Query:
    words: tuple[str, ...]
    concepts: tuple[Concept, ...]

    def stems_in(self, language: str) -> frozenset[str]:
        """Return every stem that says some of it in a language."""
        return self._stems_by_language.get(language, frozenset())

    @cached_property
    def _stems_by_language(self) -> dict[str, frozenset[str]]:
        return {
            language: frozenset(stem for other, stem in self.stems if other == language)
            for language in STEMMERS
        }

    @cached_property
    def stems(self) -> frozenset[tuple[str, str]]:
        """Every stem that says some of it, each with its language."""
        return frozenset(
            (alternative.phrase.language, stem)
            for concept in self.concepts
            for alternative in concept.alternatives
            for stem in alternative.phrase.stems
        )

    @property
    def asks_meaning(self) -> bool:
        """Whether they ask what a word means: “What is a placebo?”"""
        return bool(_MEANING & set(self.words)) or self.words[:2] in _WHAT_IS


def read(text: str, language: str) -> Query:
    """Read a query on a page in `language`; its words may be in any."""
    words = tuple(words_of(text[:MAX_LENGTH])[:MAX_WORDS])
    return Query(words, tuple(_concepts(words, language)))


def silent_in(language: str, words: Sequence[str]) -> set[str]:
    """Return the words of a query that say nothing, unless none of them does."""
    silent = {word for word in words if word in silent_words(language)}
    # “de la” on an English page. An English word like “son” is looked for on an English page.
    known = vocabulary.get().words.get(language, {})
    silent |= {
        word
        for word in words
        if word not in known and any(word in silent_words(other) for other in STEMMERS)
    }
    return silent if silent != set(words) else set()


def _concepts(words: Sequence[str], language: str) -> Iterator[Concept]:
    silent = silent_in(language, words)
    place = 0
    while place < len(words):
        length, meanings = _longest_phrase(words[place:])
        typed = tuple(words[place : place + max(length, 1)])
        alternatives = [*_alternatives(typed, meanings)]
        if length > 1 and not any(_is_said(each.phrase) for each in alternatives):
            # Each of its words may say something.
            length, typed = 1, typed[:1]
            alternatives = [*_alternatives(typed, _longest_phrase(typed)[1])]
        place += len(typed)
        if length > 1 or typed[0] not in silent:
            yield Concept(typed, tuple(alternatives))


def _is_said(phrase: Phrase) -> bool:
    """Whether a text of the site may say it."""
    in_articles = vocabulary.get().stems.get(phrase.language, {})
    pages = glance.in_language(phrase.language)
    return all(stem in in_articles or pages.says(phrase.language, stem) for stem in phrase.stems)


def _longest_phrase(words: Sequence[str]) -> tuple[int, list[Phrase]]:
    """Return how many words begin a phrase that has synonyms, and those; 0 if none does."""
    known = synonyms.get()
    longest = words[: known.longest]
    stems = {language: tuple(stem(word, language) for word in longest) for language in STEMMERS}
    for length in range(len(longest), 0, -1):
        found: list[Phrase] = []
        for language in STEMMERS:
            found += known.meanings.get(Phrase(language, stems[language][:length]), ())
        if found:
            return length, sorted(found)
    return 0, []


def _alternatives(typed: tuple[str, ...], meanings: list[Phrase]) -> Iterator[Alternative]:
    seen: set[Phrase] = set()
    as_typed = [*_as_typed(typed)]
    texts = [
        *((phrase, 1.0) for phrase in as_typed),
        *((phrase, _SYNONYM) for phrase in meanings),
    ]
    if len(typed) == 1:
        texts += [(phrase, _BEGINNING) for phrase in _begun(typed[0], vocabulary.get())]
    for phrase, weight in texts:
        telling = Phrase(phrase.language, _telling(phrase))
        if telling.stems and telling not in seen:
            seen.add(telling)
            yield Alternative(telling, weight, is_typed=phrase in as_typed)


def _as_typed(typed: tuple[str, ...]) -> Iterator[Phrase]:
    for language in STEMMERS:
        yield Phrase(language, phrase_stems(" ".join(typed), language))


def _telling(phrase: Phrase) -> tuple[str, ...]:
    """Leave out what no text is stored with, unless that is all there is."""
    silent = _silent_stems(phrase.language)
    return tuple(each for each in phrase.stems if each not in silent) or phrase.stems


@lru_cache(16)
def _silent_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in silent_words(language))


def _begun(word: str, known: Vocabulary) -> Iterator[Phrase]:
    """Yield the words that begin like one that no text holds, and what it is made from."""
    if len(word) < _LEAST_OF_A_BEGINNING or word in known:
        return
    for language, ending in _ENDINGS:
        base = word.removesuffix(ending)
        made_from = Phrase(language, (stem(base, language),))
        if _LEAST_OF_A_BEGINNING <= len(base) < len(word) and _is_said(made_from):
            yield made_from
    for language in known.words:
        stems = dict.fromkeys(stem(each, language) for each in known.begun(language, word))
        for each in [*stems][:_MOST_BEGUN]:
            yield Phrase(language, (each,))
