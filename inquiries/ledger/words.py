"""Why a step was refused, and what changed in the meantime, in sentences for staff."""

from django.utils.translation import gettext_lazy as _

from inquiries.states import State

CHANGED_MEANWHILE = _(
    "Nothing was saved, because this request changed after you opened it: %(change)s"
)
NOT_NOW = _("“%(step)s” is not possible now. %(state)s")
NOT_SUSPECT = _("“%(step)s” is not possible. Nothing about this request looks like spam.")

BY_YOU = _("%(what)s by you, in another window")
#: What was done last, and the request's current state.
CHANGE = _("%(what)s. %(state)s")
YOURS = _("You have claimed it.")
CLAIMED_BY = _("%(owner)s has it.")
CLOSED = _("It is closed (%(outcome)s).")
STANDS = {
    State.NEW: _("No one has claimed it."),
    State.QUARANTINED: _("It is in quarantine."),
    State.ERASED: _("It was erased."),
}

# --- What is wrong, for whoever looks into it -----------------------------------------------------

OF_REQUEST = _("%(reference)s: %(fault)s")
UNREADABLE = _("it can’t be read.")
AUDIT_CHANGED = _("The audit trail was changed at entry %(number)s.")
AUDIT_TRIMMED_EARLY = _("The audit trail was deleted up to entry %(number)d before its end.")
AUDIT_MISCOUNTED = _("The audit trail has a count of %(counted)d entries, and %(there)d are here.")
VANISHED = _("%(reference)s: accepted on %(at)s UTC, and gone.")
NOT_ALL_ERASED = _(
    "was erased, but its key, search entries, private links, or emails are still here."
)
CHANGED_BEFORE = _("was changed without an event before event %(number)d.")
ROW_CHANGED = _("its row is not what its last event says.")
NO_RECEIPT = _("has no receipt.")
RECEIPT_CHANGED = _("its receipt was changed.")
EVENT_MISSING = _("event %(number)d is missing.")
EVENT_CHANGED = _("event %(number)d was changed.")
EVENTS_MISCOUNTED = _("has a count of %(counted)d events, and %(there)d are here.")
KEY_GONE = _("its key is gone, and no one erased it.")
KEY_BROKEN = _("its key does not open.")
WORDS_NOT_ERASED = _("was erased, but its words are still here.")
WORDS_GONE = _("words are gone, and no one erased them.")
CASES_NOT_ERASED = _("was erased, but its tasks or referrals are still here.")
CASES_CHANGED = _("its tasks or referrals are not what its events say.")
WORDS_OF_ANOTHER = _("the words of event %(number)d (%(name)s) are not of that event.")
WORDS_CHANGED = _("the words of event %(number)d (%(name)s) were changed.")
DEADLINE_GONE = _("a deadline is gone.")
DEADLINE_ADDED = _("there is a deadline that no event started.")
DEADLINE_CHANGED = _("a deadline was changed (%(name)s).")
DEADLINE_TELLING_CHANGED = _(
    "who was told about a deadline, or who is next, was changed (%(name)s)."
)
SEARCH_CHANGED = _("its search entries are not those of what was sent.")
LINK_ADDED = _("there is a private link that no event created.")
LINK_REVIVED = _("a private link that was turned off works again.")
MAIL_CHANGED = _("where an email goes was changed (%(kind)s).")
CHANGED = _("was changed without an event.")
STATE_CHANGED = _("its events do not lead to “%(state)s”.")
OWNER_CHANGED = _("its owner or its outcome is not what its events say.")
URGENCY_CHANGED = _("its urgency is not what its events say.")
