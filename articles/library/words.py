"""Why a change to the library is refused, in sentences for editors and reviewers."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.rendering.library_snapshot import Standing

_NAMED_AT_MOST = 5

# --- Who can do it --------------------------------------------------------------------------------

EDITORS_ADD_SOURCES = _("Only editors and medical reviewers can add a source.")
EDITORS_CHANGE_SOURCES = _("Only editors and medical reviewers can change a source.")
EDITORS_SET_STATUS = _("Only editors and medical reviewers can change the status of a source.")
EDITORS_APPROVE = _("Only editors and medical reviewers can approve this.")
EDITORS_DECLINE = _("Only editors and medical reviewers can decline this.")
REVIEWERS_PROPOSE_CATEGORIES = _("Only a medical reviewer can propose changes to categories.")
EDITORS_IMPORT = _("Only an editor can import posts.")
REVIEWERS_PROPOSE_TERMS = _("Only a medical reviewer can propose changes to the glossary.")
REVIEWERS_WITHDRAW = _("Only a medical reviewer can withdraw a picture.")

# --- A second person ------------------------------------------------------------------------------

DECIDED_ALREADY = _("This has already been decided.")
OWN_PROPOSAL = _("You proposed this. Someone else has to approve it.")
NEEDS_REVIEWER = _(
    "Either the person who proposes this or the person who approves it has to be a medical "
    "reviewer."
)
LOOKED_UP = _("A look-up noticed this, so a medical reviewer has to approve it.")
SAY_WHY_DECLINED = _("Give a reason, for the person who proposed this.")

# --- All of the library ---------------------------------------------------------------------------

JUST_PUBLISHED = _("An article that uses this was just published. Try again.")
#: A validation error, after the name of its field.
OF_FIELD = _("%(field)s: %(problem)s")
OF_FIELD_IN_LANGUAGE = _("%(field)s (%(language)s): %(problem)s")

# --- Categories and terms -------------------------------------------------------------------------

CATEGORY_JUST_ADDED = _("Someone just added a category with this name or address.")
#: By the field that has to be unique.
CATEGORY_TAKEN = {
    "name": _("Another category already has the name “%(value)s”."),
    "slug": _("Another category already has the address “%(value)s”."),
}
TERM_TAKEN = _("The glossary already has this, under “%(name)s”.")
NAME_TAKEN_IN_LANGUAGE = _("The name “%(name)s” is already used in %(language)s.")

# --- Pictures -------------------------------------------------------------------------------------

PICTURE_KNOWN = _("This picture is already in the library, as “%(name)s”.")
PICTURE_NAME_TAKEN = _("Another picture already has the name “%(name)s”.")
PICTURE_WITHDRAWN = _("This picture was withdrawn (“%(name)s”). It can’t be added again.")
WITHDRAWN_STAYS = _("This picture was withdrawn. Its record stays, so no one can add it again.")
WITHDRAWN_ALREADY = _("This picture has already been withdrawn.")
PICTURE_IN_USE = _("This picture is used in %(articles)s. Earlier versions count, too.")
CREDIT_READ = _(
    "Readers see this picture in %(articles)s. Only a medical reviewer can change its credit."
)
CREDIT_REVIEWED = _(
    "This picture was sent to a medical reviewer with %(articles)s. Only a medical reviewer can "
    "change its credit."
)
SAY_WHY_WITHDRAWN = _("Give a reason, for your colleagues.")

# --- Sources --------------------------------------------------------------------------------------

NOT_A_SOURCE = _("This can’t be added as a source.")
IN_LIBRARY = _("The library already has this, as [@%(key)s].")
IN_FILE = _("This is already in the file, at line %(line)d.")
OF_SOURCE = _("“%(title)s”: %(problem)s")
SOURCE_IS_READ = _(
    "An article that is live, in review, or approved uses this source. Only a medical reviewer can "
    "change its details."
)
KEY_STAYS = _("Articles cite this source as [@%(key)s], so its key can’t change.")
BY_ITSELF = _("A source can’t dispute or replace itself.")

EDITORS_READ = _("Only editors and medical reviewers can mark a correction as read.")

# --- Sources looked up by number ------------------------------------------------------------------

NO_ANSWER = _("The service didn’t answer. Try again later, or add the source by hand.")
TOO_SLOW = _("The service took too long. Try again later, or add the source by hand.")
REFUSED = _("The service answered with an error (%(status)s). Try again later.")
TOO_LARGE = _("The answer was too large, so it wasn’t read. Add the source by hand.")
NOT_UNDERSTOOD = _("The answer couldn’t be read. Try again later, or add the source by hand.")
LED_AWAY = _("The answer led to another address, so it wasn’t followed. Add the source by hand.")
ANOTHER_NUMBER = _(
    "The answer is about another number, so it wasn’t used. Check the number, or add the source by "
    "hand."
)
NO_DETAILS = _("The answer has no title, so it can’t be used. Add the source by hand.")
OTHER_AGENCY = _(
    "This DOI is registered with %(agency)s, which isn’t asked. Add the source by hand."
)
OTHER_REGISTRY = _(
    "Only numbers of ClinicalTrials.gov (NCT) can be looked up. Add %(number)s by hand."
)
BUSY = _("Someone else is looking up a source. Try again in a few seconds.")
NOT_FOUND = _("Nobody knows %(number)s. Check it for a typing error, or add the source by hand.")
LOOK_UP = _("Add a source by number")
FILLED_IN = _("This is what %(service)s says about %(number)s. Check it, then save it.")
SERVICES = {"doi": "Crossref", "pmid": "PubMed", "registry_id": "ClinicalTrials.gov"}
#: Before a number.
NUMBER_NAMES = {"doi": "DOI", "pmid": "PMID", "registry_id": ""}
NOTICED = _("It has a notice: %(notice)s. Read it before you rely on this source.")
#: For the person who decides on a proposal.
PROPOSED_BECAUSE = _("Crossref or PubMed has a notice about this source: %(notices)s. Read it.")
LOOKUP_FILTER = _("look-up")
LOOKUP_CHOICES = {
    "missing": _("Not found under their number"),
    "corrected": _("Corrected, not read yet"),
}
SOURCES_NOT_FOUND = _("Sources not found")
SOURCES_CORRECTED = _("Sources with a new correction")
READ = _("You’ve read the corrections of [@%(key)s].")


def name_articles(articles: Sequence[Article]) -> str:
    """List the titles of the first few, and how many more there are."""
    titles = ", ".join(f"“{article}”" for article in articles[:_NAMED_AT_MOST])
    more = len(articles) - _NAMED_AT_MOST
    if more <= 0:
        return titles
    said = ngettext(
        "%(titles)s, and %(count)d more article", "%(titles)s, and %(count)d more articles", more
    )
    return said % {"titles": titles, "count": more}


def describe_standing(key: str, standing: Standing, reason: str) -> str:
    """Describe the new standing of a cited source, for the history of an article."""
    said = {"key": key, "status": standing.label.lower(), "reason": reason}
    if reason:
        return gettext("[@%(key)s] is now marked as %(status)s: %(reason)s") % said
    return gettext("[@%(key)s] is now marked as %(status)s.") % said
