"""Whether one word for another is the correction of a slip, or may be another word.

It is a slip only if what was written is no word, what is written now is one, and nothing else that
somebody may have meant is as near. When in doubt, it is another word.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.search.dictionary import read_dictionary
from articles.search.tokenizer import STEMMERS, plain, stem, words_in

_FOLDER = Path(__file__).parent / "guarded_words"
#: Letters of a word from which so many of them may be wrong.
_WRONG_LETTERS = ((9, 2), (4, 1))
#: How often people use a word, at least. Rarer ones are terms of a field, where look-alikes mean
#: other things and the dictionary lacks many: “clonidine”, a medicine, is near “coniine”, a poison.
_COMMON = 1_000
#: A slip of the fingers is not taken for a word so many times rarer.
_RARER = 1000

#: Stems of the names of medicines (WHO, “The use of stems in the selection of International
#: Nonproprietary Names”), in English and Spanish, without accents.
_MEDICINE = re.compile(
    r"\w{2,}(?:mab|nib|ciclib|pril|prilat|sartan|olol|dipin[eo]?|statina?|azole?|azolam|azepam"
    r"|c[iy]ll?ina?|m[iy]cina?|c[iy]clina?|cycline|floxacino?|oxacina|sone|sona|olone|olona"
    r"|onide|onida|vir|parina?|xaban|gatran|grel|formina?|gliptina?|gliflozina?|glutide|glutida"
    r"|setrona?|triptana?|prazole?|tidina?|dronate|dronato|kinra|cept|imus|limus|prine|prina"
    r"|trexate|trexato|quine|quina|thiazide|tiazida|semide|semida|lactone|lactona|profeno?"
    r"|coxib|caine|caina|azine|azina|oxetine|oxetina|praline|pralina|barbital|thyroxine|tiroxina"
    r"|mustine|mustina|platino?|taxel|rubicina?|cort)"
)
#: Beginnings and endings that one word has and its opposite, or its neighbor, does not.
_BEGINNING = re.compile(
    r"hyper|hypo|hiper|hipo|inter|intra|infra|anti|ante|pre|post?|peri?|sub|super|supra|over|under"
    r"|un|in|im|non|mis|dis|des"
)
_ENDING = re.compile(
    r"(?:[ioa]sis|itis|ectomy|otomy|ostomy|[eo]ctomia|otomia|ostomia|a?emia|uria|oma|algia|path?[yi]a?"
    r"|less|ful|ismo?|mente)$"
)
#: What makes another form of a word.
_FORM = re.compile(r"e?s|e?d|e?r|est|e?n|ing|ly|al|ally|ic|ical|[yaeoóí]|[aoe]s|[ai]r|an|mente")
#: Endings of verbs that differ by an accent alone: “tratara” and “tratará”.
_ACCENT_OF_A_VERB = re.compile(r"[áéíóú]$|r[áé](?:s|n|is)$")


@lru_cache(1)
def guarded_words() -> frozenset[str]:
    """Return the words of all languages in which any change counts: negations, modals, units."""
    return frozenset().union(*(words_in(_FOLDER / f"{each}.txt") for each in STEMMERS))


class Corrector:
    """Tells slips from other words, for one text in one language."""

    def __init__(
        self,
        language: str,
        *,
        near_words: Collection[str],
        kept_words: Collection[str],
        terms: Collection[str],
        is_used_elsewhere: Callable[[str], bool],
    ) -> None:
        """`near_words` (what the text used) and `terms` are plain; `kept_words` are as written.

        A word that is still somewhere in the text is no slip.
        """
        self._language = language
        self._near = near_words
        self._kept = kept_words
        self._terms = terms
        self._is_used_elsewhere = is_used_elsewhere

    @cached_property
    def _words(self) -> dict[str, int]:
        return read_dictionary(self._language) if self._language in STEMMERS else {}

    def is_slip(self, before: str, after: str) -> bool:
        """Return whether `after` can only be what `before` was meant to be. Both in lower case."""
        if any(map(self._is_special, (before, after))) or _differ_at_an_end(before, after):
            return False
        if before in self._kept or self._is_word(before) or self._use(after) < _COMMON:
            return False
        if plain(before) == plain(after):
            return _adds_accents(before, after) and not _ACCENT_OF_A_VERB.search(after)
        if self._is_used_elsewhere(plain(before)) or self._is_form_of_a_word(before):
            return False
        if _is_form(before, after) or self._is_foreign(before):
            return False
        return self._is_meant(before, after)

    def _is_special(self, word: str) -> bool:
        bare = plain(word)
        is_known = bare in guarded_words() or bare in self._terms
        return is_known or bool(_MEDICINE.fullmatch(bare))

    def _is_word(self, word: str) -> bool:
        return self._use(word) > 0

    def _use(self, word: str) -> int:
        """Return how often people use a word; 0 if it is none."""
        return max(self._words.get(each, 0) for each in (word, *self._singulars(word)))

    def _singulars(self, word: str) -> list[str]:
        """The Spanish dictionary leaves out most plurals."""
        if self._language != "es" or not word.endswith("s"):
            return []
        return [word[:-1], word[:-2], re.sub("iones$", "ión", word), re.sub("ones$", "ón", word)]

    def _is_foreign(self, word: str) -> bool:
        """A name or a quotation in another language, such as “salud”, is not a slip in English."""
        others = (each for each in STEMMERS if each != self._language)
        return any(word in read_dictionary(each) for each in others)

    def _is_form_of_a_word(self, word: str) -> bool:
        """The Spanish dictionary leaves out most forms of verbs, too."""
        if self._language != "es":
            return False
        wanted, begins = stem(plain(word), "es"), plain(word)[:2]
        near = {plain(each) for each in self._words if plain(each[:2]) == begins}
        return any(stem(each, "es") == wanted for each in near)

    def _is_meant(self, before: str, after: str) -> bool:
        wrong, is_of_fingers = OSA.distance(before, after), _is_of_fingers(before, after)
        if not is_of_fingers and (before[0] != after[0] or wrong > _most_wrong(before)):
            return False
        said = {*filter(str.isalpha, self._words), *self._near, *guarded_words(), *self._terms}
        found = process.extract(
            before, said - {before, after}, scorer=OSA.distance, score_cutoff=wrong, limit=None
        )
        rivals = [each for each, *_ in found if plain(each) not in {plain(before), plain(after)}]
        if is_of_fingers:
            common = self._words.get(after, 0)
            rivals = [
                each
                for each in rivals
                if _is_of_fingers(before, each) and self._words.get(each, common) * _RARER >= common
            ]
        return not rivals


def _most_wrong(word: str) -> int:
    return next((wrong for length, wrong in _WRONG_LETTERS if len(word) >= length), 0)


def _is_of_fingers(before: str, after: str) -> bool:
    """Whether two neighbors changed places, or a letter is there twice or once too few."""
    if len(before) == len(after):
        places = [
            place for place, pair in enumerate(zip(before, after, strict=True)) if len({*pair}) > 1
        ]
        first, last = places[0], places[-1]
        return last - first == 1 and before[first : last + 1] == after[first : last + 1][::-1]
    once = [re.sub(r"(.)\1", r"\1", word) for word in (before, after)]
    return abs(len(before) - len(after)) == 1 and once[0] == once[1]


def _differ_at_an_end(before: str, after: str) -> bool:
    ends = {
        (_matched(_BEGINNING.match(word)), _matched(_ENDING.search(word)))
        for word in map(plain, (before, after))
    }
    return len(ends) > 1


def _matched(found: re.Match[str] | None) -> str:
    return found[0] if found else ""


def _is_form(before: str, after: str) -> bool:
    """Whether one is the other with an ending, such as a plural that the dictionary lacks."""
    short, long = sorted((before, after), key=len)
    return long.startswith(short) and bool(_FORM.fullmatch(long[len(short) :]))


def _adds_accents(before: str, after: str) -> bool:
    """Whether accents were only missing: none is taken away or moved."""
    return len(before) == len(after) and all(
        one == other or one == unicodedata.normalize("NFD", other)[0]
        for one, other in zip(before, after, strict=True)
    )
