"""Messages to editors about text that readers would not get as intended.

The line is shown next to each message, so none of them states it.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# --- The text -------------------------------------------------------------------------------------

CITATION_UNREADABLE = _("This citation can’t be read. Write [@gu-2014], or [@gu-2014; @deng-2017].")
TOO_DEEP = _("This is nested too deeply. Readers won’t see what’s inside it.")
PART_UNKNOWN = _("“::: %(name)s” isn’t a section that we know. Use one of these: %(names)s.")
PART_INSIDE = _(
    "“::: %(name)s” is inside a list, a quotation, or another section. It has to be on its own. "
    "End the section before it with “:::”."
)
PART_NOT_CLOSED = _("“::: %(name)s” has no closing line “:::”.")
PART_TWICE = _("“::: %(name)s” appears twice.")
TOO_MANY_FINDINGS = _("The text has too many findings. The limit is %(most)d.")
NOT_OF_THE_LIBRARY = _(
    "Readers see only pictures from the library. Write ![what it shows](image:name)."
)
DRAWING_UNKNOWN = _("There is no drawing “%(name)s”. These exist: %(names)s.")
DRAWING_IN_TEXT = _("The drawing “%(name)s” has to be a paragraph of its own, in the body.")
DRAWING_TWICE = _("The drawing “%(name)s” appears twice.")

# --- A finding ------------------------------------------------------------------------------------

FINDING_UNREADABLE = _("This finding can’t be read. %(why)s")
NOT_LINES = _("Write a finding in lines of “name: words”.")
LINE_UNKNOWN = _("A finding can’t have a line “%(name)s”.")
LINE_MISSING = _("The line “%(name)s:” is missing.")
LINE_TWICE = _("“%(name)s” appears twice.")
LINE_EMPTY = _("Write something after “%(name)s:”.")
LINE_TOO_LONG = _("“%(name)s:” has %(length)s characters. The limit is %(most)d.")
PEOPLE_ONCE = _(
    "Say how many people there were. Write “people: 81”, or with groups “groups: {cells: 12, "
    "placebo: 6}”, but not both."
)
PEOPLE_NUMBER = _("Write the number of people as a whole number from 1 to %(most)s.")
GROUPS_NOT_LINES = _(
    "Name each group with its number of people: “groups: {cells: 12, placebo: 6}”."
)
GROUPS_COUNT = _("A finding needs at least one group of people. The limit is %(most)d.")
DESIGN_UNKNOWN = _("The design has to be one of these: %(names)s.")
OUTCOMES_NOT_LIST = _(
    "“outcomes:” has to be a list. Start each outcome with “- benefit: …” or “- harm: …”."
)
OUTCOMES_COUNT = _("A finding needs at least one outcome. The limit is %(most)d.")
OUTCOME_LINES = _(
    "An outcome needs two lines: “benefit: …” or “harm: …”, and then “count: 49 of 81”."
)
COUNT_SHAPE = _("Write a count like this: “49 of 81”.")
COUNT_BY_GROUP = _("Give one count for each group: “%(example)s”.")
HARMS_SILENT_ONLY = _(
    "After “harms:”, you can only write “%(summary)s” or “%(paper)s”. If you know of a harm, add "
    "it as an outcome: “- harm: …”."
)
HARMS_BOTH = _("It counts harms, but it also says “harms: %(silence)s”. Keep only one of them.")


def count_impossible(count: int, total: int, people: int) -> str:
    return ngettext(
        "“%(count)s of %(total)s” can’t be right. There was only %(people)s person.",
        "“%(count)s of %(total)s” can’t be right. There were %(people)s people.",
        people,
    ) % {"count": f"{count:,}", "total": f"{total:,}", "people": f"{people:,}"}


# --- Lines of “name: words” -----------------------------------------------------------------------

EMPTY = _("It’s empty.")
TOO_LONG = _("It has %(length)s characters. The limit is %(most)s.")
NOT_NAMES_AND_WORDS = _("It has to be in lines of “name: words”.")
CHARACTER = _("It has a character that can’t be used here.")
HIDES = _("“#” hides what follows it. Put the words in quotation marks.")
HAS_A_MEANING = _("“&” and “*” have a special meaning here. Put the words in quotation marks.")
TOO_MANY_BRACKETS = _("It has too many brackets inside each other.")
COLON_INSIDE = _("Words with a colon and a space in them need quotation marks.")
COLON_MISSING = _("Each line needs a name, a colon, and a space before its words.")
QUOTATION_MARK_MISSING = _("A quotation mark is missing.")
WORDS_AFTER_QUOTATION_MARK = _("Put all the words between the quotation marks.")
BRACKET_MISSING = _("A bracket or a comma is missing.")
TAB = _("Use spaces here, not a tab.")
FIRST_CHARACTER = _("Words that start with “%(character)s” need quotation marks.")
INDENTATION = _("Lines that belong together have to start with the same number of spaces.")
