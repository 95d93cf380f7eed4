"""The words of the site's own texts: how rare each is, and which ones somebody may have meant."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile

from django.db import connection
from django.db.models import F

from articles.models import SearchWord
from articles.process_cache import ProcessCache
from articles.search.entries import Text
from articles.search.tokenizer import stem

#: Rows of one statement.
_BATCH = 500


@dataclass
class Vocabulary:
    #: How many articles hold each word, by language.
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    #: The same for stems, and how many titles hold each.
    stems: dict[str, dict[str, int]] = field(default_factory=dict)
    titles: dict[str, dict[str, int]] = field(default_factory=dict)
    #: How many articles hold the most common word: about all of them.
    articles: int = 0
    _in_order: dict[str, list[str]] = field(default_factory=dict)

    def add(self, language: str, word: str, articles: int, titles: int) -> None:
        self.words.setdefault(language, {})[word] = articles
        self.articles = max(self.articles, articles)
        each = stem(word, language)
        for stems, count in ((self.stems, articles), (self.titles, titles)):
            of_language = stems.setdefault(language, {})
            of_language[each] = max(of_language.get(each, 0), count)

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
    for row in rows.values_list("language", "word", "articles", "titles").iterator():
        found.add(*row)
    return found


def are_known(words: Iterable[str]) -> set[str]:
    """Return those that an article holds, even one that was published a moment ago."""
    asked = [*words]
    # As a QuerySet, writing the statement would take longer than asking.
    statement = "SELECT word FROM articles_searchword WHERE articles > 0 AND word IN ({})"
    with connection.cursor() as cursor:
        cursor.execute(statement.format(", ".join(["%s"] * len(asked))), asked)
        return {word for (word,) in cursor.fetchall()}


def is_shared(word: str, language: str) -> bool:
    """Whether more than one article holds a word."""
    return SearchWord.objects.filter(language=language, word=word, articles__gt=1).exists()


vocabulary = ProcessCache(_load, Vocabulary(), seconds=600, is_needed=True)


def count(text: Text, *, before: Text | None = None) -> None:
    """Count an article's words, instead of what it was. The caller holds the library's lock."""
    add(text.language, Counter(text.all_words), Counter(text.title_words))
    if before:
        forget(before)


def forget(text: Text) -> None:
    """Count the words of an article no longer."""
    rows = SearchWord.objects.filter(language=text.language)
    rows.filter(word__in=text.all_words).update(articles=F("articles") - 1)
    rows.filter(word__in=text.title_words).update(titles=F("titles") - 1)


def add(language: str, articles: Mapping[str, int], titles: Mapping[str, int]) -> None:
    """Add how many articles more hold each word, and how many titles."""
    rows = SearchWord.objects.filter(language=language)
    SearchWord.objects.bulk_create(
        [SearchWord(language=language, word=word) for word in sorted(articles)],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    for name, counts in (("articles", articles), ("titles", titles)):
        by_count: dict[int, list[str]] = {}
        for word, more in counts.items():
            by_count.setdefault(more, []).append(word)
        for more, words in by_count.items():
            for start in range(0, len(words), _BATCH):
                some = rows.filter(word__in=words[start : start + _BATCH])
                some.update(**{name: F(name) + more})
