"""What a study leaves out, in the words that an editor chose for it."""

import re
from enum import StrEnum

#: What a text has somewhere in which any of them is chosen.
MENTION = re.compile(r"not\s+(?:stated|reported|given)", re.IGNORECASE)
_SILENCE = re.compile(
    r"not (?:stated|reported|given)(?: in the (?:summary|abstract|(?P<paper>paper|article)))?\.?",
    re.ASCII | re.IGNORECASE,
)


class NotStated(StrEnum):
    """What an editor looked for and did not find. Nothing is read as this unless it was written.

    Bare “not stated” claims the least: that it is not in the summary.
    """

    SUMMARY = "not stated in the summary"
    PAPER = "not stated in the paper"


def parse_not_stated(words: str) -> NotStated | None:
    """Which of them the words say, if any."""
    found = _SILENCE.fullmatch(words)
    return (NotStated.PAPER if found["paper"] else NotStated.SUMMARY) if found else None
