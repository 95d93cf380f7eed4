"""What staff read before contacting the patient: when, how, warnings, and the next step."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from inquiries.models import ContactMethod

# --- The next step --------------------------------------------------------------------------------

#: For the request's page, where the name may be shown.
ANSWER_BY_NAME = {
    ContactMethod.PHONE: _("Call %(name)s"),
    ContactMethod.TEXT: _("Text %(name)s"),
    ContactMethod.EMAIL: _("Write to %(name)s"),
}
# --- What to mind ---------------------------------------------------------------------------------

NEVER_CONTACT = _("They said when or how not to contact them. Read that first.")
NEVER_CONTACT_URGENT = _(
    "They said when or how not to contact them: “%(said)s” Look for a way that respects this and "
    "doesn’t have to wait. If you’re not sure, ask a lead right away."
)
OUTSIDE_WISHED = _(
    "Our hours do not overlap with the times they gave. This is outside those times, so ask a lead."
)
OUTSIDE_USUAL = _(
    "Our hours do not overlap with the usual hours for calls there. This is early or late for "
    "them, so ask a lead."
)
NO_TIME_ZONE = _("They gave no time zone. This uses the clinic’s. Ask them for theirs.")
OTHER_WAY = _(
    "They asked for: %(method)s. We tried that. Is another way safe for them? If you’re not sure, "
    "ask a lead."
)
OTHER_WAY_URGENT = _("They asked for: %(method)s. Go back to that after you set the urgency.")
INTERPRETER = _("Have an interpreter ready before you start: %(language)s.")
INTERPRETER_URGENT = _("They need an interpreter (%(language)s). Don’t wait long for one.")
ASK_WHICH_LANGUAGE = _("ask them which language")
SHARED_INBOX = _("Other people can read this inbox.")
SHARED_INBOX_CHOSEN = _("Other people can read this inbox. They chose it anyway.")
SHARED_PHONE = _(
    "Other people use this phone. Say nothing until you know who you are speaking with."
)
REMARK = _("They added to the number: “%(remark)s”. Think about who may answer, and when.")
OUR_OWN_NUMBER = _("This is the clinic’s own number. Look for another way.")
VOICEMAIL = _("Voicemail: %(rule)s.")
NO_PHONE = _("There is no phone number that works. They may read a message late, so tell a lead.")
SPEAKS_SPANISH = _("They chose Spanish.")
AT_ONCE = _("This is urgent. Don’t wait for the time of day they asked for.")

# --- The plan -------------------------------------------------------------------------------------

NO_WAY_LEFT = _(
    "None of the ways they gave work. Look for another one, such as in an earlier request of "
    "theirs, and ask a lead."
)
CALENDAR_CLOSED = _("Our calendar has no working hours in the next three weeks. Ask a lead.")
ALWAYS_NIGHT = _(
    "It is night there during all our hours. Ask a lead who can call them, or write to them."
)
HOURS = ngettext_lazy("%(hours)d hour", "%(hours)d hours", "hours")
FIRST_ATTEMPT = _("1 attempt")
FIRST_ATTEMPTS = _("%(number)d attempts, at least %(span)s apart")
LAST_ATTEMPT = _("1 more attempt, at least %(span)s after the last")
MORE_ATTEMPTS = _("%(number)d more attempts, at least %(span)s apart")
#: For parts of the day and for channels: one of the remaining choices, all of them, or some.
ONE_PART = _("an attempt in the sender’s %(choices)s")
ALL_PARTS = _("attempts in the sender’s %(choices)s")
SOME_PARTS = _("attempts in %(number)d parts of the sender’s day: %(choices)s")
ONE_WAY = _("an attempt by %(choices)s")
ALL_WAYS = _("attempts by %(choices)s")
SOME_WAYS = _("attempts by %(number)d of these: %(choices)s")
OR, AND = _("%(first)s or %(last)s"), _("%(first)s and %(last)s")
OR_OF_MANY, AND_OF_MANY = _("%(first)s, or %(last)s"), _("%(first)s, and %(last)s")
TOO_EARLY = _("It is too early to close this as unreachable. Still needed: %(missing)s.")
LEADS_CLOSE = _("The contact policy is met, but only a lead can close this as unreachable.")
LEADS_CLOSE_LATER = _("Only a lead can close this as unreachable. Still needed: %(missing)s.")
