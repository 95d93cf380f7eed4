"""What editors are told about a look-up, and what the library says of sources looked up."""

from django.utils.translation import gettext_lazy as _

# --- Why nobody could say -------------------------------------------------------------------------

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

# --- What was found -------------------------------------------------------------------------------

LOOK_UP = _("Add a source by number")
FILLED_IN = _("This is what %(service)s says about %(number)s. Check it, then save it.")
SERVICES = {"doi": "Crossref", "pmid": "PubMed", "registry_id": "ClinicalTrials.gov"}
#: Before a number.
NUMBER_NAMES = {"doi": "DOI", "pmid": "PMID", "registry_id": ""}
NOTICED = _("It has a notice: %(notice)s. Read it before you rely on this source.")
#: For the person who decides on a proposal.
PROPOSED_BECAUSE = _("Crossref or PubMed has a notice about this source: %(notices)s. Read it.")

# --- The list of sources --------------------------------------------------------------------------

LOOKUP_FILTER = _("look-up")
LOOKUP_CHOICES = {
    "missing": _("Not found under their number"),
    "corrected": _("Corrected, not read yet"),
}
SOURCES_NOT_FOUND = _("Sources not found")
SOURCES_CORRECTED = _("Sources with a new correction")
READ = _("You’ve read the corrections of [@%(key)s].")
EDITORS_READ = _("Only editors and medical reviewers can do this.")
