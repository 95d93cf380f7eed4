"""A message as a row of words, however it was typed: misspelled, run together, in disguise."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from inquiries.danger_words.language import PAUSE, SENTENCE_END
from inquiries.danger_words.spellings import REAL_WORDS, SHORT_FORMS, spelled_out
from inquiries.wording import words_of

#: Longer than this, letters without a space are no words that somebody forgot to part.
_LONGEST_RUN = 60
_SHORTEST_RUN = 6
_SHORTEST_MISSPELLED = 5
_SHORTEST_BY_SOUND = 4
_SHORTEST_SPACED = 4

# Letters that show nothing although Unicode counts them as letters.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_INVISIBLE = {"Cf", "Mn", "Me", "Cs"}

_LETTER = r"[^\W_]"
#: What stands inside a word where a letter or an apostrophe should: f@int, k*ll, can;t, d.i.e.
_INSIDE = r"['’‘´`ʼ*@$!#;,.\ufffd_\-]"
_PIECES = re.compile(
    rf"(?P<word>(?:{_LETTER}|[@$](?={_LETTER}))+(?:{_INSIDE}{{1,2}}{_LETTER}+)*)"
    r"|(?P<blank>\n\s*\n)|(?P<trail>\.{2,}|…)|(?P<end>[.!?¿¡])|(?P<pause>[,;:()\[\]/–—-])"
)
_PARTS = re.compile(rf"{_LETTER}+|[^\w\s]+|_+")
_AS_LETTERS = str.maketrans("013457@$!", "oieastasi")
_AS_LETTERS_TOO = str.maketrans("1!", "ll")
_REPEATED = re.compile(r"(.)\1{2,}")
_NUMBER_FIRST = re.compile(r"(\d+)([a-z]+)")
#: "don t", "i m": an apostrophe that became a space.
_ENDINGS = {"t": re.compile(r".*n"), **dict.fromkeys(("m", "ve", "ll", "re", "s"), None)}
_WITH_ENDING = {"i", "he", "she", "it", "we", "they", "you", "that", "who"}


@dataclass(frozen=True)
class Word:
    """A word as patterns know it, and from where to where it stands in the text."""

    text: str
    start: int
    end: int


def without_invisible(text: str) -> str:
    """Without characters that show nothing, wherever they stand; with accents in one piece."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text.replace("â€™", "’"))
    return "".join(
        each
        for each in composed
        if each not in _BLANK_LETTERS and unicodedata.category(each) not in _INVISIBLE
    )


