"""Why a step was refused and what changed meanwhile, in sentences for staff."""

from django.utils.translation import gettext_lazy as _

from inquiries.states import State

CHANGED_MEANWHILE = _(
    "Nothing was saved, because this request changed after you opened it: %(change)s"
)
NOT_NOW = _("“%(step)s” is not possible now. %(state)s")
NOT_SUSPECT = _("“%(step)s” is not possible. Nothing about this request looks like spam.")

BY_YOU = _("%(what)s by you, in another window")
#: What was done last, and where the request stands.
CHANGE = _("%(what)s. %(state)s")
YOURS = _("You have claimed it.")
CLAIMED_BY = _("%(owner)s has claimed it.")
CLOSED = _("It is closed (%(outcome)s).")
STANDS = {
    State.NEW: _("No one has claimed it."),
    State.QUARANTINED: _("It is in quarantine."),
    State.ERASED: _("It was erased."),
}
