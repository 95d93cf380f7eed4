"""What a study leaves out, in the words that an editor used for it."""

import re
from enum import StrEnum

#: A text that uses one of these phrases anywhere matches this.
MENTION = re.compile(r"not\s+(?:stated|reported|given)", re.IGNORECASE)
_SILENCE = re.compile(
    r"not (?:stated|reported|given)(?: in the (?:summary|abstract|(?P<paper>paper|article)))?\.?",
    re.ASCII | re.IGNORECASE,
)


class NotStated(StrEnum):
    """What an editor looked for and did not find. Only explicit wording is read as this.

    A bare “not stated” is taken as the weaker claim: that it is not in the summary.
    """

    SUMMARY = "not stated in the summary"
    PAPER = "not stated in the paper"


def parse_not_stated(words: str) -> NotStated | None:
    """Return the one that the words say, if any."""
    found = _SILENCE.fullmatch(words)
    return (NotStated.PAPER if found["paper"] else NotStated.SUMMARY) if found else None
