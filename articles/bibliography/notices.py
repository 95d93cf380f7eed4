"""What a title or a note says about its source: that it was retracted, withdrawn, or is in doubt.

Titles about a withdrawal of drugs or a retraction of the eyelid look much like those of notices.
Only wording that cannot mean anything else is sure; a person decides about the rest.
"""

import re
from collections.abc import Iterable

from articles.rendering.library_snapshot import Standing

_THING = r"(?:article|paper|publication|chapter|study|review|manuscript)"
_PAST = r"(?:retracted|withdrawn|removed)"
_GONE = (
    rf"(?:(?:(?:this|the) )?{_THING} (?:(?:has|have)(?: since)? been |was |is )?)?"
    rf"{_PAST}(?: {_THING})?"
)
#: Wording that says more than “withdrawn”, which a title may also say of a drug.
_SURELY_GONE = rf"(?:{_PAST} {_THING}|(?:{_THING} (?:has been |was )?)?retracted)"
_QUOTED = r"[:\s]+[“\"‘'\[]"
#: A mark after a word; “withdrawal-related” has none.
_MARK = r"\s*(?:[:\])–—*.|]|-\s|\s-)"

#: Where a title says so about itself: at the start before a mark, in brackets, or at the end.
_SAYS_GONE = re.compile(
    rf"^[\W_]*{_GONE}{_MARK}"
    rf"|[\[(*]\s*(?:{_SURELY_GONE}|{_GONE}\s*[\])*][\W_]*$)\s*(?:[\])*]|$)"
    rf"|[\[(]\s*{_SURELY_GONE}(?:[.,;:]|,?\s(?:in\s|on\s|see\s)?[\w\s.,]{{0,12}}\d)[^\])]*[\])]"
    rf"|(?:[–—|:]|\s-|\.\s)\s*{_GONE}[\W_]*$",
    re.IGNORECASE,
)
#: Titles of notices that retract another source.
_NOTICE = r"(?:notice|note|statement|announcement)"
_IS_NOTICE = re.compile(
    rf"^[\W_]*(?:retraction{_MARK}|(?:retraction|withdrawal|removal) {_NOTICE}\b"
    rf"|{_NOTICE} (?:of|on) (?:the )?retraction\b|{_NOTICE} of (?:withdrawal|removal)(?:{_MARK}|$)"
    rf"|notice of withdrawal\b|temporary removal:|retraction (?:of|to|for|from){_QUOTED}"
    r"|withdrawal (?:of|to)[:\s]+[“\"‘])"
    rf"|[\[(]\s*(?:retraction(?:\s*[\])]|: | (?:of|to|in):? vol)"
    rf"|(?:retraction|withdrawal|removal) {_NOTICE}\b)"
    rf"|[.–—|:]\s*retraction(?: {_NOTICE})?[\W_]*$",
    re.IGNORECASE,
)
_MAY_BE_NOTICE = re.compile(
    r"^[\W_]*(?:(?:retraction|withdrawal) (?:of|to)\b|retraction (?:for|from|in)\b"
    rf"|(?:retractions|withdrawals?|removals?){_MARK}|(?:retraction|withdrawal|removal)$"
    rf"|retracted {_THING}\b|retracted (?:articles|papers|publications|studies):)"
    r"|[\[(]\s*(?:retract(?:ed|ion)\b|withdrawn(?:[.,;:\])*]| (?:by|at|on|in)\b)"
    r"|(?:withdrawal|removal|removed)\s*[\])][\W_]*$)",
    re.IGNORECASE,
)
_SHOUTS_GONE = re.compile(r"^[\W_]*(?:RETRACTED|WITHDRAWN)\b")

_PARTLY = r"partial(?:ly)? retract(?:ion|ed)"
_IS_DOUBTED = re.compile(
    rf"\bexpression of concern\b|^[\W_]*{_PARTLY}(?:{_MARK}|(?: (?:notice|of|to))?{_QUOTED}|$)"
    rf"|[\[(]\s*{_PARTLY}\b",
    re.IGNORECASE,
)
_MAY_BE_DOUBTED = re.compile(rf"\bexpressions of concern\b|^[\W_]*{_PARTLY}\b", re.IGNORECASE)

_MOST_OF_REMARK = 1_000
#: Further on, a remark may be an abstract.
_MOST_WITH_DOUBT = 200
_REMARK_END = r"(?:[\W_]*$|\s*[.,;:()\[\]|–—\d]|\s(?:in|on|by|at|due|see|because|since|after|as)\b)"
_REMARK = re.compile(
    rf"(?:^|[.;,|(\[\n:]\s*)[\W_]*(?:{_GONE}{_REMARK_END}|retraction {_NOTICE}\b"
    r"|retract(?:ed|ion)(?: and republished)? (?:in|of):|retraction of publication(?! as)\b"
    rf"|retract(?:ed|ion){_REMARK_END})",
    re.IGNORECASE,
)
_REMARK_DOUBTED = re.compile(r"\bexpressions? of concern\b|\bpartial retraction\b", re.IGNORECASE)
_MAY_BE_REMARK = re.compile(rf"\bretract(?:ed|ion)\b|^[\W_]*{_GONE}\b", re.IGNORECASE)
_TOPIC = re.compile(r"retraction of publication as topic", re.IGNORECASE)

#: What databases put among their keywords; others are topics.
_KEYWORD = re.compile(
    r"retracted (?:publication|article)|retraction (?:of publication|notice)"
    r"|expression of concern",
    re.IGNORECASE,
)

#: The last weighs most: a source that may be retracted is not merely disputed.
_WEIGHTS = (
    (Standing.CURRENT, True),
    (Standing.DISPUTED, False),
    (Standing.DISPUTED, True),
    (Standing.RETRACTED, False),
    (Standing.RETRACTED, True),
)


def read_remarks(remarks: Iterable[str]) -> tuple[Standing, bool]:
    """Read what notes beside the title say, such as “Retracted in 2015”, as `read_standing`."""
    return weightiest(map(_read_remark, remarks))


def pick_remarks(keywords: Iterable[str]) -> list[str]:
    """Return the keywords that say something about the source itself."""
    return [each for each in keywords if _KEYWORD.fullmatch(each.strip())]


def weightiest(found: Iterable[tuple[Standing, bool]]) -> tuple[Standing, bool]:
    """Return the gravest status of several, and whether that is beyond doubt."""
    return max(found, key=_WEIGHTS.index, default=_WEIGHTS[0])


def read_standing(title: str) -> tuple[Standing, bool]:
    """Return the status that the title gives its source, and whether that is beyond doubt.

    “Retraction of the eyelid” is a medical finding, and only a person can tell the difference.
    """
    if _IS_DOUBTED.search(title):
        return Standing.DISPUTED, True
    if _SAYS_GONE.search(title) or _IS_NOTICE.search(title):
        return Standing.RETRACTED, True
    if _MAY_BE_DOUBTED.search(title):
        return Standing.DISPUTED, False
    if _MAY_BE_NOTICE.search(title) or _SHOUTS_GONE.search(title):
        return Standing.RETRACTED, False
    return Standing.CURRENT, True


def _read_remark(remark: str) -> tuple[Standing, bool]:
    remark = _TOPIC.sub("", remark[:_MOST_OF_REMARK])
    short = remark[:_MOST_WITH_DOUBT]
    if _REMARK.search(remark):
        return Standing.RETRACTED, True
    if _REMARK_DOUBTED.search(short):
        return Standing.DISPUTED, True
    if _MAY_BE_REMARK.search(short):
        return Standing.RETRACTED, False
    return Standing.CURRENT, True
