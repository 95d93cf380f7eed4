"""Sentences for why a step on an article is refused, and for its history."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

# --- Refusals -------------------------------------------------------------------------------------

CHANGED_SINCE = _(
    "Someone changed this %(what)s after you opened it, so nothing was saved. Open it again in a "
    "new tab, compare, and save again."
)
NOT_FROM_HERE = _("You can’t do “%(step)s” with an article in this state: %(state)s.")
EDITORS_OR_REVIEWERS = _("Only an editor or a medical reviewer can do this.")
EDITORS_WRITE = _("Only an editor can write articles.")
TOO_LONG_TO_KEEP = _("The fields around the text are too long.")
NOT_LIVE = _("This article isn’t live.")
HAS_DRAFT = _("There is a newer draft. Review the draft, or restore the live version.")

ADDRESS_TAKEN = _("Another article already has the address “%(slug)s”.")
ADDRESS_RESERVED = _("The site itself uses the address “%(slug)s”. Choose another one.")
ADDRESS_MALFORMED = _("The address “%(slug)s” can have only letters, numbers, and hyphens.")
ADDRESS_REDIRECTS = _("The address “%(slug)s” redirects to another article that used it before.")
NO_SUCH_REVISION = _("This article has no revision %(number)d.")
ALREADY_LATEST = _("This is already the latest version.")
CHANGED_SINCE_PROPOSED = _("This changed after the proposal was made. It needs a new proposal.")
NEEDS_CATEGORY = _("A live article needs at least one category.")
PROPOSED_JUST_NOW = _("Someone else just proposed a change to this. Try again.")

EDITORS_SUBMIT = _("Only an editor can submit an article for review.")
REVIEWERS_SEND_BACK = _("Only a medical reviewer can send an article back.")
REVIEWERS_APPROVE = _("Only a medical reviewer can approve an article.")
SAY_WHAT_TO_CHANGE = _("Say what has to change.")
CANNOT_REVIEW = _("%(reviewer)s can’t review this. Choose someone else, or anyone who may.")
OWN_WORK = _("You wrote part of this. Someone else has to review it.")
NOT_CONFIRMED = _("You haven’t confirmed this: %(title)s")
DECLARE_INTERESTS = _(
    "You haven’t declared your conflicts of interest. If you have none, write “None”."
)
NO_SUCH_CARD = _("This article has no evidence card %(number)d.")
RATED_WITHOUT_REASON = _(
    "Evidence card %(number)d: say why its certainty isn’t high. Choose at least one reason."
)
HIGH_WITH_REASONS = _(
    "Evidence card %(number)d: a high certainty has no reasons against it. Choose a lower one, or "
    "no reasons."
)
NO_AUTHOR = _("It has no author. An editor has to read it and save it first.")
AUTHOR_UNDECLARED = _("%(author)s hasn’t declared their conflicts of interest.")
NO_CATEGORY = _("It has no category.")
NOT_APPROVED = _("This version hasn’t been approved.")

# --- Why a reviewer has to confirm everything again -----------------------------------------------

NOT_ONLY_TEXT = _(
    "The title, the stage, the condition, the allowed wording, or the correction for readers has "
    "changed."
)
BUILT_DIFFERENTLY = _(
    "Something was added, taken out, or moved, such as a paragraph, a heading, a box, a table, or "
    "a finding."
)
MAY_SAY_MORE = _("“%(before)s” became “%(after)s”, which may change what the text says.")
WORDS_ADDED = _("“%(after)s” was added, which may change what the text says.")
WORDS_LEFT_OUT = _("“%(before)s” was left out, which may change what the text says.")
TOO_MANY_CHANGES = _("There are more than %(most)d small changes.")
REVIEW_OVERDUE = _("The live version is overdue for review.")
REVIEWER_WROTE = _("The reviewer of the live version has written part of this one.")
CARRIED_OVER = _("Statements carried over from the approval of revision %(number)d: %(count)d.")

# --- More refusals --------------------------------------------------------------------------------

LINK_DAYS = _("A preview link can be valid for 1 to %(most)d days.")
PAST_TIME = _("That time has passed. %(instead)s")
PUBLISH_NOW_INSTEAD = _("To publish it now, choose “Publish now”.")
RETIRE_NOW_INSTEAD = _("To retire it now, choose “Retire”.")
TOO_FAR_AHEAD = _("Choose a time within the next %(years)d years.")
SAY_WHY = _("Give a reason, in a sentence for readers.")
INSTEAD_NOT_LIVE = _("What to read instead has to be a different article that is live.")
LIVE_AGAIN = _("This article is live again, so it doesn’t need a reason.")

# --- Comments on a passage ------------------------------------------------------------------------

REOPEN_FIRST = _("This comment is resolved. Reopen it first.")
RESOLVED_ALREADY = _("This comment is already resolved.")
NOT_YOURS_TO_ERASE = _("Only whoever wrote a comment, or a medical reviewer, can delete its words.")
ERASED_ALREADY = _("The words of this comment are already deleted.")
OPEN_ALREADY = _("This comment is already open.")
NOT_YOURS_TO_SETTLE = _(
    "Only an author of the article, whoever made the comment, or a medical reviewer can do this."
)


def open_comments(count: int) -> str:
    return ngettext(
        "%(count)d comment is open. Resolve it first.",
        "%(count)d comments are open. Resolve them first.",
        count,
    ) % {"count": count}


# --- History --------------------------------------------------------------------------------------


def until(at: datetime) -> str:
    return gettext("Until %(at)s") % {"at": moment(at)}


def moment(at: datetime) -> str:
    """Return a date and time in the clinic's time zone."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def from_revision(number: int) -> str:
    return gettext("From revision %(number)d") % {"number": number}


# --- Translations ---------------------------------------------------------------------------------

EDITORS_TRANSLATE = _("Only an editor can start a translation.")
EDITORS_CONFIRM = _("Only an editor can confirm that a translation is up to date.")
TRANSLATE_THE_ORIGINAL = _("This is a translation. Translate the original instead.")
PUBLISH_FIRST = _("This article isn’t live. Publish it first.")
PUBLISH_ORIGINAL_FIRST = _("The original isn’t live. Publish it first.")
LANGUAGE_TAKEN = _("It already exists in this language, or this site doesn’t have that language.")
TRANSLATED_REVISION = _("Revision %(number)d")
NO_LIVE_ORIGINAL = _("The original of this article isn’t live.")
NOT_A_TRANSLATION = _(
    "Our checks of wording read English only: an article in another language can be published as "
    "the translation of an English one."
)
STAGE_DIFFERS = _("Its stage of the evidence is not that of the original.")
NUMBERS_MISSING = _("Numbers of the original are not in it: %(numbers)s.")
NUMBERS_ADDED = _("Numbers are in it that are not in the original: %(numbers)s.")
