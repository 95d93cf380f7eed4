"""How hard English is to read: syllables, words, sentences, and the Flesch-Kincaid grade.

J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom: Derivation of new readability formulas
for Navy enlisted personnel (1975). The formula is unmodified: long medical words count in full.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from articles.rendering import sentences

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


def split_words(text: str) -> list[str]:
    """Return words as readers count them: “follow-up”, “don't”, and “60.5” are one each."""
    return _WORD.findall(text)


def split_sentences(text: str) -> list[str]:
    found = (text[start:end].strip() for start, end in sentences.split_sentences(text))
    return [sentence for sentence in found if split_words(sentence)]


def grade(text: str) -> float:
    """Return the US school grade needed to read it (Flesch-Kincaid); 0 for a text without words."""
    return grade_of(split_sentences(text))


def words_a_sentence(text: str) -> float:
    """Return the average length of its sentences; 0 for a text without words."""
    found = split_sentences(text)
    return len(split_words(text)) / len(found) if found else 0.0


def grade_of(found: Sequence[str]) -> float:
    """Return what `grade` does, for sentences that are already split."""
    words = [word for sentence in found for word in split_words(sentence)]
    if not words:
        return 0.0
    spoken = sum(syllables(word) for word in words)
    return max(0.0, 0.39 * len(words) / len(found) + 11.8 * spoken / len(words) - 15.59)


# --- Syllables ------------------------------------------------------------------------------------

_GROUP = re.compile(r"[aeiouy]+")

#: Words whose spelling does not tell. A plural “s” or the like is removed before the lookup.
_SPOKEN = {
    **dict.fromkeys(("ache", "aren't", "friend", "weren't", "clothe", "eye", "tier", "pier"), 1),
    **dict.fromkeys(
        (
            "acne", "being", "cement", "cruel", "doesn't", "every", "fluent", "fluid", "fuel",
            "headache", "hundred", "isn't", "lion", "lifetime", "naked", "people", "poem", "rely",
            "ruin", "safety", "someone", "soldier", "wasn't", "wicked", "didn't", "hasn't",
            "couldn't", "wouldn't", "shouldn't", "hadn't", "haven't", "needn't", "marriage",
            "bluish", "conscience", "sacred", "something", "sometime", "therefore", "somewhat",
        ),
        2,
    ),
    **dict.fromkeys(
        (
            "area", "complement", "element", "everyone", "everything", "ideal", "implement",
            "linear", "nuclear", "recipe", "somebody", "supplement", "vacuum",
        ),
        3,
    ),
    "everybody": 4,
    "influenza": 4,
}  # fmt: skip

#: Two syllables that are written together as one group of vowels.
_TWO_IN_ONE = re.compile(
    r"(?<![cst])ia(?!ge)|(?<=[cst])ia(?=t)"  # tri-al, asso-ci-ate; not so-cial
    r"|(?<![cstgxnlh])io(?=n)|(?<![ctgx])io(?!n)|iu"  # champi-on, peri-od; not na-tion
    r"|(?<!g)eo(?!n\b)|(?<![ctgn])ien|(?<=sc)ien|iet|ier$|iest$"  # the-ory, cli-ent, di-et, easi-er
    r"|(?<![qg])u[ao]|(?<!q)uity|ao|eic"
    r"|[aeiouy]ing|creat|react|[a-z]{2}ea$|^coo[rp]"
    r"|[aeou]y(?:o|a(?!\b)|er|ee)"  # be-yond, play-er
    r"|ism(?=s?$)|thm(?=s?$)"
)
#: A silent “e” inside a word: safe-ly, hope-ful, state-ment, some-times.
_SILENT_INSIDE = re.compile(r"[^aeiouy]e(?:ly|ful|fully|less|ness|ment|ments)$|^some(?=[a-z])")
#: Silent “-ed” and “-es”: “helped”, “takes”; but not “treated”, “doses”, “tables”.
_SILENT_ENDING = re.compile(
    r"(?:[^aeiouytdl]|[^aeiouy][aeiouy]{1,2}l|ll|rl)ed$|[^aeiouysxzcglh]es$|[aeiouy]les$|[tpg]hes$"
)
_SILENT_E = re.compile(r"(?:[^aeiouylr]|[aeiouy]l|[aeiouy]r|rl|ll|rr)e$")
_LONGEST_ACRONYM = 5
#: Words whose count is remembered: texts use the same few thousand again and again.
_REMEMBERED = 4096


@lru_cache(maxsize=_REMEMBERED)
def syllables(word: str) -> int:
    """Count a word's syllables, by spelling rules and a short list of exceptions; at least one.

    A number counts as one, an acronym as its letters.
    """
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part) or 1
    if word.isupper() and word.isalpha() and 1 < len(word) <= _LONGEST_ACRONYM:
        return len(word) + 2 * word.count("W")
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    plain = plain.removesuffix("'s")
    known = _SPOKEN.get(plain) or _SPOKEN.get(plain.removesuffix("s"))
    if known:
        return known
    letters = re.sub(r"[^a-z]", "", plain)
    count = len(_GROUP.findall(letters[1:] if letters[:1] == "y" else letters))
    count += len(_TWO_IN_ONE.findall(letters))
    count -= len(_SILENT_INSIDE.findall(letters))
    count -= bool(_SILENT_ENDING.search(letters) or _SILENT_E.search(letters))
    return max(1, count)
