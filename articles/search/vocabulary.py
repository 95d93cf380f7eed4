"""The words of the site's own texts: how rare each is, and which ones somebody may have meant."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile

from django.db.models import F

from articles.models import SearchWord
from articles.search.kept import KeptForAWhile
from articles.search.tokenizer import stem


@dataclass
class Vocabulary:
    #: How many articles hold each word, by language.
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    #: The same for stems.
    stems: dict[str, dict[str, int]] = field(default_factory=dict)
    #: How many articles hold the most common word: about all of them.
    articles: int = 0
    _in_order: dict[str, list[str]] = field(default_factory=dict)

    def add(self, language: str, word: str, articles: int) -> None:
        self.words.setdefault(language, {})[word] = articles
        self.articles = max(self.articles, articles)
        stems = self.stems.setdefault(language, {})
        each = stem(word, language)
        stems[each] = max(stems.get(each, 0), articles)

    def begun(self, language: str, beginning: str) -> list[str]:
        """Return the words that begin so, the most common first."""
        if language not in self._in_order:
            self._in_order[language] = sorted(self.words[language])
        ordered = self._in_order[language]
        first = bisect_left(ordered, beginning)
        found = list(
            takewhile(lambda word: word.startswith(beginning), islice(ordered, first, None))
        )
        return sorted(found, key=lambda word: -self.words[language][word])

    def __contains__(self, word: str) -> bool:
        return any(word in words for words in self.words.values())


def _load() -> Vocabulary:
    found = Vocabulary()
    rows = SearchWord.objects.filter(articles__gt=0)
    for language, word, articles in rows.values_list("language", "word", "articles").iterator():
        found.add(language, word, articles)
    return found


def are_known(words: Iterable[str]) -> set[str]:
    """Return those that an article holds, even one that was published a moment ago."""
    rows = SearchWord.objects.filter(word__in=[*words], articles__gt=0)
    return set(rows.values_list("word", flat=True))


vocabulary = KeptForAWhile(_load, seconds=600)


def count(language: str, *, gained: Iterable[str], lost: Iterable[str] = ()) -> None:
    """Count the words that an article has gained and lost. The caller holds the library's lock."""
    add(language, dict.fromkeys(gained, 1))
    rows = SearchWord.objects.filter(language=language, word__in=[*lost])
    rows.update(articles=F("articles") - 1)


def add(language: str, counts: Mapping[str, int]) -> None:
    """Add how many articles more hold each word."""
    rows = SearchWord.objects.filter(language=language)
    SearchWord.objects.bulk_create(
        [SearchWord(language=language, word=word) for word in sorted(counts)],
        ignore_conflicts=True,
        batch_size=500,
    )
    by_count: dict[int, list[str]] = {}
    for word, more in counts.items():
        by_count.setdefault(more, []).append(word)
    for more, words in by_count.items():
        for start in range(0, len(words), 500):
            rows.filter(word__in=words[start : start + 500]).update(articles=F("articles") + more)
