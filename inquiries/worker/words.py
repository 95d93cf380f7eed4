"""What the worker says to staff: the morning digest, mails to staff, and names of problems."""

from django.utils.translation import gettext_lazy as _

# --- The digest -----------------------------------------------------------------------------------

YOURS_OPEN = _("Yours, open")
YOURS_OVERDUE = _("Yours, overdue")
YOURS_DUE_TODAY = _("Yours, due today")
UNCLAIMED = _("Unclaimed")
IN_QUARANTINE = _("In quarantine")
ALL_OVERDUE = _("All overdue")
FORGOTTEN = _("Forgotten")

# --- Mails ----------------------------------------------------------------------------------------

SUBJECT = _("%(what)s (%(reference)s)")
SUBJECT_OF_SEVERAL = _("%(what)s (%(reference)s) and %(more)d more")

# --- Health ---------------------------------------------------------------------------------------

#: Keyed by the code that the health check prints. A failed job uses its own name.
TROUBLES = {
    "clock": _("clock"),
    "restored": _("restored from a backup"),
    "worker": _("worker"),
    "mail is not set": _("email is not set up"),
    "mail": _("email"),
    "notices": _("notices"),
    "calendar": _("calendar"),
    "holidays": _("holidays"),
    "quarantine": _("quarantine"),
    "sources": _("looking up sources"),
}