@dataclass
class Reader:
    """Reads texts with an eye on the words that patterns wait for.

    A word that is none of them, and could be one that was misspelled, is read as that one.
    """

    words: set[str]
    stems: set[str]
    # Those that a misspelled word may be.
    meant: set[str]
    _by_letters: dict[str, list[str]] = field(default_factory=dict)
    _by_sound: dict[str, str] = field(default_factory=dict)
    _lengths: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, words: set[str], stems: set[str], around: Iterable[str]) -> "Reader":
        """`words` and `stems` may be misspelled, words `around` them have to be right."""
        short = {each for each in SHORT_FORMS if len(each) > 2}
        made = cls(words | short | {*around}, stems, words | short)
        for each in sorted(made.meant | made.stems):
            for shorter in {each, *_one_letter_less(each)}:
                made._by_letters.setdefault(shorter, []).append(each)
            if len(each) >= _SHORTEST_BY_SOUND and each in made.meant:
                made._by_sound.setdefault(_sound(each), each)
        made._lengths = sorted({len(each) for each in made.stems})
        return made

    def read(self, text: str) -> list[Word]:
        """Its words in order, with a sign where a sentence ends or pauses."""
        seen: dict[str, list[str]] = {}
        read: list[Word] = []
        for typed in _with_endings(self._joined([*self._typed(text)])):
            if typed.text not in seen:
                seen[typed.text] = self._spelled(typed.text)
            read += [Word(each, typed.start, typed.end) for each in seen[typed.text]]
        return read

    def _typed(self, text: str) -> Iterable[Word]:
        for piece in _PIECES.finditer(text):
            if piece["word"]:
                yield from self._parts(piece["word"], piece.start())
            elif piece["end"] or piece["blank"]:
                yield Word(SENTENCE_END, *piece.span())
            elif piece["pause"]:
                yield Word(PAUSE, *piece.span())

    def knows(self, word: str) -> bool:
        return word in self.words or any(word[:length] in self.stems for length in self._lengths)

    def _parts(self, piece: str, start: int) -> Iterable[Word]:
        """The words of letters without a space: one, unless signs between them part words."""
        if piece.isascii() and piece.isalnum():
            yield Word(piece.lower(), start, start + len(piece))
            return
        whole = "" if piece.isalnum() else self._in_disguise(piece)
        if whole:
            yield Word(whole, start, start + len(piece))
            return
        is_number = piece.replace(".", "").replace(",", "").isdigit()
        for part in re.finditer(rf"(?P<word>{_LETTER}+)|[^\W_]|[\W_]+", piece):
            at, until = start + part.start(), start + part.end()
            if part["word"]:
                yield from (Word(each, at, until) for each in words_of(part[0]))
            elif not is_number and set(part[0]) & set("!;,."):
                yield Word(PAUSE if part[0] in ",;" else SENTENCE_END, at, until)

    def _in_disguise(self, piece: str) -> str:
        """What a word is in which signs stand for letters, or none stand where one should."""
        if not any(each.isalpha() for each in piece):
            return ""
        word = "".join(words_of(piece))
        if len(word) > 1 and word in self.words:
            return word
        if set(piece) & set("@$!"):
            for letters in (_AS_LETTERS, _AS_LETTERS_TOO):
                read = "".join(words_of(piece.lower().translate(letters)))
                if self.knows(read):
                    return read
        if set(piece) & set("*#\ufffd"):
            return next((each for each in self._by_letters.get(word, ()) if each != word), "")
        return ""

    def _spelled(self, word: str) -> list[str]:
        """As patterns know it; more than one where they were run together."""
        if word in {SENTENCE_END, PAUSE} or word in REAL_WORDS:
            return [word]
        plain = _REPEATED.sub(r"\1", word)
        for each in (word, plain, _REPEATED.sub(r"\1\1", word)):
            if each in SHORT_FORMS or self.knows(each):
                return spelled_out(each)
        if not word.isalpha():
            return self._with_digits(word)
        corrected = self._corrected(plain)
        if corrected:
            return spelled_out(corrected)
        return [each for part in self._run_together(plain) for each in spelled_out(part)] or [word]

    def _with_digits(self, word: str) -> list[str]:
        for letters in (_AS_LETTERS, _AS_LETTERS_TOO):
            plain = word.translate(letters).translate(_AS_LETTERS)
            if plain.isalpha() and self.knows(plain):
                return [plain]
        parts = _NUMBER_FIRST.fullmatch(word)
        return list(parts.groups()) if parts else [word]

    def _corrected(self, word: str) -> str:
        """The word that this is with one letter wrong, or that sounds the same."""
        if len(word) < _SHORTEST_MISSPELLED:
            return ""
        by_sound = self._by_sound.get(_sound(word))
        if by_sound:
            return by_sound
        beginnings = {word, *(word[: length + more] for length in self._lengths for more in (0, 1))}
        for beginning in sorted(beginnings, key=len, reverse=True):
            if len(beginning) < _SHORTEST_MISSPELLED:
                break
            known = self.meant if beginning == word else self.stems
            for shorter in (beginning, *_one_letter_less(beginning)):
                for candidate in self._by_letters.get(shorter, ()):
                    if (
                        len(candidate) >= _SHORTEST_MISSPELLED
                        and candidate in known
                        and _is_one_slip(beginning, candidate)
                    ):
                        return candidate
        return ""

    def _run_together(self, word: str) -> list[str]:
        """The fewest known words that make it up, or none."""
        if not _SHORTEST_RUN <= len(word) <= _LONGEST_RUN:
            return []
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before, last = best[start], word[start:end]
                if before is None or not (last in self.words and (end - start > 1 or last == "i")):
                    continue
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, last]
        return best[-1] or []

    def _joined(self, typed: list[Word]) -> Iterator[Word]:
        """Without the spaces that came into words: "can t", "i m", "s u i c i d e"."""
        place = 0
        while place < len(typed):
            end = place
            while end < len(typed) and len(typed[end].text) == 1 and typed[end].text.isalpha():
                end += 1
            whole = "".join(each.text for each in typed[place:end])
            if len(whole) >= _SHORTEST_SPACED and self.knows(whole):
                yield Word(whole, typed[place].start, typed[end - 1].end)
                place = end
                continue
            # What is no word in single letters is read on as it stands.
            for word in typed[place : max(end, place + 1)]:
                yield word
            place = max(end, place + 1)


def _with_endings(typed: Iterable[Word]) -> list[Word]:
    joined: list[Word] = []
    for word in typed:
        if joined and _is_ending_of(joined[-1].text, word.text):
            last = joined.pop()
            joined.append(Word(last.text + word.text, last.start, word.end))
        else:
            joined.append(word)
    return joined


def _is_ending_of(word: str, ending: str) -> bool:
    if ending == "t":
        return word.endswith("n") and word in _BEFORE_T
    return ending in _ENDINGS and word in _WITH_ENDING


_BEFORE_T = {
    *("can", "don", "won", "isn", "wasn", "aren", "didn", "doesn", "couldn", "wouldn", "shouldn"),
    *("haven", "hasn", "hadn", "ain", "weren"),
}


def _one_letter_less(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _is_one_slip(typed: str, meant: str) -> bool:
    """One letter missing, too many, wrong, or two that changed places; rarely in the first one."""
    start = 0
    for one, other in zip(typed, meant, strict=False):
        if one != other:
            break
        start += 1
    one, other = typed[start:], meant[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if start == 0 and len(one) == len(other) == 1:
        return False
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


_SOUNDS = (
    *(("ll", "y"), ("qu", "k"), ("ph", "f"), ("ck", "k"), ("h", ""), ("v", "b"), ("z", "s")),
    *(("ce", "se"), ("ci", "si"), ("ge", "je"), ("gi", "ji"), ("c", "k"), ("x", "ks")),
)


def _sound(word: str) -> str:
    """The same for spellings that sound alike, above all in Spanish: vomitar, bomitar."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return "".join(one for one, after in pairwise(f"{word} ") if one != after)
