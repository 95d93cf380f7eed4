"""How an article is printed: as it is, or as a sheet that somebody takes to their doctor."""

from collections.abc import Iterable
from enum import StrEnum

#: Two printed pages hold about this many minutes of reading, with a drawing and the sources.
LONGEST_WHOLE = 6
#: A list of questions with this many groups is the article, not a part of it.
GROUPS_OF_A_CHECKLIST = 2

_QUESTIONS = "part-questions"
_SECTION, _GROUP = 2, 3  # heading levels


class Sheet(StrEnum):
    #: The article itself.
    WHOLE = "whole"
    #: Two pages of a long article about a treatment: key points, evidence, and required parts.
    SHORT = "short"
    #: One page of questions, with lines to write on.
    CHECKLIST = "checklist"


def choose_sheet(
    headings: Iterable[tuple[str, int, str]], *, minutes: int, has_stage: bool
) -> Sheet:
    """Choose by the headings of the body (id, level, title) and by how long it takes to read.

    Only a page with a stage is sure to have all required parts, without which a short sheet would
    be unbalanced.
    """
    if _count_groups_of_questions(headings) >= GROUPS_OF_A_CHECKLIST:
        return Sheet.CHECKLIST
    return Sheet.SHORT if has_stage and minutes > LONGEST_WHOLE else Sheet.WHOLE


def _count_groups_of_questions(headings: Iterable[tuple[str, int, str]]) -> int:
    section, groups = "", 0
    for id_, level, _title in headings:
        if level <= _SECTION:
            section = id_
        elif level == _GROUP and section == _QUESTIONS:
            groups += 1
    return groups
