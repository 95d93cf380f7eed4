"""Sentence splitting, by rules that know “et al.”, “U.S.”, “e.g.”, “Dr.”, and 60.5."""

import re
from collections.abc import Iterator

#: Stands for a citation in the words. No text contains it: Markdown removes it (CommonMark 2.3).
CITE = "\x00"

_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?P<cites>(?:\s*\x00)*+)(?=\s|$)",
)
_ABBREVIATION = re.compile(
    r"al|approx|ca|cf|dept|dr|eq|hr|inc|jr|ltd|mr|mrs|ms|mt|prof|resp|sr|st|vs", re.IGNORECASE
)
#: Abbreviations only before a number: “No. 5”, but “Is it safe? No.”
_BEFORE_A_NUMBER = re.compile(r"est|figs?|max|min|nos?|pp?|refs?|sec|tab|vols?", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
#: Words that start a sentence even after “U.S.”.
_STARTER = re.compile(
    r"An?|After|And|At|Because|But|For|He|How|If|In|Its?|Most|No|Nobody|Of|On|One|Others|Our|She"
    r"|So|Some|That|The|Their|There|These|They|This|Those|To|Two|We|What|When|Who|Your?"
)
_WINDOW = 60  # enough characters to see the words on either side


def split_sentences(words: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence, including citations right after its period."""
    start = 0
    for found in _END.finditer(words):
        if words[found.start() : found.start("cites")] == "." and _goes_on(
            words[max(0, found.start() - _WINDOW) : found.start()].split(),
            words[found.end() : found.end() + _WINDOW].split(),
        ):
            continue
        yield start, found.end()
        start = found.end()
    if words[start:].strip():
        yield start, len(words)


def _goes_on(before: list[str], after: list[str]) -> bool:
    """Return whether the period between these words does not end a sentence."""
    if not before or not after:
        return False
    last, following = before[-1].lstrip("([\"'“‘"), after[0]
    if following[0].islower() or _ABBREVIATION.fullmatch(last):
        return True
    if _BEFORE_A_NUMBER.fullmatch(last):
        return following[0].isdigit()
    if len(last) == 1 and last.isupper():  # “J. Smith”, but “vitamin D. The”
        return len(before) == 1 or not before[-2][:1].islower()
    return bool(_DOTTED.fullmatch(last)) and not _STARTER.fullmatch(following.rstrip(","))
