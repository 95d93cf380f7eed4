"""A message as a sequence of words, however it was typed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inquiries.danger.pattern_syntax import PAUSE, SENTENCE_END
from inquiries.danger.short_forms import SHORT_FORMS
from inquiries.danger.spellings import MASKS, SpellingCorrector
from inquiries.search.normalization import normalized_words

_SHORTEST_SPACED = 4
#: A shorter word that is joined, too.
_SPACED = "die"
#: This many dots in a word without spaces do not end sentences: I.want.to.die
_SPELLED_BY_DOTS = 2

# Invisible characters that Unicode counts as letters.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_INVISIBLE = {"Cf", "Mn", "Me", "Cs"}

_LETTER = r"[^\W_]"
#: Found inside a word in place of a letter or an apostrophe: f@int, k*ll, can;t, d.i.e.
_INSIDE = r"['\u2018\u2019\u00b4`\u02bc*@$!#;,.\ufffd_\-]"
_PIECES = re.compile(
    rf"(?P<word>(?:{_LETTER}|[@$](?={_LETTER}))+(?:{_INSIDE}{{1,2}}{_LETTER}+)*)"
    r"|(?P<blank>\n\s*\n)|(?P<trail>\.{2,}|…)|(?P<end>[.!?¿¡])|(?P<pause>[,;:()\[\]/–—-])"
)
_PARTS = re.compile(rf"(?P<word>{_LETTER}+)|[\W_]+")

#: "don t", "i m": the apostrophe became a space.
_BEFORE_T = {
    *("can", "don", "won", "isn", "wasn", "aren", "didn", "doesn", "couldn", "wouldn", "shouldn"),
    *("haven", "hasn", "hadn", "ain", "weren"),
}
_ENDINGS = {"m", "ve", "ll", "re", "s"}
_BEFORE_ENDINGS = {"i", "he", "she", "it", "we", "they", "you", "that", "who"}

#: A 2 between one of these and one of those is "to".
_BEFORE_TO = {
    *("want", "wants", "wanted", "wish", "need", "needs", "try", "tried", "trying", "going"),
    *("like", "ready", "plan", "planning", "about", "have", "hope", "deserve", "longer"),
}
_BEHIND_TO = {
    *("die", "live", "kill", "hurt", "harm", "end", "cut", "hang", "shoot", "jump", "drown", "be"),
    *("murder", "stab", "overdose", "disappear", "sleep", "stop", "wake", "go", "do", "take"),
}


class Token(NamedTuple):
    """A word as patterns know it, with its start and end in the text."""

    text: str
    start: int
    end: int


def strip_invisible(text: str) -> str:
    """Remove all invisible characters, and combine each accent with its letter."""
    if text.isascii():
        return text
    # The replacement repairs an apostrophe that went through a wrong encoding.
    composed = unicodedata.normalize("NFC", text.replace("â€™", "’"))
    return "".join(
        each
        for each in composed
        if each not in _BLANK_LETTERS and unicodedata.category(each) not in _INVISIBLE
    )


def tokenize(text: str, spelling: SpellingCorrector) -> list[Token]:
    """Return the words in order, with a token wherever a sentence ends or pauses."""
    seen: dict[str, list[str]] = {each: [each] for each in (SENTENCE_END, PAUSE)}
    words: list[Token] = []
    for typed in _with_endings(_joined([*_split_typed(text, spelling)], spelling)):
        if typed.text not in seen:
            seen[typed.text] = spelling.correct_word(typed.text)
        words += [Token(each, typed.start, typed.end) for each in seen[typed.text]]
    return _with_numerals(words)


def _with_numerals(words: list[Token]) -> list[Token]:
    """Read a 2 that stands for a word: want 2 die, 2 many pills."""
    around = zip(["", *(each.text for each in words)], words, [*words[1:], None], strict=False)
    return [
        word._replace(text=_numeral(before, after.text)) if word.text == "2" and after else word
        for before, word, after in around
    ]


def _numeral(before: str, after: str) -> str:
    if after in {"many", "much"}:
        return "too"
    return "to" if before in _BEFORE_TO and after in _BEHIND_TO else "2"


def _split_typed(text: str, spelling: SpellingCorrector) -> Iterator[Token]:
    for piece in _PIECES.finditer(text):
        if piece["word"]:
            yield from _parts(piece["word"], piece.start(), spelling)
        elif piece["end"] or piece["blank"]:
            yield Token(SENTENCE_END, *piece.span())
        elif piece["pause"]:
            yield Token(PAUSE, *piece.span())


def _parts(piece: str, start: int, spelling: SpellingCorrector) -> Iterator[Token]:
    """Yield the words in text without spaces: one, unless punctuation separates several."""
    is_word = piece.isalnum()
    whole = piece.lower() if is_word and piece.isascii() else ""
    if not is_word:
        whole = _in_disguise(piece, spelling)
    if whole:
        yield Token(whole, start, start + len(piece))
        return
    may_end = not piece.replace(".", "").replace(",", "").isdigit()
    may_end = may_end and piece.count(".") < _SPELLED_BY_DOTS
    for part in _PARTS.finditer(piece):
        at, until = start + part.start(), start + part.end()
        if part["word"]:
            yield from (Token(each, at, until) for each in normalized_words(part[0]))
        elif may_end and set(part[0]) & set("!;,."):
            yield Token(PAUSE if part[0] in ",;" else SENTENCE_END, at, until)


def _in_disguise(piece: str, spelling: SpellingCorrector) -> str:
    """Return the word behind signs that replace, hide, or separate its letters."""
    if not any(each.isalpha() for each in piece):
        return ""
    word = "".join(normalized_words(piece))
    if len(word) > 1 and word in spelling.words:
        return word
    if set(piece) & set("@$!"):
        return spelling.in_letters(piece)
    return spelling.unmasked(piece) if set(piece) & set(MASKS) else ""


def _joined(typed: list[Token], spelling: SpellingCorrector) -> Iterator[Token]:
    """Join letters with spaces between them into the word they spell: s u i c i d e."""
    place = 0
    while place < len(typed):
        end = place
        while end < len(typed) and len(typed[end].text) == 1 and typed[end].text.isalpha():
            end += 1
        whole = "".join(each.text for each in typed[place:end])
        if whole == _SPACED or (len(whole) >= _SHORTEST_SPACED and spelling.knows(whole)):
            yield Token(whole, typed[place].start, typed[end - 1].end)
        else:
            end = max(end, place + 1)
            yield from typed[place:end]
        place = end


def _with_endings(typed: Iterable[Token]) -> list[Token]:
    joined: list[Token] = []
    for word in typed:
        if joined and _is_ending_of(joined[-1].text, word.text):
            last = joined.pop()
            joined.append(Token(last.text + word.text, last.start, word.end))
        else:
            joined.append(word)
    return joined


def _is_ending_of(word: str, ending: str) -> bool:
    if ending == "t":
        return word in _BEFORE_T
    if ending == "d":
        return word in _BEFORE_ENDINGS and f"{word}d" in SHORT_FORMS
    return ending in _ENDINGS and word in _BEFORE_ENDINGS
