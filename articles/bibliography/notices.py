"""What a title itself says of a source: that it was retracted, withdrawn, or is doubted."""

import re

from articles.rendering.library_snapshot import Standing

_THING = r"(?:article|paper|publication|chapter|study|review|manuscript)s?"
_GONE = rf"(?:(?:this )?{_THING} (?:has been |was )?)?(?:retracted|withdrawn|removed)(?: {_THING})?"
#: Where a title says it of itself: at its start with a mark behind, or in brackets.
_SAYS_GONE = re.compile(
    rf"^[\W_]*{_GONE}\s*[:\])\-–—*.|]|[\[(*]\s*{_GONE}\s*[\])*]|[–—|:-]\s*{_GONE}[\W_]*$",
    re.IGNORECASE,
)
#: The notice that takes another one back.
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
    """What a note beside the title says: “Retracted in 2015”."""
    if _IS_DOUBTED.search(note):
        return Standing.DISPUTED
    return Standing.RETRACTED if _REMARK.search(note) else Standing.CURRENT


def read_standing(title: str) -> tuple[Standing, bool]:
    """What the title says has become of the source, and whether that is beyond doubt.

    “Retraction of the eyelid” is a finding of the body, and only a person can tell.
    """
    if _IS_DOUBTED.search(title):
        return Standing.DISPUTED, True
    if _SAYS_GONE.search(title) or _IS_NOTICE.search(title):
        return Standing.RETRACTED, True
    if _MAY_BE_NOTICE.search(title):
        return Standing.RETRACTED, False
    return Standing.CURRENT, True
