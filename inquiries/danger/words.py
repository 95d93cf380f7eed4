"""What is wrong with a pattern, in sentences for whoever edits the list."""

from django.utils.translation import gettext_lazy as _

ONE_PLUS = _("Use + only once.")
NEEDS_A_WORD = _("Write at least one word that has to be there.")
WORDS_AROUND_GAP = _("Write words on both sides of the three dots.")
TOO_MANY_READINGS = _("This can be read in too many ways. Split it into two patterns.")
INSIDE_PARENTHESES = _("Inside parentheses, use only words, stars, and [groups].")
WORD_BEFORE_COMMA = _("Write a word before each comma and parenthesis.")
OPEN_PARENTHESIS = _("A parenthesis is not closed.")
UNKNOWN_GROUP = _("There is no word group called [%(name)s]. You can use: %(known)s.")
OPEN_BRACKET = _("A square bracket is not closed.")
STAR_ALONE = _("Put a star at the end of a word, without a space.")
SHORT_STEM = _("Write at least three letters before the star.")
MISPLACED = _("%(sign)s can’t be used here.")
