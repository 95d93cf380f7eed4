"""What a title says about its own source: that it was retracted, withdrawn, or is in doubt."""

import re

from articles.rendering.library_snapshot import Standing

_THING = r"(?:article|paper|publication|chapter|study|review|manuscript)s?"
_GONE = rf"(?:(?:this )?{_THING} (?:has been |was )?)?(?:retracted|withdrawn|removed)(?: {_THING})?"
#: Where a title says so about itself: at the start before a mark, in brackets, or at the end.
_SAYS_GONE = re.compile(
    rf"^[\W_]*{_GONE}\s*[:\])\-–—*.|]|[\[(*]\s*{_GONE}\s*[\])*]|[–—|:-]\s*{_GONE}[\W_]*$",
    re.IGNORECASE,
)
#: Titles of notices that retract another source.
_IS_NOTICE = re.compile(
    r"^[\W_]*(?:(?:retraction|withdrawal)(?: notice| note| statement)?s?\s*[:\])\-–—]"
    r"|(?:retraction|withdrawal) (?:notice|note|statement)\b"
    r"|notice of (?:retraction|withdrawal)\b|(?:temporary )?removal(?: notice)?:"
    r"|(?:retraction|withdrawal) (?:of|to)[:\s]+[“\"‘'\[(])",
    re.IGNORECASE,
)
_MAY_BE_NOTICE = re.compile(r"^[\W_]*(?:retraction|withdrawal) (?:of|to)\b", re.IGNORECASE)
_IS_DOUBTED = re.compile(r"\bexpressions? of concern\b|^[\W_]*partial retraction\b", re.IGNORECASE)


_REMARK = re.compile(rf"^[\W_]*{_GONE}\b", re.IGNORECASE)


def read_remark(note: str) -> Standing:
    """Read what a note beside the title says, such as “Retracted in 2015”."""
    if _IS_DOUBTED.search(note):
        return Standing.DISPUTED
    return Standing.RETRACTED if _REMARK.search(note) else Standing.CURRENT


def read_standing(title: str) -> tuple[Standing, bool]:
    """Return the status that the title gives its source, and whether that is beyond doubt.

    “Retraction of the eyelid” is a medical finding, and only a person can tell the difference.
    """
    if _IS_DOUBTED.search(title):
        return Standing.DISPUTED, True
    if _SAYS_GONE.search(title) or _IS_NOTICE.search(title):
        return Standing.RETRACTED, True
    if _MAY_BE_NOTICE.search(title):
        return Standing.RETRACTED, False
    return Standing.CURRENT, True
